"""Ctrl-C and a cancelled workflow: the first asks for what exists, the second ends at once."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup

from reviewbot.errors import ReviewbotError


@asynccontextmanager
async def stop_on_signals() -> AsyncIterator[anyio.Event]:
    """An event that the first SIGINT or SIGTERM sets; the second cancels the body.

    Raises:
        KeyboardInterrupt: the second signal came.
        ReviewbotError, OSError: the body's own, not wrapped in a group.
    """
    if getattr(signal.getsignal(signal.SIGINT), "came", False):
        raise KeyboardInterrupt  # it came before we listened, where Python drops exceptions
    stop, again = anyio.Event(), anyio.Event()
    refused: ReviewbotError | OSError | None = None
    async with anyio.create_task_group() as group:
        await group.start(_watch, group, stop, again)
        try:
            yield stop
        except (ReviewbotError, OSError) as error:
            refused = error
        group.cancel_scope.cancel()
    # The event loop has put the default back, which would end us without a word.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if refused is not None:
        raise refused
    if again.is_set():
        raise KeyboardInterrupt


async def _watch(
    group: TaskGroup,
    stop: anyio.Event,
    again: anyio.Event,
    *,
    task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        task_status.started()
        async for _ in signals:
            if stop.is_set():
                again.set()
                group.cancel_scope.cancel()
            stop.set()
