"""The ready queue: who starts next, given priorities, resources and how many may run at once."""

import math
from collections.abc import Callable, Iterable, Mapping
from heapq import heapify, heappop, heappush

from reviewbot.dag.graph import Graph
from reviewbot.dag.policy import Policy
from reviewbot.dag.running.unit import Lane, Needs, Unit
from reviewbot.dag.topology import remaining

_ROUNDING = 1e-9  # sums of fractions such as 0.1 must still fit into their limit


class Ready:
    """Units that could start, the one with the least key first.

    Units with the same needs share a lane, so one that lacks a resource delays nobody who does not
    need it. A unit that wants more of a resource than there is takes all there is.

    Raises:
        ValueError: a limit that lets nothing start.
    """

    def __init__(self, limits: Mapping[str, float], max_parallel: int | None) -> None:
        if any(
            not amount > 0
            for amount in (*limits.values(), 1 if max_parallel is None else max_parallel)
        ):
            raise ValueError(f"limits must be above zero: {dict(limits)}, {max_parallel=}")
        self._limits = limits
        self._slots = math.inf if max_parallel is None else max_parallel
        self._free: dict[str, float] = dict(limits)
        self._open = Lane(())
        self._lanes: dict[Needs, Lane] = {}
        self._waiting_lanes: dict[Needs, Lane] = {}

    def lane(self, policy: Policy) -> Lane:
        """Where units of this policy wait."""
        if not policy.resources and not policy.exclusive:
            return self._open
        needs = self._known(_needs(policy, self._limits))
        return self._lanes.setdefault(needs, Lane(needs)) if needs else self._open

    def waiting_lane(self, policy: Policy) -> Lane:
        """Where units wait that only wait for others: they take locks, but no slot."""
        needs = self._known(tuple(sorted(_locks(policy.exclusive).items())))
        return self._waiting_lanes.setdefault(needs, Lane(needs, 0))

    def _known(self, needs: Needs) -> Needs:
        for key, _ in needs:
            self._free.setdefault(key, 1.0)  # what is no limited resource is a lock
        return needs

    def push(self, unit: Unit) -> None:
        """Let this unit wait for its turn."""
        heappush(unit.lane.heap, (unit.key, unit))

    def _best(self) -> Lane | None:
        best = None
        if self._slots >= 1:
            best = self._open if self._open.heap else None
            if self._lanes:
                best = self._better(best, self._lanes.values())
        return self._better(best, self._waiting_lanes.values()) if self._waiting_lanes else best

    def _better(self, best: Lane | None, lanes: Iterable[Lane]) -> Lane | None:
        for lane in lanes:
            if lane.heap and self._fits(lane) and (best is None or lane.heap[0] < best.heap[0]):
                best = lane
        return best

    def _fits(self, lane: Lane) -> bool:
        for key, amount in lane.needs:  # noqa: SIM110 - a generator costs more than it compares
            if self._free[key] + _ROUNDING < amount:
                return False
        return True

    def __bool__(self) -> bool:
        """Whether `take` would give a unit now."""
        return self._best() is not None

    def take(self) -> Unit | None:
        """The best unit that fits, with its slot and resources taken; None if none does."""
        lane = self._best()
        if lane is None:
            return None
        self._occupy(lane)
        return heappop(lane.heap)[1]

    def _occupy(self, lane: Lane) -> None:
        self._slots -= lane.slots
        for key, amount in lane.needs:
            self._free[key] -= amount

    def retake(self, unit: Unit) -> None:
        """Take a unit's slot and resources back unasked, over the limit if need be.

        For a unit whose waiting was cancelled: what it does from then on is to end.
        """
        self._occupy(unit.lane)

    def release(self, unit: Unit) -> None:
        """Give back what `take` took for this unit."""
        lane = unit.lane
        self._slots += lane.slots
        for key, amount in lane.needs:
            self._free[key] += amount

    def remove(self, chosen: Callable[[Unit], bool]) -> tuple[Unit, ...]:
        """Take the chosen units out of the queue, best first, without running them."""
        gone: list[Unit] = []
        for lane in (self._open, *self._lanes.values(), *self._waiting_lanes.values()):
            kept = [entry for entry in lane.heap if not chosen(entry[1])]
            if len(kept) < len(lane.heap):
                left = {key for key, _ in kept}
                gone.extend(unit for key, unit in lane.heap if key not in left)
                lane.heap[:] = kept
                heapify(lane.heap)
        return tuple(sorted(gone, key=lambda unit: unit.key))


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
