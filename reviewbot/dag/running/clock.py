"""Time as an argument: timestamps and waiting come through here, so that tests need not wait."""

import time
from dataclasses import dataclass
from typing import Protocol

import anyio


class Clock(Protocol):
    """A source of timestamps and of waiting, both in seconds.

    Timeouts and the run's deadline are not measured here: they are scopes of anyio, which is what
    makes a cancellation real. Under trio's MockClock they are virtual too.
    """

    def now(self) -> float:
        """Seconds since an arbitrary moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """Seconds of `time.perf_counter`."""
        return time.perf_counter()

    async def sleep(self, seconds: float) -> None:
        """`anyio.sleep`."""
        await anyio.sleep(seconds)


SYSTEM: Clock = SystemClock()
