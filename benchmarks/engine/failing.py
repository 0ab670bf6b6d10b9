"""N3: one node fails beside a sibling that takes 0.2 s, before a node that merges the two."""

from collections.abc import Iterable
from typing import Any

from benchmarks.engine.systems import Bench, System
from benchmarks.engine.table import show

COLUMNS = ("system", "what the caller gets", "names the node", "sibling", "merge runs")


def measured(bench: Bench, systems: Iterable[System]) -> dict[str, Any]:
    """What every system makes of it; prints the table."""
    found = {
        system.name: bench.ask(system, "failure", "broken")
        for system in systems
        if system.takes_part("failure")
    }
    show("One node fails", COLUMNS, [(name, *_cells(each)) for name, each in found.items()])
    return found


def _cells(found: Any) -> tuple[str, ...]:  # noqa: ANN401 - decoded JSON
    if isinstance(found, str):
        return (found, "", "", "")
    merged = "yes" if found["merged"] else "no"
    return (found["caller"], found["named"], found["sibling"], merged)
