"""One graph being run: the run's own, or a subgraph's, anew for each attempt."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from reviewbot.dag.edge import Edge
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.running.ending import Ending
from reviewbot.dag.running.error import describe
from reviewbot.dag.running.events import NodeSettled
from reviewbot.dag.running.intake import arguments, lacking, skipped_for
from reviewbot.dag.running.mapped import Mapped
from reviewbot.dag.running.plan import Plan
from reviewbot.dag.running.scheduler import Scheduler, unstarted
from reviewbot.dag.running.spread import Portion, portions
from reviewbot.dag.running.subgraph import Subgraph
from reviewbot.dag.running.unit import Key, Surroundings, Unit


class Instance:
    """The state of one graph in a run; every instance has its own, so that two never share any.

    `host` is the unit whose work this is, None for the run itself. `then` is called when every node
    has settled.
    """

    def __init__(  # noqa: PLR0913 - what differs between a run and a subgraph of it
        self,
        plan: Plan,
        inputs: Mapping[str, Any],
        scheduler: Scheduler,
        around: Surroundings,
        *,
        host: Unit | None = None,
        then: Callable[[], None] | None = None,
        place: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self.graph = plan.graph
        self.around = around
        self.scheduler = scheduler
        self.ending_of_all: Ending | None = None
        self.outcomes: dict[str, Outcome[Any]] = {}
        self._plan = plan
        self._inputs = inputs
        self._host = host
        self._then = then
        self._prefix = "" if host is None else f"{host.path}/"
        self._key: Key = () if host is None else host.key
        self._labels = labels or {}
        self._place = place
        self._began = around.now()
        self._roots: dict[str, Outcome[Any]] = {}
        self._open_needs = {name: len(wanted) for name, wanted in self.graph.needs.items()}
        self._after = self.graph.after
        self._agenda: list[Outcome[Any]] = []
        self._admitted: list[str] = []
        self._is_troubled = False
        self._tested: dict[str, Outcome[Any] | None] = {}
        self._decide_early(plan.conditional)

    def _decide_early(self, conditional: Iterable[Node]) -> None:
        """What the inputs alone decide is decided before anything starts."""
        inputs, off = self.graph.inputs, dict[str, str]()
        for node in conditional:
            edges = () if node.when is None else node.when.edges
            if node.name not in self.graph.skipped and all(edge.node in inputs for edge in edges):
                found = self._tested[node.name] = self._test(node)
                if found is not None and found.status is Status.SKIPPED:
                    off[node.name] = found.reason
        if off:
            self.graph = self.graph.skipping(off)

    def begin(self) -> None:
        """Queue every node that needs nobody."""
        for name in [name for name, count in self._open_needs.items() if not count]:
            self._admit(name)
        self._start_admitted()
        if self._then is not None and not self.graph.nodes:
            self._then()

    def _root(self, name: str) -> str:
        return self._labels.get(name, f"{self._prefix}{name}")

    def path(self, name: str) -> str:
        """The path of a node of this graph."""
        return f"{self._prefix}{name}"

    def arguments(self, unit: Unit) -> dict[str, Any]:
        """What the node is called with; made anew for every attempt."""
        return arguments(unit.node.edges, self._inputs, self.outcomes)

    def portions(self, node: Node) -> tuple[Portion, ...]:
        """What a node of this graph is mapped over."""
        return portions(node, self._inputs, self.outcomes, self._root)

    def received(self, edges: Iterable[Edge]) -> dict[str, Any]:
        """One argument per edge."""
        return arguments(edges, self._inputs, self.outcomes)

    def ending(self, unit: Unit) -> Ending | None:
        """Why the unit may not go on, or not start."""
        return self.ending_for(unit.node.name)

    def ending_for(self, name: str) -> Ending | None:
        """Why a node of this graph may not go on, or not start: the run's end, or its host's."""
        ending = self.ending_of_all
        if ending is not None and name not in ending.keep:
            return ending
        return None if self._host is None else self._host.owner.ending(self._host)

    def settle(self, unit: Unit, outcome: Outcome[Any]) -> None:
        """A unit of this graph ended."""
        if self.scheduler.recording is None:
            self._conclude(outcome)
        else:
            self.end(unit.node.name, outcome)

    def end(self, name: str, outcome: Outcome[Any]) -> None:
        """A node ended; what depends on it goes on when that is on record."""
        recording = self.scheduler.recording
        if recording is not None:
            outcome = recording.settled(self.path(name), self.graph.nodes[name], outcome)
        self._conclude(outcome)

    def _conclude(self, outcome: Outcome[Any]) -> None:
        """Take in an outcome, and those of all the nodes that end because of it without running."""
        agenda = self._agenda
        agenda.append(outcome)
        if len(agenda) > 1:
            return  # who is at it further up takes this one too: chains must not recurse
        after, open_needs = self._after, self._open_needs
        try:
            for one in agenda:  # grows while it is walked
                self._take_in(one)
                for name in after[one.node]:
                    left = open_needs[name] - 1
                    open_needs[name] = left
                    if not left:
                        self._admit(name)
        finally:
            agenda.clear()
        if self.scheduler.recording is not None:
            self._start_admitted()

    def _admit(self, name: str) -> None:
        """Start a node whose needs have settled, or take in the outcome it ends with at once."""
        node, recording = self.graph.nodes[name], self.scheduler.recording
        outcome = self._decided(node)
        if outcome is not None:
            if recording is not None:
                outcome = recording.settled(self.path(name), node, outcome)
            self._conclude(outcome)
        elif recording is None:
            self._start(name)
        else:
            self._admitted.append(name)

    def _start_admitted(self) -> None:
        """Start what was admitted as soon as the rows of all it needed are durable."""
        recording = self.scheduler.recording
        if recording is not None:
            admitted, self._admitted = self._admitted, []
            recording.committed(partial(self._start_all, admitted))

    def _take_in(self, outcome: Outcome[Any]) -> None:
        self.outcomes[outcome.node] = outcome
        if outcome.status is not Status.SUCCEEDED and not outcome.ok:
            self._is_troubled = True
        if self.scheduler.tell is not None:
            self.scheduler.tell(NodeSettled(node=self.path(outcome.node), outcome=outcome))
        if self._then is not None and len(self.outcomes) == len(self.graph.nodes):
            self._then()

    def _decided(self, node: Node) -> Outcome[Any] | None:
        """The outcome a node ends with at once, None when it is to be run."""
        name, graph = node.name, self.graph
        if graph.skipped and name in graph.skipped:
            return self._unstarted(name, Status.SKIPPED, graph.skipped[name])
        if self.scheduler.recording is not None:
            known = self.scheduler.recording.known(self.path(name), node)
            if known is not None:
                return known
        if self.ending_of_all is not None or self._host is not None:
            ending = self.ending_for(name)
            if ending is not None:
                return unstarted(name, ending, self.around.now())
        direct = lacking(node.all_edges, self.outcomes) if self._is_troubled else None
        if direct is not None:
            root = self._roots[name] = self._roots.get(direct.node, direct)
            return skipped_for(name, direct, root, self.around.now())
        if node.when is None:
            return None
        return self._tested[name] if name in self._tested else self._test(node)

    def _test(self, node: Node) -> Outcome[Any] | None:
        if node.when is None:
            return None
        try:
            holds = node.when.test(**arguments(node.when.edges, self._inputs, self.outcomes))
        except Exception as error:  # noqa: BLE001 - the wall of a node
            why = f"its condition ({node.when.text}) raised {describe(error)}"
            return self._unstarted(node.name, Status.FAILED, why, error)
        if holds:
            return None
        return self._unstarted(node.name, Status.SKIPPED, f"condition not met: {node.when.text}")

    def _unstarted(
        self, name: str, status: Status, reason: str, error: Exception | None = None
    ) -> Outcome[Any]:
        at = self.around.now()
        return Outcome(node=name, status=status, reason=reason, started=at, error=error)

    def _start_all(self, names: Iterable[str]) -> None:
        for name in names:
            self._start(name)

    def _start(self, name: str) -> None:
        node, plan = self.graph.nodes[name], self._plan
        unit = Unit(
            self, node, name, self._prefix + name, (*self._key, plan.ranks[name]), plan.lanes[name]
        )
        if node.each is None:
            self.push(unit)
        else:
            Mapped(self, unit, node.each).begin()

    def push(self, unit: Unit) -> None:
        """Queue a unit; a subgraph's is given the work of running it."""
        if isinstance(unit.node.run, Nested):
            whole = Subgraph(unit.node.run, self._inside, unit)
            unit.node = replace(unit.node, run=whole)
            self.scheduler.wholes[unit] = whole
        self.scheduler.ready.push(unit)

    def _inside(
        self, unit: Unit, nested: Nested, inputs: Mapping[str, Any], then: Callable[[], None]
    ) -> "Instance":
        """The graph of a unit of this one."""
        place = f"{self._place}{unit.node.name}/"
        return Instance(
            self.scheduler.plans.of(nested.graph, place),
            inputs,
            self.scheduler,
            self.scheduler.around_inner,
            host=unit,
            place=place,
            then=then,
            labels=self._labels_inside(unit),
        )

    def _labels_inside(self, unit: Unit) -> Mapping[str, str]:
        """What items are made of inside is what they are made of outside."""
        over = unit.node.each.over if unit.node.each else {}
        return {
            edge.parameter: unit.item if edge.parameter in over else self._root(edge.node)
            for edge in unit.node.edges
        }

    def finished(self) -> Run:
        """The frozen Run of this graph, once every node has settled."""
        graph = self.graph
        outcomes = {name: self.outcomes[name] for name in graph.order}
        return Run(
            outcomes=outcomes,
            seconds=max(0.0, self.around.now() - self._began),
            waves=graph.waves(),
            needs=graph.needs,
            dependents=graph.after,
        )
