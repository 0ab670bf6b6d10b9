"""A Graph from nodes and edges that are added one by one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self

from reviewbot.dag.condition import Condition
from reviewbot.dag.edge import Edge, context_of, edges_of, output_of
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.node import Node
from reviewbot.dag.policy import DEFAULT, Policy


class Builder:
    """Collects nodes and edges by name; `done()` gives the Graph that `@node` would have given."""

    def __init__(self, inputs: Mapping[str, Any] | None = None) -> None:
        self._inputs = inputs
        self._nodes: list[Node] = []
        self._whole: list[Node] = []
        self._edges: dict[str, dict[str, str]] = {}

    def add_node(
        self,
        name: str,
        run: Callable[..., Any],
        *,
        policy: Policy = DEFAULT,
        when: Condition | None = None,
        each: Each | None = None,
    ) -> Self:
        """Add a node without edges; its annotations still say how strongly each edge asks.

        The sources of `each` are edges.
        """
        self._nodes.append(
            Node(
                name=name,
                run=run,
                policy=policy,
                when=when,
                each=each,
                output=output_of(run),
                context=context_of(run),
            )
        )
        for parameter, source in (each.over if each else {}).items():
            self.add_edge(source, name, parameter)
        return self

    def add(self, node: Node) -> Self:
        """Add a node that has its edges already, such as a subgraph."""
        self._whole.append(node)
        return self

    def add_edge(self, source: str, target: str, parameter: str | None = None) -> Self:
        """Give `source` (a node or an input) to `target`, under its own name or as `parameter`."""
        self._edges.setdefault(target, {})[parameter or source] = source
        return self

    def done(self) -> Graph:
        """The checked graph.

        Raises:
            GraphError: as `Graph`; also an edge to a node or a parameter that does not exist, and
                a parameter that got no edge.
        """
        names = [node.name for node in self._nodes]
        lost = [
            f"edge to unknown node {name!r}{nearest(name, names)}"
            for name in self._edges
            if name not in names
        ]
        wired = [self._wired(node, self._edges.get(node.name, {}), lost) for node in self._nodes]
        if lost:
            raise GraphError(lost)
        return Graph([*wired, *self._whole], self._inputs)

    @staticmethod
    def _wired(node: Node, given: Mapping[str, str], lost: list[str]) -> Node:
        declared = [edge.parameter for edge in edges_of(node.run)]
        extra = [name for name in given if name not in declared]
        edges = _collected(node, extra, lost)
        lost.extend(
            f"parameter {name!r} of {node.name!r} has no edge"
            for name in declared
            if name not in given
        )
        return replace(
            node, edges=tuple(replace(e, node=given.get(e.parameter, e.node)) for e in edges)
        )


def _collected(node: Node, extra: list[str], lost: list[str]) -> tuple[Edge, ...]:
    try:
        return edges_of(node.run, extra)
    except GraphError as error:
        lost.extend(error.problems)
        return ()
