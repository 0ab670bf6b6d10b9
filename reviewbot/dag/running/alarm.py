"""All the deadlines of a run, watched by one task."""

import math
from heapq import heappop, heappush
from itertools import count

import anyio


class Alarm:
    """Cancels scopes when their time is up.

    A scope with a deadline of its own costs the event loop a timer, which is most of what a short
    node costs; one task that sleeps until the earliest deadline costs nearly nothing. Times are
    anyio's (`anyio.current_time`), so they are virtual under trio's MockClock.
    """

    __slots__ = ("_earlier", "_heap", "_next", "_serial")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, anyio.CancelScope]] = []
        self._serial = count()  # scopes have no order of their own
        self._next = math.inf
        self._earlier = anyio.Event()

    def set(self, scope: anyio.CancelScope, at: float) -> None:
        """Cancel the scope at this time. One that has been left by then takes no harm."""
        heappush(self._heap, (at, next(self._serial), scope))
        if at < self._next:
            self._next = at
            self._earlier.set()

    async def watch(self) -> None:
        """Keep the promises; runs until it is cancelled."""
        while True:
            self._earlier = anyio.Event()
            self._next = self._heap[0][0] if self._heap else math.inf
            with anyio.CancelScope(deadline=self._next):
                await self._earlier.wait()
            now = anyio.current_time()
            while self._heap and self._heap[0][0] <= now:
                heappop(self._heap)[2].cancel()
