"""A campaign: reviews in which every call may fail, and what their readers still get.

    python -m benchmarks.faults [--runs 1000] [--tools 50] [--every] [--rate 0.05] [--seed 1]
                                [--json FILE]

Each of the `--runs` is the real graph of a review over four analyzers in this process, set as
reviewbot sets them by default (a backup for types, two for security, none for lint and tests), on
asyncio and on trio in turn. Each call of an analyzer or a backup fails with probability `--rate`,
in one of the ways of `reviewbot.testing.Fault`. Each of the `--tools` runs is the same with ruff,
mypy, bandit and the test selection as real processes: each program that is started is replaced,
with the same probability, by one that misbehaves. `--every` leaves nothing to chance: each fault
befalls each start of a program once, alone.

Ends with exit code 1 when a promise was broken. The seed of a run is `--seed` and its number, so
any run can be had again.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import anyio

from benchmarks.faults.campaign import Scene, reviewed
from benchmarks.faults.scenes import in_process, with_tools
from benchmarks.faults.tally import Tally
from reviewbot.testing import Fault, Faults

_BACKENDS = ("asyncio", "trio")


def main() -> int:
    """Run both campaigns and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--tools", type=int, default=0)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = {}
    chance = f"{asked.rate:.0%} of all calls fail, seed {asked.seed}"
    if asked.runs:
        plans = drawn(asked.runs, rate=asked.rate, seed=asked.seed)
        found["in process"] = told(
            f"in process: {asked.runs} reviews, {chance}", in_process(), plans
        )
    if asked.tools:
        with with_tools() as scene:
            plans = drawn(asked.tools, rate=asked.rate, seed=asked.seed)
            found["with tools"] = told(f"with tools: {asked.tools} reviews, {chance}", scene, plans)
    if asked.every:
        with with_tools() as scene:
            found["every"] = told("with tools: every fault at every start", scene, every(scene))
    if asked.json:
        lines = {name: list(tally.lines()) for name, tally in found.items()}
        asked.json.write_text(json.dumps({"seed": asked.seed, **lines}, indent=2) + "\n")
    return 0 if all(tally.kept for tally in found.values()) else 1


def told(title: str, scene: Scene, plans: Iterable[Faults]) -> Tally:
    """Run one campaign and print its table."""
    begun = time.monotonic()
    print(title)
    tally = campaign(scene, plans)
    for line in (*tally.lines(), *tally.silent, *tally.left):
        print(f"  {line}")
    print(f"  in {time.monotonic() - begun:.0f} s\n")
    return tally


def drawn(runs: int, *, rate: float, seed: int) -> Iterator[Faults]:
    """So many plans, each with a seed of its own."""
    return (Faults(seed=seed * 1_000_003 + number, rate=rate) for number in range(runs))


def every(scene: Scene) -> Iterator[Faults]:
    """One plan for each fault of each call that a review makes in peace."""
    calm = anyio.run(reviewed, scene, Faults(rate=0))
    for name, count in sorted(calm.faults.calls.items()):
        for number in range(count):
            for fault in Fault:
                yield Faults(script={name: [None] * number + [fault]}, seconds=0.2)


def campaign(scene: Scene, plans: Iterable[Faults]) -> Tally:
    """A review of the scene under each of the plans, on both event loops in turn."""
    tally = Tally(calm=anyio.run(reviewed, scene, Faults(rate=0)))
    for number, faults in enumerate(plans):
        backend = _BACKENDS[number % len(_BACKENDS)]
        tally.add(anyio.run(reviewed, scene, faults, backend=backend))
    return tally


if __name__ == "__main__":
    sys.exit(main())
