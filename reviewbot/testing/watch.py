"""Watching a plug-in at work: ending the run in the middle of it, feeling the loop's pulse."""

from collections.abc import Callable
from typing import Any

import anyio

from reviewbot.dag.node import Node
from reviewbot.testing.stepped import Stepped

_BEAT = 0.005


class Watch:
    """Counts how often a plug-in waits (`steps`), and sets `stop` at the `cut`-th time.

    `gap` is the longest time in seconds for which the event loop did not get its turn.
    """

    def __init__(self, cut: int = 0) -> None:
        self.steps = 0
        self.gap = 0.0
        self.stop = anyio.Event()
        self._cut = cut
        self._seen: list[Stepped] = []

    @property
    def swallowed(self) -> bool:
        """Whether the plug-in was told to end and answered all the same."""
        return any(each.swallowed for each in self._seen)

    def watched(self, node: Node) -> Callable[..., Any]:
        """What the node runs, under watch; a plain function cannot be watched."""
        if not node.is_async:
            return node.run

        async def stepped(**arguments: Any) -> Any:  # noqa: ANN401 - whatever the node takes
            work = node.run(**arguments)
            self._seen.append(Stepped(work, self._on_step, self.stop.is_set))
            return await self._seen[-1]

        return stepped

    def _on_step(self, _number: int) -> None:
        self.steps += 1
        if self.steps == self._cut:
            self.stop.set()

    async def pulse(self) -> None:
        """Measure until cancelled."""
        while True:
            before = anyio.current_time()
            await anyio.sleep(_BEAT)
            self.gap = max(self.gap, anyio.current_time() - before - _BEAT)
