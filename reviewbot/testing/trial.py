"""One run of a plug-in among neighbours, and what was to be complained about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from reviewbot.dag.edge import edges_of
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.testing.fault import Fault
from reviewbot.testing.faults import Faults
from reviewbot.testing.left_over import left_over, present
from reviewbot.testing.watch import Watch

NEIGHBOUR, TROUBLED, AFTER = "a neighbour", "a neighbour in trouble", "what comes after"
_ANSWER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it.

    Attributes:
        outcome: the plug-in's; None when there was no run to see the end of.
        steps: how often it waited for something.
        complaints: promises that were broken, whoever broke them.
    """

    outcome: Outcome[Any] | None
    steps: int
    complaints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A plug-in, its inputs, and how long a run and a pause of the event loop may be (seconds)."""

    node: Node
    inputs: Mapping[str, Any]
    seconds: float
    stall: float

    def run(self, backend: str, *, fault: Fault | None = None, cut: int = 0) -> Tried:
        """Run it; with a fault for a neighbour, or cut off when it waits for the `cut`-th time."""
        return anyio.run(partial(self._alone, fault, cut), backend=backend)

    def twice(self, backend: str) -> tuple[Tried, ...]:
        """Run it twice at once."""

        async def both() -> tuple[Tried, ...]:
            found: list[Tried] = []

            async def one() -> None:
                found.append(await self._tried(None, 0))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(one)
                tasks.start_soon(one)
            return tuple(found)

        return anyio.run(both, backend=backend)

    async def _alone(self, fault: Fault | None, cut: int) -> Tried:
        """Nobody but this run is there, so what is left is its."""
        before = present()
        tried = await self._tried(fault, cut)
        left = tuple(f"it left {each}" for each in await left_over(before))
        return replace(tried, complaints=(*tried.complaints, *left))

    async def _tried(self, fault: Fault | None, cut: int) -> Tried:
        watch = Watch(cut=cut)
        graph = self._graph(watch, fault)
        done: Run | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch.pulse)
            with anyio.move_on_after(2 * self.seconds):
                done = await run(graph, stop=watch.stop, deadline=self.seconds, grace=self.seconds)
            tasks.cancel_scope.cancel()
        return Tried(
            outcome=None if done is None else done.outcomes[self.node.name],
            steps=watch.steps,
            complaints=(*self._of_the_loop(watch), *self._of_the_run(done, watch)),
        )

    def _graph(self, watch: Watch, fault: Fault | None) -> Graph:
        faults = Faults(script={TROUBLED: [fault]}, seconds=0.005)
        troubled = Node(name=TROUBLED, run=_patient, policy=Policy(timeout=0.02), output=int)
        after = (NEIGHBOUR, TROUBLED, self.node.name)
        return Graph(
            [
                *(Node(name=name, run=partial(_given, it)) for name, it in self.inputs.items()),
                replace(self.node, run=watch.watched(self.node)),
                Node(name=NEIGHBOUR, run=_patient, output=int),
                faults.node(troubled),
                Node(name=AFTER, run=_named, edges=edges_of(_named, after), output=str),
            ]
        )

    def _of_the_loop(self, watch: Watch) -> Iterator[str]:
        if watch.gap > self.stall:
            yield f"the event loop waited {watch.gap:.2f} s for its turn"
        if watch.swallowed:
            yield "it was cancelled and answered all the same"

    def _of_the_run(self, done: Run | None, watch: Watch) -> Iterator[str]:
        if done is None:
            yield f"the run had not ended after {2 * self.seconds:g} s"
            return
        if done.outcomes[AFTER].value != " ".join(sorted((NEIGHBOUR, TROUBLED, self.node.name))):
            yield f"what comes after was lost: {done.outcomes[AFTER]}"
        neighbour = done.outcomes[NEIGHBOUR]
        if neighbour.value != _ANSWER and not watch.stop.is_set() and not done.ended:
            yield f"its neighbour ended otherwise: {neighbour}"


async def _given(value: Any) -> Any:  # noqa: ANN401 - any plug-in's input
    return value


async def _patient() -> int:
    for _ in range(5):
        await checkpoint()
    return _ANSWER


async def _named(**outcomes: Outcome[Any]) -> str:
    return " ".join(sorted(each.node for each in outcomes.values()))
