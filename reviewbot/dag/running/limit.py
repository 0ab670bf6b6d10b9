"""Time limits of one unit: a piece of its work is cut off when its own time or the run is over."""

import inspect
import math
from collections.abc import Awaitable, Callable
from typing import Any

from anyio import to_thread

from reviewbot.dag.running.error import AttemptTimeoutError
from reviewbot.dag.running.unit import Surroundings, Unit


async def within(
    work: Awaitable[Any],
    unit: Unit,
    around: Surroundings,
    timeout: float | None,  # noqa: ASYNC109 - data of the policy
    end: float,
) -> Any:  # noqa: ANN401 - the node's own value
    """What `work` gives, unless `timeout` seconds pass, or the moment `end`, or the run ends.

    What it gives or raises after it was cancelled counts for nothing.

    Raises:
        AttemptTimeoutError: the time was up.
        RunEndedError: the run ended.
    """
    mine = math.inf if timeout is None else around.time() + timeout
    limit = min(end, mine)
    leash = unit.leash
    scope = leash.scope or leash.entered()
    cause: Exception | None = None
    if limit < math.inf:
        around.alarm.set(scope, limit)
    if around.interruptible:
        around.scopes[unit] = scope
    try:
        value = await work
        if not scope.cancel_called:
            return value
        leash.left(None)
    except BaseException as error:
        if not scope.cancel_called:
            raise
        if not leash.left(error):
            if not isinstance(error, Exception):
                raise
            cause = error
    finally:
        around.alarm.unset(scope)
        if around.interruptible:
            del around.scopes[unit]
    raise unit.ended() or _timed_out(unit, timeout if mine <= end else None) from cause


def _timed_out(unit: Unit, timeout: float | None) -> AttemptTimeoutError:
    if timeout is not None:
        return AttemptTimeoutError(f"timeout {timeout:g} s")
    return AttemptTimeoutError(f"total {unit.node.policy.total or 0:g} s")


async def in_thread(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - the node's own value
    """What a plain function gives, called in a worker thread.

    A thread cannot be interrupted: when time is up, this still waits until the function returns.
    """
    # In a tuple, because trio refuses a thread's answer that is a coroutine; here it is awaited.
    (value,) = await to_thread.run_sync(lambda: (work(),))
    return await value if inspect.isawaitable(value) else value
