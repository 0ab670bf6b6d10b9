"""What can go wrong inside one call, and how it is made to happen."""

import asyncio
import math
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, NoReturn

import anyio
from anyio import to_thread
from anyio.lowlevel import checkpoint


class Fault(StrEnum):
    """One way for a call to fail.

    CANCEL is a call that is cancelled though nobody outside asked for it; SWALLOW one that goes on
    for a while after it was cancelled; LATE one that is cancelled and answers all the same. BLOCK
    sits in a thread, where nothing can interrupt it; STALL does so in the event loop itself. CUT
    loses the second half of an answer that is a text, bytes, a tuple or a list.
    """

    RAISE = "raises"
    LOSE_CONNECTION = "loses its connection"
    TIME_OUT = "says it timed out"
    OUT_OF_MEMORY = "runs out of memory"
    RECURSE = "recurses too deep"
    EXIT = "exits"
    CANCEL = "is cancelled from inside"
    HANG = "hangs"
    SWALLOW = "swallows its cancellation"
    LATE = "answers after its cancellation"
    BLOCK = "blocks a thread"
    STALL = "blocks the event loop"
    WRONG_TYPE = "answers with something else"
    NOTHING = "answers with nothing"
    NAN = "answers with a number that is none"
    FLOOD = "answers with far too much"
    CUT = "answers with the first half"


class InjectedError(Exception):
    """Indicates a fault that was injected, of a type that no policy knows."""


class Garbage:
    """An answer that is an instance of nothing anybody promised."""


_FLOOD = 4 << 20
"""Bytes of an answer that is far too much."""


def _raise(error: BaseException) -> NoReturn:
    raise error


RAISED: Mapping[Fault, Callable[[], Any]] = {
    Fault.RAISE: lambda: _raise(InjectedError("injected")),
    Fault.LOSE_CONNECTION: lambda: _raise(ConnectionResetError("injected")),
    Fault.TIME_OUT: lambda: _raise(TimeoutError("injected")),
    Fault.OUT_OF_MEMORY: lambda: _raise(MemoryError("injected")),
    Fault.RECURSE: lambda: _raise(RecursionError("injected")),
    Fault.EXIT: lambda: sys.exit("injected"),
    Fault.WRONG_TYPE: Garbage,
    Fault.NOTHING: lambda: None,
    Fault.NAN: lambda: math.nan,
    Fault.FLOOD: lambda: b"\0" * _FLOOD,
}
"""The faults that need no event loop."""


def befall_thread(fault: Fault, seconds: float, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - garbage is of any type
    """Let a plain function have this fault; what needs an event loop blocks for `seconds` instead.

    `work` is what it would have done; one that answers late, or the half of it, still does it.
    """
    if fault is Fault.CUT:
        return half(work())
    if fault in RAISED:
        return RAISED[fault]()
    time.sleep(seconds)
    if fault is Fault.LATE:
        return work()
    raise InjectedError(fault)


async def befall(fault: Fault, seconds: float, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - garbage is of any type
    """Let a coroutine have this fault; what lasts beyond a cancellation lasts `seconds`.

    `work` is what it would have done; only one that answers late still does it.
    """
    match fault:
        case Fault.HANG:
            await anyio.sleep_forever()
        case Fault.CANCEL:
            await _cancelled_from_inside()
        case Fault.SWALLOW:
            await _deaf(seconds)
        case Fault.LATE:
            await _deaf(seconds)
            with anyio.CancelScope(shield=True):
                return await work()
        case Fault.BLOCK:
            await to_thread.run_sync(time.sleep, seconds)
        case Fault.STALL:
            time.sleep(seconds)  # noqa: ASYNC251 - blocking the loop is the fault
        case Fault.CUT:
            return half(await work())
        case _:
            await checkpoint()
            return RAISED[fault]()
    raise InjectedError(fault)


def half(answer: Any) -> Any:  # noqa: ANN401 - any answer
    """Its first half; of what cannot be halved, garbage."""
    whole = isinstance(answer, str | bytes | tuple | list)
    return answer[: len(answer) // 2] if whole else Garbage()


async def _cancelled_from_inside() -> None:
    """What asyncio allows and trio has no way to say: the task cancels itself."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop of asyncio
        task = None
    if task is not None:
        task.cancel()
    await checkpoint()


async def _deaf(seconds: float) -> None:
    """Wait to be cancelled, and then go on for a while as if nothing had been said."""
    cancelled = anyio.get_cancelled_exc_class()
    try:
        await anyio.sleep_forever()
    except cancelled:
        with anyio.CancelScope(shield=True):
            await anyio.sleep(seconds)
