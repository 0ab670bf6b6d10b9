"""N4: what importing costs, in CPU of a fresh interpreter."""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterable

from benchmarks.engine.systems import ROOT, Bench, System, quiet
from benchmarks.engine.table import show

FLOORS = {
    "python": "sys",
    "asyncio": "asyncio",
    "anyio": "anyio",
    "anyio + pydantic": "anyio, pydantic",
    "the same, in use": "anyio, pydantic.main",
}


def measured(bench: Bench, systems: Iterable[System]) -> dict[str, float]:
    """Milliseconds of CPU, user and system, interpreter included; prints the table."""
    wanted = FLOORS | {system.name: system.loads for system in systems if system.loads}
    taken: dict[str, list[float]] = {name: [] for name in wanted}
    for turn in range(bench.rounds + 1):  # the first writes the bytecode
        for name, loads in wanted.items():
            milliseconds = _once(bench.python, loads)
            if turn:
                taken[name].append(milliseconds)
    found = {name: statistics.median(values) for name, values in taken.items()}
    rows = [(name, wanted[name], f"{value:.0f}") for name, value in found.items()]
    show("CPU milliseconds of a fresh interpreter", ("system", "import", "ms"), rows)
    return found


def _once(python: str, loads: str) -> float:
    with tempfile.TemporaryDirectory(prefix="engine-") as home:
        child = subprocess.Popen(
            [python, "-c", f"import {loads}"],
            cwd=ROOT,
            env=quiet(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return (used.ru_utime + used.ru_stime) * 1e3
