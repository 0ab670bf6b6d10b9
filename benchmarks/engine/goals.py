"""N5: what the engine is meant to reach, beside what was measured; nothing is asserted on time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.engine.overhead import ratio
from benchmarks.engine.table import show

OURS = "reviewbot"
Result = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A quantity, the most it may be, and how it is read from what was measured."""

    what: str
    most: float
    read: Callable[[Result], float]


def _cost(shape: str) -> Callable[[Result], float]:
    return lambda result: ratio(result["cost"][OURS][shape])


def _growth(result: Result) -> float:
    ours = result["cost"][OURS]
    return float(ours["fan 10000"]["cpu"] / ours["fan 1000"]["cpu"])


def _over(shape: str) -> Callable[[Result], float]:
    def read(result: Result) -> float:
        spans = result["makespan"]
        return float(spans[OURS][shape] - spans["critical path"][shape] * 1.01) * 1e3

    return read


def _crowded(which: str) -> Callable[[Result], float]:
    return lambda result: float(result["crowded"]["4"][OURS][which])


def _building(result: Result) -> float:
    return float(next(iter(result["building"].values())))


def _import(floor: str) -> Callable[[Result], float]:
    return lambda result: float(result["imports"][OURS] / result["imports"][floor])


GOALS = (
    *(
        Goal(what=f"{shape}, x bare anyio", most=most, read=_cost(shape))
        for shape, most in (
            ("fan 1000", 1.0),
            ("layer1000", 1.0),
            ("fan 10000", 1.0),
            ("chain 100", 2.0),
        )
    ),
    Goal(what="fan 10000 / fan 1000, per node", most=1.3, read=_growth),
    *(
        Goal(what=f"{shape}, ms over critical path x 1.01", most=15.0, read=_over(shape))
        for shape in ("skewed", "review")
    ),
    *(
        Goal(
            what=f"4 workers, random graphs, {which}",
            most=most,
            read=_crowded(which),
        )
        for which, most in (("median", 1.01), ("p95", 1.05))
    ),
    Goal(
        what="retry, ms over delay and work",
        most=1.0,
        read=lambda result: float(result["retry"]),
    ),
    Goal(what="build 1,000 nodes, 2,000 edges, ms", most=20.0, read=_building),
    Goal(what="import, ms", most=170.0, read=lambda result: float(result["imports"][OURS])),
    Goal(what="import, x anyio + pydantic", most=1.1, read=_import("anyio + pydantic")),
    Goal(what="import, x the same in use", most=1.1, read=_import("the same, in use")),
)


def reached(result: Result) -> Iterator[tuple[Goal, float]]:
    """The goals of which something was measured, each with its figure."""
    for goal in GOALS:
        try:
            yield goal, goal.read(result)
        except (KeyError, TypeError):
            continue  # that part was not asked for, or has a text in place of a figure


def measured(result: Result) -> dict[str, dict[str, float | bool]]:
    """Print the goals, met or not; gives them as values."""
    found = tuple(reached(result))
    rows = [
        (goal.what, f"{goal.most:g}", f"{value:.3f}", "met" if value <= goal.most else "NOT MET")
        for goal, value in found
    ]
    if rows:
        show("Goals", ("quantity", "at most", "measured", ""), rows)
    return {
        goal.what: {"most": goal.most, "measured": value, "met": value <= goal.most}
        for goal, value in found
    }
