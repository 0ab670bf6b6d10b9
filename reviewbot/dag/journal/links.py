"""The shape of a graph as data, for who reads a run without having its code."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.nested import Nested


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The nodes that a node waits for, and the links of its own graph if it is a subgraph."""

    needs: tuple[str, ...] = ()
    inner: "Mapping[str, Link] | None" = None


LINKS = shape_of(Mapping[str, Link])


def links(graph: Graph) -> Mapping[str, Link]:
    """The links of a graph and of all graphs in it, in topological order."""
    return {
        name: Link(needs=graph.needs[name], inner=_inner(graph.nodes[name].run))
        for name in graph.order
    }


def _inner(run: object) -> Mapping[str, Link] | None:
    return links(run.graph) if isinstance(run, Nested) else None
