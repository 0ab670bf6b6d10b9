"""How a graph is queued: the rank of every node, and the lane in which it waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.running.ready import Ready, ranked
from reviewbot.dag.running.unit import Lane


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A graph with ranks (0 first) and lanes; shared by all runs of the graph within one run."""

    graph: Graph
    ranks: Mapping[str, int]
    lanes: Mapping[str, Lane]
    conditional: tuple[Node, ...]


class Plans:
    """One plan per graph; a subgraph that is run a hundred times is planned once."""

    def __init__(self, ready: Ready, estimates: Mapping[str, float]) -> None:
        self._ready = ready
        self._estimates = estimates
        self._plans: dict[tuple[int, str], Plan] = {}

    def of(self, graph: Graph, place: str = "") -> Plan:
        """The plan of a graph; `place` is the path of its node without items, and a slash."""
        known = self._plans.get((id(graph), place))  # the plan keeps its graph alive
        if known is None:
            known = self._plans[id(graph), place] = self._planned(graph, place)
        return known

    def _planned(self, graph: Graph, place: str) -> Plan:
        start = len(place)
        estimates = {
            path[start:]: seconds
            for path, seconds in self._estimates.items()
            if path.startswith(place)
        }
        ranks = {name: rank for rank, name in enumerate(ranked(graph, estimates))}
        conditional = tuple(node for node in graph.nodes.values() if node.when is not None)
        lanes = self._lanes(graph)
        return Plan(graph=graph, ranks=ranks, lanes=lanes, conditional=conditional)

    def _lanes(self, graph: Graph) -> Mapping[str, Lane]:
        ready, known = self._ready, dict[tuple[int, bool], Lane]()
        lanes: dict[str, Lane] = {}
        for name, node in graph.nodes.items():
            key = (id(node.policy), type(node.run) is Nested)  # most nodes share their policy
            lane = known.get(key)
            if lane is None:
                lane = ready.waiting_lane(node.policy) if key[1] else ready.lane(node.policy)
                known[key] = lane
            lanes[name] = lane
        return lanes
