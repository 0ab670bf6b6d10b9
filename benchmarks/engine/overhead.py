"""N1: CPU per node of a graph whose nodes do nothing."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from benchmarks.engine.systems import Bench, System
from benchmarks.engine.table import show

Costs: TypeAlias = dict[str, dict[str, Any]]
"""By system and shape: a Cost as a mapping, or why there is none."""


def measured(bench: Bench, systems: Iterable[System], shapes: Iterable[str]) -> Costs:
    """Every system on every shape, one process each; prints the table."""
    asked = tuple(shapes)
    found: Costs = {}
    for system in systems:
        costs = {
            shape: bench.ask(system, "cost", shape)
            for shape in asked
            if system.takes_part("cost", shape)
        }
        if costs:
            found[system.name] = costs
    show(
        "CPU microseconds per node [wall], x = times bare anyio in the same process",
        ("system", *asked),
        [(name, *(cell(costs.get(shape)) for shape in asked)) for name, costs in found.items()],
    )
    return found


def cell(cost: Mapping[str, Any] | str | None) -> str:
    """One figure; a graph in which a node ran twice is no result but a mistake."""
    if cost is None or isinstance(cost, str):
        return cost or "-"
    few = "" if cost["rounds"] >= 7 else f" ({cost['rounds']} runs)"
    text = f"{cost['cpu']:.1f} [{cost['wall']:.0f}] {ratio(cost):.2f}x{few}"
    if cost["executions"] != cost["nodes"]:
        return f"WRONG {cost['executions']:.0f} of {cost['nodes']}: {text}"
    return text


def ratio(cost: Mapping[str, Any]) -> float:
    """Times bare anyio."""
    return float(cost["cpu"] / cost["bare"])
