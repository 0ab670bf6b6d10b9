"""An event loop in hand: it runs in a thread, does one thing at a time, and its time is ours."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio
import trio.testing
from anyio.from_thread import BlockingPortal, start_blocking_portal
from anyio.lowlevel import checkpoint

T = TypeVar("T")


class StillLoop(asyncio.SelectorEventLoop):
    """An event loop of asyncio whose time passes only when it is told to."""

    reading = 0.0

    def time(self) -> float:
        return self.reading


@dataclass(frozen=True)
class AnyioClock:
    """The loop's own time as the engine's clock."""

    def now(self) -> float:
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Does things inside the loop and waits until nothing more can happen without time."""

    portal: BlockingPortal
    jump: Callable[[float], None]
    turns: int = 40

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.do(lambda: self.jump(seconds))

    def do(self, act: Callable[[], T]) -> T:
        """Call it in the loop, then let everybody do what they can."""

        async def acted() -> T:
            found = act()
            for _ in range(self.turns):
                await checkpoint()
            return found

        return self.portal.call(acted)

    def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """Await it in the loop."""
        return self.portal.call(work)


@contextmanager
def hands(backend: str) -> Iterator[Hands]:
    """A loop of this kind, for as long as it is needed."""
    clock = trio.testing.MockClock(rate=0.0)
    options: dict[str, Any] = {"clock": clock} if backend == "trio" else {"loop_factory": StillLoop}

    def jump(seconds: float) -> None:
        if backend == "trio":
            clock.jump(seconds)
        else:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, StillLoop)
            loop.reading += seconds

    with start_blocking_portal(backend, backend_options=options) as portal:
        yield Hands(portal=portal, jump=jump)
