"""What the engine costs beside its peers, and how close it comes to what is possible.

    python -m benchmarks.engine [--python PEERS/bin/python] [--only PART ...] [--systems NAME ...]
                                [--shapes SHAPE ...] [--rounds 7] [--extra] [--json FILE]

Every figure is a median. Each system runs each graph in a process of its own, in the interpreter
given with `--python`, which has the packages of the dependency group `peers`; a peer that is not
installed is named and left out. Bodies of nodes are empty coroutine functions that count
themselves, one run is for warming up, and runs take turns with a bare task group of anyio (one
task per node, no order) in the same process: compare the ratios, a busy machine changes the
microseconds. *reviewbot* gives every node a timeout, a priority and a resource limit and records
its outcome; *plain* asks for nothing.
"""

import argparse
import datetime as dt
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine import building, failing, goals, imports, makespan, overhead
from benchmarks.engine.shapes import SHAPES
from benchmarks.engine.systems import SYSTEMS, Bench, System

PARTS = ("cost", "makespan", "crowded", "failure", "imports", "building")


def main() -> None:
    """Measure, print the tables, and write them as JSON if asked to."""
    asked = _parser().parse_args()
    bench = Bench(python=asked.python, rounds=asked.rounds)
    systems, result = _present(bench, asked)
    parts = asked.only or PARTS
    if "cost" in parts:
        result["cost"] = overhead.measured(bench, systems, asked.shapes)
    if "makespan" in parts:
        result["makespan"] = makespan.measured(bench, systems)
        result["retry"] = makespan.retried(bench.rounds)
    if "crowded" in parts:
        found = {workers: makespan.crowded(asked.graphs, workers) for workers in (4, 2)}
        makespan.show_crowded(found)
        result["crowded"] = {str(workers): ways for workers, ways in found.items()}
    if "failure" in parts:
        result["failure"] = failing.measured(bench, systems)
    if "imports" in parts:
        result["imports"] = imports.measured(bench, systems)
    if "building" in parts:
        result["building"] = building.measured(bench.rounds)
    result["goals"] = goals.measured(result)
    result["load after"] = os.getloadavg()
    print(f"\nload {_load()}")
    if asked.json is not None:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(result, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--systems", nargs="+", choices=[each.name for each in SYSTEMS])
    parser.add_argument("--shapes", nargs="+", choices=[*SHAPES], default=[*SHAPES])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--graphs", type=int, default=500)
    parser.add_argument(
        "--extra", action="store_true", help="Prefect too: it starts a server of its own"
    )
    parser.add_argument("--json", type=Path)
    return parser


def _present(bench: Bench, asked: argparse.Namespace) -> tuple[Sequence[System], dict[str, Any]]:
    """The systems that can be run, and what has to be said before any figure."""
    wanted = [
        each
        for each in SYSTEMS
        if each.name in (asked.systems or [each.name]) and (asked.extra or not each.extra)
    ]
    versions = bench.versions(each.distribution for each in wanted)
    missing = [each.name for each in wanted if each.distribution not in {"", *versions}]
    said = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "load before": os.getloadavg(),
        "versions": versions,
        "missing": missing,
    }
    print(f"{said['date']}, Python {said['python']}, {said['cores']} cores, load {_load()}")
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    if missing:
        print(f"not installed: {', '.join(missing)}")
    return [each for each in wanted if each.name not in missing], said


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    main()
