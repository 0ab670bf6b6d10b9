"""What is wrong between the nodes of a section, each at its place in the document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reviewbot.dag import topology
from reviewbot.dag.check import problems
from reviewbot.dag.declare.problem import Path, Problems
from reviewbot.dag.edge import Edge
from reviewbot.dag.error import nearest
from reviewbot.dag.items import Each
from reviewbot.dag.node import Node

_ITEM = " "  # a name that nobody can write
_ITEMS: Mapping[str, Any] = {_ITEM: Any}


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
                self._check(_alone(node, edge), edge, self._place(node, edge))
            for edge in node.when.edges if node.when else ():
                asking = Node(name=node.name, run=node.run, edges=(edge,))
                self._check(asking, edge, (*self.path, node.name, "when"))
        self._circles()

    def _place(self, node: Node, edge: Edge) -> Path:
        """Where an edge was written: among the inputs, the needs, or by the node alone."""
        above = (*self.path, node.name)
        places = ((*above, "inputs", edge.parameter), (*above, "each", edge.parameter))
        found = (place for place in places if place in self.lines)
        return next(found, (*above, "needs") if (*above, "needs") in self.lines else above)

    def _check(self, node: Node, edge: Edge, place: Path) -> None:
        """What the engine says of a node with one edge, said where the edge was written."""
        if edge.node not in self.names and edge.node not in self.inputs:
            near = nearest(edge.node, [*sorted(self.names), *self.inputs])
            self.problems.add(place, f"missing input {edge.node!r} of {node.name!r}", near)
        elif edge.node in self.inputs:
            self.problems.extend(place, problems((node,), self.inputs, {}, ()))
        elif edge.node in self.nodes and edge.node != node.name:
            source = _bare(self.nodes[edge.node])
            self.problems.extend(place, problems((node, source), _ITEMS, {}, ()))

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


def _alone(node: Node, edge: Edge) -> Node:
    """The node as if this were its only edge."""
    each = node.each
    if each is not None:
        over = {name: of for name, of in each.over.items() if name == edge.parameter}
        each = replace(each, over=over) if over else None
    return replace(node, edges=(edge,), when=None, each=each)


def _bare(source: Node) -> Node:
    """A node of which only what it gives counts: one value, or one for each of some items."""
    edge = Edge(parameter="item", node=_ITEM)
    each = None if source.each is None else Each(over={edge.parameter: edge.node})
    return replace(source, edges=() if each is None else (edge,), when=None, each=each)
