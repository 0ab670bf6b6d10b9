"""Graph: nodes and named inputs, checked as a whole before anything runs."""

from collections.abc import Iterable, Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, Self

from reviewbot.dag import topology
from reviewbot.dag.check import problems
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.node import Node
from reviewbot.dag.topology import Names


class Graph:
    """Nodes wired by name. Immutable; two graphs of equal nodes and inputs are equal.

    `inputs` are names given at run time, with their types (`Any` when unknown). `skipped` maps the
    nodes that are switched off to the reason; they stay in the picture and end as skipped.

    Raises:
        GraphError: lists all problems at once: duplicate, missing input with the nearest name,
            cycle with its path, nodes behind a cycle, an edge whose type cannot fit.
    """

    __slots__ = ("_after", "_needs", "_wave", "inputs", "nodes", "order", "skipped")

    nodes: Mapping[str, Node]
    inputs: Mapping[str, Any]
    skipped: Mapping[str, str]
    order: Names

    def __init__(
        self,
        nodes: Iterable[Node],
        inputs: Mapping[str, Any] | None = None,
        *,
        skipped: Mapping[str, str] | None = None,
    ) -> None:
        listed = tuple(nodes)
        self.inputs = MappingProxyType(dict(inputs or {}))
        self.nodes = MappingProxyType({node.name: node for node in listed})
        self.skipped = MappingProxyType(dict(skipped or {}))
        self._needs = {name: _needs(node, self.nodes) for name, node in self.nodes.items()}
        self._after = topology.inverted(self._needs)
        self.order = topology.ordered(self._needs, self._after)
        found = problems(listed, self.inputs, self._needs, self.order)
        if found:
            raise GraphError(found)
        self._wave = topology.waves(self.order, self._needs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        return (self.nodes, self.inputs, self.skipped) == (other.nodes, other.inputs, other.skipped)

    __hash__ = None  # type: ignore[assignment] # policies hold mappings, so a graph has no hash

    def __repr__(self) -> str:
        return f"Graph({', '.join(self.order)})"

    @property
    def needs(self) -> Mapping[str, Names]:
        """For each node the nodes it waits for."""
        return MappingProxyType(self._needs)

    @property
    def after(self) -> Mapping[str, Names]:
        """For each node the nodes that wait for it."""
        return MappingProxyType(self._after)

    def waves(self) -> tuple[Names, ...]:
        """The nodes by their longest distance from a source: a picture, never a barrier."""
        found: list[list[str]] = [[] for _ in range(max(self._wave.values(), default=-1) + 1)]
        for name in self.order:
            found[self._wave[name]].append(name)
        return tuple(tuple(wave) for wave in found)

    def wave_of(self, name: str) -> int:
        """The index of the node's wave in `waves()`; sources are in wave 0."""
        return self._wave[name]

    def dependents(self, name: str) -> Names:
        """The nodes that wait for this one directly."""
        return self._after[name]

    def ancestors(self, name: str) -> frozenset[str]:
        """The nodes this one waits for, directly or not."""
        return topology.reachable([name], self._needs) - {name}

    def critical_path(self, seconds: Mapping[str, float]) -> tuple[Names, float]:
        """The longest chain and its length, given seconds per node (missing ones count as 0)."""
        weights = {name: seconds.get(name, 0.0) for name in self.order}
        rest = topology.remaining(self.order, self._after, weights)
        return topology.longest_path(self._after, rest), max(rest.values(), default=0.0)

    def only(self, names: Iterable[str]) -> Self:
        """The graph of these nodes and everything they need."""
        kept = topology.reachable(self._known(names), self._needs)
        skipped = {name: why for name, why in self.skipped.items() if name in kept}
        nodes = [node for name, node in self.nodes.items() if name in kept]
        return type(self)(nodes, self.inputs, skipped=skipped)

    def without(self, names: Iterable[str], reason: str = "configuration") -> Self:
        """The same graph with these nodes switched off: they end as skipped, with this reason."""
        return self.skipping(dict.fromkeys(names, reason))

    def skipping(self, reasons: Mapping[str, str]) -> Self:
        """The same graph with these nodes switched off, each for its reason.

        Raises:
            GraphError: there is no such node.
        """
        self._known(reasons)
        return self._like(skipped={**self.skipped, **reasons})

    def replacing(self, nodes: Mapping[str, Node]) -> Self:
        """The same graph with these nodes in place of those of the same names.

        They must need the same and give the same: nothing is checked again.
        """
        return self._like(nodes={**self.nodes, **nodes})

    def _like(
        self,
        *,
        nodes: Mapping[str, Node] | None = None,
        skipped: Mapping[str, str] | None = None,
    ) -> Self:
        made = copy(self)
        made.nodes = self.nodes if nodes is None else MappingProxyType(nodes)
        made.skipped = self.skipped if skipped is None else MappingProxyType(skipped)
        return made

    def _known(self, names: Iterable[str]) -> Names:
        asked = tuple(names)
        wrong = [name for name in asked if name not in self.nodes]
        if wrong:
            raise GraphError([f"no node {name!r}{nearest(name, self.nodes)}" for name in wrong])
        return asked


def _needs(node: Node, nodes: Mapping[str, Node]) -> Names:
    return tuple(dict.fromkeys(edge.node for edge in node.all_edges if edge.node in nodes))
