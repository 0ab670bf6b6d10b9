"""One run of a graph: a ready queue on anyio, the only concurrency in the house."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import anyio
from anyio.abc import TaskGroup

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.running.clock import Clock
from reviewbot.dag.running.ending import Ending, RunEndedError, closing
from reviewbot.dag.running.events import Listener, NodeSettled, NodeStarted, RunSettled
from reviewbot.dag.running.guard import Guard, describe
from reviewbot.dag.running.intake import arguments, lacking, skipped_for
from reviewbot.dag.running.ready import Ready
from reviewbot.dag.running.unit import Lane, Surroundings, Unit

_SHARE = 64  # nodes that one worker runs at most


class Execution:
    """The state of one run; every run has its own, so that two never share any.

    A worker is a task that runs one node after another, because a task per node costs more than a
    short node does. So what a node sets in a context variable it has to reset.
    """

    def __init__(
        self,
        graph: Graph,
        inputs: Mapping[str, Any],
        ready: Ready,
        clock: Clock,
        random: Callable[[], float],
        listener: Listener | None,
    ) -> None:
        self._graph = graph
        self._inputs = inputs
        self._ready = ready
        self._listener = listener
        self._around = Surroundings(
            clock=clock,
            random=random,
            zero=clock.now(),
            tell=None if listener is None else listener.tell,
            pause=self._pause,
        )
        self._outcomes: dict[str, Outcome[Any]] = {}
        self._roots: dict[str, Outcome[Any]] = {}
        self._open_needs = {name: len(wanted) for name, wanted in graph.needs.items()}
        self._after = graph.after
        self._resuming: dict[str, anyio.Event] = {}
        self._tasks: TaskGroup | None = None
        self._is_starting = False
        self._is_troubled = False
        self._ending: Ending | None = None

    async def run(self, deadline: float | None, grace: float, stop: anyio.Event | None) -> None:
        """Run to the end, with a watcher for whatever may end it early."""
        self._around.interruptible = deadline is not None or stop is not None
        async with anyio.create_task_group() as watchers:
            watchers.start_soon(self._around.alarm.watch)
            if deadline is not None:
                watchers.start_soon(self._watch_deadline, deadline, grace)
            if stop is not None:
                watchers.start_soon(self._watch_stop, stop, grace)
            await self._run()
            watchers.cancel_scope.cancel()

    async def _run(self) -> None:
        async with anyio.create_task_group() as self._tasks:
            self._admit([name for name, count in self._open_needs.items() if not count])
            await self._work()

    async def _work(self) -> None:
        """Run ready nodes; a worker that did its share leaves the rest to a fresh one.

        Whoever takes a node first sees to it that somebody takes the next. Leaving gives the event
        loop its turn, also when no node ever waits for anything.
        """
        self._is_starting = False
        for _ in range(_SHARE):
            name = self._ready.take()
            if name is None:
                return
            if self._resumes(name):
                continue
            self._recruit()
            outcome = await self._guarded(self._graph.nodes[name]).outcome()
            self._ready.release(name)
            self._settle(outcome)
        self._recruit()

    def _recruit(self) -> None:
        """Start one more worker if there is work for it; it will see to the next one."""
        if not self._is_starting and self._ready and self._tasks is not None:
            self._is_starting = True
            self._tasks.start_soon(self._work)

    def _guarded(self, node: Node) -> Guard:
        if self._listener is not None:
            self._listener.tell(NodeStarted(node=node.name, at=self._around.now()))
        unit = Unit(self, node, node.name, node.name, (), Lane(()))
        return Guard(unit, self._around)

    def arguments(self, unit: Unit) -> dict[str, Any]:
        """What the node is called with."""
        return arguments(unit.node.edges, self._inputs, self._outcomes)

    def settle(self, _unit: Unit, outcome: Outcome[Any]) -> None:
        """The unit ended."""
        self._settle(outcome)

    def _settle(self, outcome: Outcome[Any]) -> None:
        """Record an outcome, and those of all the nodes that end because of it without running."""
        settled = [outcome]
        for one in settled:  # grows while it is walked
            self._outcomes[one.node] = one
            self._is_troubled = self._is_troubled or not one.ok
            if self._listener is not None:
                self._listener.tell(NodeSettled(node=one.node, outcome=one))
            for name in self._after[one.node]:
                self._open_needs[name] -= 1
                if not self._open_needs[name]:
                    unstarted = self._admitted(name)
                    if unstarted is not None:
                        settled.append(unstarted)

    def _admit(self, names: Iterable[str]) -> None:
        for name in names:
            outcome = self._admitted(name)
            if outcome is not None:
                self._settle(outcome)

    def _admitted(self, name: str) -> Outcome[Any] | None:
        """Queue a node whose needs have settled, or give the outcome it ends with at once."""
        outcome = self._decided(self._graph.nodes[name])
        if outcome is None:
            self._ready.push(name)
        return outcome

    def _decided(self, node: Node) -> Outcome[Any] | None:
        name = node.name
        if name in self._graph.skipped:
            return self._unstarted(name, Status.SKIPPED, self._graph.skipped[name])
        ending = self._ending
        if ending is not None and name not in ending.keep:
            return self._unstarted(name, ending.waiting, f"{ending.why} before it started")
        direct = lacking(node.all_edges, self._outcomes) if self._is_troubled else None
        if direct is not None:
            root = self._roots[name] = self._roots.get(direct.node, direct)
            return skipped_for(name, direct, root, self._around.now())
        return None if node.when is None else self._tested(node)

    def _tested(self, node: Node) -> Outcome[Any] | None:
        if node.when is None:
            return None
        try:
            holds = node.when.test(**arguments(node.when.edges, self._inputs, self._outcomes))
        except Exception as error:  # noqa: BLE001 - the wall of a node
            why = f"its condition ({node.when.text}) raised {describe(error)}"
            return self._unstarted(node.name, Status.FAILED, why, error)
        if holds:
            return None
        return self._unstarted(node.name, Status.SKIPPED, f"condition not met: {node.when.text}")

    def _unstarted(
        self, name: str, status: Status, reason: str, error: Exception | None = None
    ) -> Outcome[Any]:
        at = self._around.now()
        return Outcome(node=name, status=status, reason=reason, started=at, error=error)

    async def _pause(self, unit: Unit, seconds: float) -> None:
        """Wait between two attempts; the slot and the resources are others' meanwhile."""
        name = unit.name
        self._ready.release(name)
        self._recruit()
        resumed = anyio.Event()
        try:
            await self._around.clock.sleep(seconds)
            self._resuming[name] = resumed
            self._ready.push(name)
            self._recruit()
            await resumed.wait()
        finally:
            if not resumed.is_set():
                self._resuming.pop(name, None)
                self._ready.remove(name.__eq__)
                self._ready.retake(name)

    def _resumes(self, name: str) -> bool:
        """Whether this node was only waiting to go on; it does, with the slot just taken."""
        resumed = self._resuming.pop(name, None)
        if resumed is None:
            return False
        resumed.set()
        return True

    async def _watch_deadline(self, deadline: float, grace: float) -> None:
        await anyio.sleep(deadline)
        why = f"run deadline of {deadline:g} s"
        await self._wind_down(
            Ending(why=why, working=Status.TIMED_OUT, waiting=Status.SKIPPED), grace
        )

    async def _watch_stop(self, stop: anyio.Event, grace: float) -> None:
        await stop.wait()
        why = "the run was stopped"
        await self._wind_down(
            Ending(why=why, working=Status.CANCELLED, waiting=Status.CANCELLED), grace
        )

    async def _wind_down(self, ending: Ending, grace: float) -> None:
        if self._ending is None:
            self._end(replace(ending, keep=closing(self._graph)))
            await anyio.sleep(grace)
            self._end(replace(ending, why=f"{ending.why} and {grace:g} s of grace"))

    def _end(self, ending: Ending) -> None:
        """Cut off every node that the ending does not keep, now."""
        self._ending = ending
        gone = self._ready.remove(
            lambda name: name not in ending.keep and name not in self._resuming
        )
        for name in gone:
            self._settle(self._unstarted(name, ending.waiting, f"{ending.why} before it started"))
        for unit, scope in self._around.scopes.items():
            if unit.name not in ending.keep:
                scope.cancel()
        self._recruit()

    def ended(self, unit: Unit) -> RunEndedError | None:
        """Why the unit may not go on."""
        ending = self._ending
        if ending is None or unit.name in ending.keep:
            return None
        return RunEndedError(ending.why, ending.working)

    def finished(self) -> Run:
        """The frozen Run, once every node has settled; tells the listener."""
        graph = self._graph
        outcomes = {name: self._outcomes[name] for name in graph.order}
        run = Run(
            outcomes=outcomes,
            seconds=self._around.now(),
            waves=graph.waves(),
            needs=graph.needs,
            dependents=graph.after,
            ended=self._ending.why if self._ending else "",
            warnings=tuple(self._listener.warnings) if self._listener else (),
        )
        if self._listener is not None:
            self._listener.tell(RunSettled(run=run))
        return run
