"""A coroutine that is watched from one suspension to the next."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any

import anyio


class Stepped:
    """Awaits `work`, and calls `on_step(number)` each time it is about to wait (1, 2, ...).

    What is called may cancel: the work then learns of it where it waits, as it would of a timeout.
    Afterwards `steps` is how often it waited, and `swallowed` says that it was cancelled when
    `is_over` said yes, and answered all the same.
    """

    def __init__(
        self,
        work: Awaitable[Any],
        on_step: Callable[[int], None],
        is_over: Callable[[], bool] = lambda: True,
    ) -> None:
        self.steps = 0
        self.swallowed = False
        self._work = work
        self._on_step = on_step
        self._is_over = is_over

    def __await__(self) -> Generator[Any, Any, Any]:
        """Pass everything through, both ways."""
        cancelled = anyio.get_cancelled_exc_class()
        inner = self._work.__await__()
        go_on: Callable[[], Any] = partial(next, inner)
        told_to_end = False
        while True:
            try:
                signal = go_on()
            except StopIteration as end:
                self.swallowed = told_to_end
                return end.value
            self.steps += 1
            self._on_step(self.steps)
            try:
                answer = yield signal
            except BaseException as error:  # noqa: BLE001 - it is the work's, whatever it is
                go_on = partial(inner.throw, error)
                thrown: object = error
            else:
                go_on = partial(inner.send, answer)
                thrown = getattr(answer, "error", None)  # trio sends its errors in a box
            told_to_end = told_to_end or (isinstance(thrown, cancelled) and self._is_over())
