"""The ready queue: who starts next, given priorities, resources and how many may run at once."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import TypeAlias

from reviewbot.dag.graph import Graph
from reviewbot.dag.policy import Policy
from reviewbot.dag.topology import remaining

Needs: TypeAlias = tuple[tuple[str, float], ...]

_ROUNDING = 1e-9  # sums of fractions such as 0.1 must still fit into their limit


@dataclass(slots=True)
class Lane:
    """Waiting nodes that need exactly the same resources; a heap of ranks."""

    needs: Needs
    heap: list[int] = field(default_factory=list)


class Ready:
    """Nodes that could start, best first: priority, then remaining critical path, then name.

    Nodes with the same needs share a lane, so one that lacks a resource delays nobody who does not
    need it. A node that wants more of a resource than there is takes all there is.

    Raises:
        ValueError: a limit that lets nothing start.
    """

    def __init__(
        self,
        graph: Graph,
        estimates: Mapping[str, float],
        limits: Mapping[str, float],
        max_parallel: int | None,
    ) -> None:
        if any(
            not amount > 0
            for amount in (*limits.values(), 1 if max_parallel is None else max_parallel)
        ):
            raise ValueError(f"limits must be above zero: {dict(limits)}, {max_parallel=}")
        self._names = ranked(graph, estimates)
        self._rank = {name: rank for rank, name in enumerate(self._names)}
        self._slots = math.inf if max_parallel is None else max_parallel
        self._free: dict[str, float] = dict(limits)
        self._open = Lane(())
        self._lanes: dict[Needs, Lane] = {}
        self._lane_of: dict[str, Lane] = {}
        self._assign(graph, limits)

    def _assign(self, graph: Graph, limits: Mapping[str, float]) -> None:
        known: dict[int, Lane] = {}  # by identity: most nodes share their policy
        for name, node in graph.nodes.items():
            policy = node.policy
            if policy.resources or policy.exclusive:
                lane = known.get(id(policy))
                if lane is None:
                    lane = known[id(policy)] = self._lane(_needs(policy, limits))
                self._lane_of[name] = lane

    def _lane(self, needs: Needs) -> Lane:
        if not needs:
            return self._open
        for key, _ in needs:
            self._free.setdefault(key, 1.0)  # what is no limited resource is a lock
        return self._lanes.setdefault(needs, Lane(needs))

    def push(self, name: str) -> None:
        """Let this node wait for its turn."""
        heappush(self._lane_of.get(name, self._open).heap, self._rank[name])

    def _best(self) -> Lane | None:
        if self._slots < 1:
            return None
        best = self._open if self._open.heap else None
        for lane in self._lanes.values():
            if lane.heap and self._fits(lane) and (best is None or lane.heap[0] < best.heap[0]):
                best = lane
        return best

    def _fits(self, lane: Lane) -> bool:
        for key, amount in lane.needs:  # noqa: SIM110 - a generator costs more than it compares
            if self._free[key] + _ROUNDING < amount:
                return False
        return True

    def __bool__(self) -> bool:
        """Whether `take` would give a node now."""
        return self._best() is not None

    def take(self) -> str | None:
        """The best node that fits, with its slot and resources taken; None if none does."""
        lane = self._best()
        if lane is None:
            return None
        self._occupy(lane)
        return self._names[heappop(lane.heap)]

    def _occupy(self, lane: Lane) -> None:
        self._slots -= 1
        for key, amount in lane.needs:
            self._free[key] -= amount

    def retake(self, name: str) -> None:
        """Take a node's slot and resources back unasked, over the limit if need be.

        For a node whose waiting was cancelled: what it does from then on is to end.
        """
        self._occupy(self._lane_of.get(name, self._open))

    def release(self, name: str) -> None:
        """Give back what `take` took for this node."""
        self._slots += 1
        for key, amount in self._lane_of.get(name, self._open).needs:
            self._free[key] += amount

    def remove(self, chosen: Callable[[str], bool]) -> tuple[str, ...]:
        """Take the chosen nodes out of the queue, best first, without running them."""
        gone: list[int] = []
        for lane in (self._open, *self._lanes.values()):
            gone.extend(rank for rank in lane.heap if chosen(self._names[rank]))
            lane.heap[:] = [rank for rank in lane.heap if not chosen(self._names[rank])]
            heapify(lane.heap)
        return tuple(self._names[rank] for rank in sorted(gone))


def ranked(graph: Graph, estimates: Mapping[str, float]) -> tuple[str, ...]:
    """The nodes by priority, remaining critical path (both largest first) and name.

    `estimates` are seconds; a node without one counts as the mean of the others, or as 1.
    """
    usual = sum(estimates.values()) / len(estimates) if estimates else 1.0
    weights = {name: estimates.get(name, usual) for name in graph.order}
    rest = remaining(graph.order, graph.after, weights)
    nodes = graph.nodes
    keys = {name: (-nodes[name].policy.priority, -rest[name], name) for name in graph.order}
    return tuple(sorted(graph.order, key=keys.__getitem__))


def _needs(policy: Policy, limits: Mapping[str, float]) -> Needs:
    taken = {
        key: min(amount, limits[key]) for key, amount in policy.resources.items() if key in limits
    }
    return tuple(sorted({**taken, **_locks(policy.exclusive)}.items()))


def _locks(names: Iterable[str]) -> dict[str, float]:
    # A prefix that no resource name has keeps a lock "cpu" apart from the resource "cpu".
    return {f"lock:{name}": 1.0 for name in names}
