"""Locks that subgraphs hold while their nodes wait for others."""

from collections.abc import Iterator

from reviewbot.dag import topology
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested


def waiting_in_circles(graph: Graph) -> tuple[str, ...]:
    """The locks that could wait for each other for ever, as sentences.

    A subgraph holds its locks until its last node has ended. So a lock that one of its nodes wants
    must not, directly or through other subgraphs, lead back to one that it holds.
    """
    needs: dict[str, tuple[str, ...]] = {}
    for held, wanted in _pairs(graph):
        needs[held] = (*needs.get(held, ()), wanted)
        needs.setdefault(wanted, ())
    order = topology.ordered(needs, topology.inverted(needs))
    return tuple(
        f"locks of subgraphs wait for each other: {' -> '.join((*circle, circle[0]))}"
        for circle in topology.cycles(needs, order)
    )


def _pairs(graph: Graph) -> Iterator[tuple[str, str]]:
    """Each lock that a subgraph holds, with each that a node inside it wants."""
    for node in graph.nodes.values():
        if isinstance(node.run, Nested):
            wanted = frozenset(_wanted(node.run.graph))
            for held in node.policy.exclusive:
                yield from ((held, one) for one in sorted(wanted))
            yield from _pairs(node.run.graph)


def _wanted(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        yield from node.policy.exclusive
        if isinstance(node.run, Nested):
            yield from _wanted(node.run.graph)
