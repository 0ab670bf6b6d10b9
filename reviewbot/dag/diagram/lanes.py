"""Lanes: as few rows as can show everything that was at work at the same time."""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

from reviewbot.dag.diagram.walk import Step


def lanes(places: Iterable[Step]) -> Mapping[str, int]:
    """The row (0, 1, ...) of every place that was at work; no two of one row overlap in time.

    Greedy by start, which needs no more rows than were ever busy at once (interval partitioning).
    """
    found: dict[str, int] = {}
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    for step in sorted(places, key=_start):
        if step.outcome is None or not step.outcome.is_started:
            continue
        while busy and busy[0][0] <= step.outcome.started:
            heappush(free, heappop(busy)[1])
        lane = heappop(free) if free else len(busy)
        found[step.path] = lane
        heappush(busy, (step.outcome.started + step.outcome.seconds, lane))
    return found


def _start(step: Step) -> float:
    return 0.0 if step.outcome is None else step.outcome.started
