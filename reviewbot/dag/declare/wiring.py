"""What is wrong between the nodes of a section, each at its place in the document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reviewbot.dag import topology
from reviewbot.dag.annotation import clash, text
from reviewbot.dag.declare.attributes import element_of
from reviewbot.dag.declare.problem import Path, Problems
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.error import nearest
from reviewbot.dag.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The nodes of a section: `names` are all that were written, `nodes` those that could be made.

    `path` is the place of the section's nodes.
    """

    names: frozenset[str]
    nodes: Mapping[str, Node]
    inputs: Mapping[str, Any]
    path: Path
    problems: Problems
    lines: Mapping[Path, int] = field(default_factory=dict)

    def check(self) -> None:
        """Say what is unknown, what does not fit, and what waits for itself."""
        for node in self.nodes.values():
            for edge in node.edges:
                self._check(node, edge, self._place(node, edge))
            for edge in node.when.edges if node.when else ():
                self._check(node, edge, (*self.path, node.name, "when"))
        self._circles()

    def _place(self, node: Node, edge: Edge) -> Path:
        """Where an edge was written: among the inputs, the needs, or by the node alone."""
        above = (*self.path, node.name)
        places = ((*above, "inputs", edge.parameter), (*above, "each", edge.parameter))
        found = (place for place in places if place in self.lines)
        return next(found, (*above, "needs") if (*above, "needs") in self.lines else above)

    def _check(self, node: Node, edge: Edge, place: Path) -> None:
        if edge.node not in self.names and edge.node not in self.inputs:
            near = nearest(edge.node, [*sorted(self.names), *self.inputs])
            self.problems.add(place, f"missing input {edge.node!r} of {node.name!r}", near)
            return
        if edge.node in self.inputs and edge.kind is EdgeKind.OUTCOME:
            what = f"{edge.node!r} is an input and has no outcome for {node.name!r}"
            self.problems.add(place, what)
            return
        given = self._given(node, edge)
        if given is not None and clash(given, edge.expects):
            what = f"{edge.node!r} gives {text(given)}, but {edge.parameter!r} of {node.name!r}"
            self.problems.add(place, f"{what} expects {text(edge.expects)}")

    def _given(self, node: Node, edge: Edge) -> Any:  # noqa: ANN401 - an annotation
        """What comes along an edge; None when nobody can tell."""
        source = self.nodes.get(edge.node)
        given = self.inputs.get(edge.node) if source is None else source.output
        if source is not None and source.each is not None:
            return None
        is_item = node.each is not None and edge.parameter in node.each.over
        return element_of(given) if is_item and given is not None else given

    def _circles(self) -> None:
        needs = {name: tuple(self._sources(node)) for name, node in self.nodes.items()}
        order = topology.ordered(needs, topology.inverted(needs))
        caught: set[str] = set()
        for circle in topology.cycles(needs, order):
            caught.update(circle)
            lines = ", ".join(f"{name} in line {self._line(name)}" for name in circle)
            what = f"cycle: {' -> '.join((*circle, circle[0]))}"
            self.problems.add((*self.path, circle[0]), what, lines if self.lines else "")
        for name in set(needs) - set(order) - caught:
            self.problems.add((*self.path, name), f"{name!r} is unreachable behind a cycle")

    def _sources(self, node: Node) -> Iterator[str]:
        return iter(dict.fromkeys(e.node for e in node.all_edges if e.node in self.nodes))

    def _line(self, name: str) -> int:
        return self.lines.get((*self.path, name), 0)
