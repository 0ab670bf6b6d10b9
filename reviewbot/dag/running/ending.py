"""How a run ends early: what is cut off, and what may still close it."""

from dataclasses import dataclass

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Status


class RunEndedError(Exception):
    """Indicates that the run ended while the node was at work; `status` is the node's end."""

    def __init__(self, reason: str, status: Status) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why a run ends early, and how its nodes end: at work, still waiting, or not at all (`keep`).

    Example: at a deadline a node at work timed out and one that waits is skipped; when the run is
    stopped both are cancelled.
    """

    why: str
    working: Status
    waiting: Status
    keep: frozenset[str] = frozenset()


def closing(graph: Graph) -> frozenset[str]:
    """The nodes that still run when a run ends early.

    Each of their dependencies is asked for as an Outcome or is itself such a node, and there is at
    least one: they gather what exists and need nobody who may not have answered.
    """
    found: set[str] = set()
    for name in graph.order:
        edges = [edge for edge in graph.nodes[name].all_edges if edge.node in graph.nodes]
        if edges and all(edge.kind is EdgeKind.OUTCOME or edge.node in found for edge in edges):
            found.add(name)
    return frozenset(found)
