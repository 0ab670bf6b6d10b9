"""Both backends for every async test, and time that passes only when everybody waits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
import trio.testing


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass(frozen=True)
class AnyioClock:
    """anyio's own clock, which is virtual under trio's MockClock."""

    def now(self) -> float:
        return anyio.current_time()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


@dataclass(frozen=True)
class Virtual:
    """Runs a coroutine function in virtual time: sleeping costs nothing and is exact."""

    clock: AnyioClock = AnyioClock()

    def __call__(self, work: Callable[[], Awaitable[Any]]) -> Any:
        options = {"clock": trio.testing.MockClock(autojump_threshold=0)}
        return anyio.run(work, backend="trio", backend_options=options)


@pytest.fixture
def virtual() -> Virtual:
    return Virtual()
