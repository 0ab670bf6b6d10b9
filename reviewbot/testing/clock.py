"""Time that does what no machine's clock should, and never makes anybody wait."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from random import Random
from typing import Self

from anyio.lowlevel import checkpoint


class JumpingClock:
    """A clock for `run(..., clock=...)` that jumps forward, stands still and goes backwards.

    Every reading first moves it by the next of `jumps` (seconds, over and over); sleeping returns
    at once, moves it by what was asked for, and is written down in `slept`.

    >>> clock = JumpingClock(jumps=(1, 0, -5))
    >>> [clock.now() for _ in range(4)]
    [1.0, 1.0, -4.0, -3.0]
    """

    def __init__(self, jumps: Iterable[float] = (0.0,), *, reading: float = 0.0) -> None:
        self.slept: list[float] = []
        self._reading = reading
        self._jumps: Iterator[float] = cycle(tuple(jumps) or (0.0,))

    @classmethod
    def wild(cls, seed: int) -> Self:
        """One whose jumps are drawn: most stand still, some go an hour ahead or back."""
        chance = Random(f"clock {seed}")  # noqa: S311 - reproducible is the point
        return cls(tuple(chance.choice((0.0, 0.0, 0.1, -0.1, 3600.0, -3600.0)) for _ in range(97)))

    def now(self) -> float:
        """The reading, after the next jump."""
        self.jump(next(self._jumps))
        return self._reading

    def jump(self, seconds: float) -> None:
        """Move it; backwards too."""
        self._reading += seconds

    async def sleep(self, seconds: float) -> None:
        """Return after everybody else had a turn; the clock has moved by `seconds`."""
        self.slept.append(seconds)
        self.jump(seconds)
        await checkpoint()
