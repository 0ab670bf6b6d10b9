"""A blocking call in a thread of its own, which may be left behind."""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Generic, TypeVar

from anyio import Event, RunFinishedError
from anyio.from_thread import run_sync
from anyio.lowlevel import EventLoopToken, current_token

T = TypeVar("T")


class Errand(Generic[T]):
    """A call that runs from the moment this is made.

    The threads of the event loop are no daemons: one that is left behind in a call would hold up
    the end of the process until GitHub lets it go.

    Attributes:
        result: what the call returned; None until then, and when it raised.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self.result: T | None = None
        self._work = work
        self._ended = Event()
        Thread(target=self._run, args=(current_token(),), daemon=True).start()

    @property
    def has_ended(self) -> bool:
        """Whether the thread is done with the call."""
        return self._ended.is_set()

    async def ended(self) -> None:
        """Wait for its end."""
        await self._ended.wait()

    def _run(self, token: EventLoopToken) -> None:
        try:
            self.result = self._work()
        finally:
            with suppress(RunFinishedError, RuntimeError):  # nobody waits any more
                run_sync(self._ended.set, token=token)
