"""All the deadlines of a run, watched by one task."""

import math

import anyio


class Alarm:
    """Cancels scopes when their time is up.

    A scope with a deadline of its own costs the event loop a timer, which is most of what a short
    node costs; one task that sleeps until the earliest deadline costs nearly nothing. Times are
    anyio's (`anyio.current_time`), so they are virtual under trio's MockClock.
    """

    __slots__ = ("_due", "_earlier", "_next")

    def __init__(self) -> None:
        self._due: dict[anyio.CancelScope, float] = {}
        self._next = math.inf
        self._earlier = anyio.Event()

    def set(self, scope: anyio.CancelScope, at: float) -> None:
        """Cancel the scope at this time."""
        self._due[scope] = at
        if at < self._next:
            self._next = at
            self._earlier.set()

    def unset(self, scope: anyio.CancelScope) -> None:
        """Do not cancel the scope, unless that has happened."""
        self._due.pop(scope, None)

    async def watch(self) -> None:
        """Keep the promises; runs until it is cancelled.

        It may wake for a time that was unset, and then looks at those that still count.
        """
        while True:
            self._earlier = anyio.Event()
            with anyio.CancelScope(deadline=self._next):
                await self._earlier.wait()
            now = anyio.current_time()
            if now >= self._next:
                for scope in [scope for scope, at in self._due.items() if at <= now]:
                    del self._due[scope]
                    scope.cancel()
                self._next = min(self._due.values(), default=math.inf)
