"""One system in a process of its own: `python -m benchmarks.peers.NAME PART SHAPE`, JSON out."""

import argparse
import gc
import json
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

import anyio

from benchmarks.engine.shapes import BROKEN, SHAPES, TIMED, Body, Needs, Spans, needs_of

Once: TypeAlias = Callable[[], Awaitable[object]]
"""Runs a graph that is built already."""
Build: TypeAlias = Callable[[Needs, Body], Once]
"""How a system makes its own graph of names and links, with one body for all nodes."""

PATIENCE = 60.0  # seconds that one cell of a table may take beyond its first run
ENOUGH = 0.3  # seconds that the timed runs of a small graph should add up to


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Medians per node in microseconds; `bare` is an anyio task group in the same process.

    `executions` are of one run: more than `nodes` means that the system ran some of them twice.
    """

    cpu: float
    wall: float
    bare: float
    rounds: int
    nodes: int
    executions: float

    @property
    def ratio(self) -> float:
        """How many times what the bare task group costs."""
        return self.cpu / self.bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What became of a graph in which one node fails."""

    caller: str
    named: str
    sibling: str
    merged: bool


class Counter:
    """Counts how often bodies ran."""

    def __init__(self) -> None:
        self.count = 0

    async def body(self, _name: str, **_needs: object) -> int:
        """Do nothing, once more."""
        self.count += 1
        return 0


async def bare_anyio(needs: Needs, body: Body) -> None:
    """One task per node and no order: what starting tasks costs."""
    async with anyio.create_task_group() as tasks:
        for name in needs:
            tasks.start_soon(body, name)


async def cost(build: Build, needs: Needs, rounds: int, enough: float = ENOUGH) -> Cost:
    """CPU and wall time per node, taking turns with the bare task group.

    At least `rounds` runs, and more of a small graph, until they add up to `enough` seconds.
    """
    counter, other = Counter(), Counter()
    once = build(needs, counter.body)
    first = await _timed(once)  # for warming up
    await _timed(lambda: bare_anyio(needs, other.body))
    wanted = max(rounds, min(101, int(enough / max(first[1], 1e-6))))
    until = time.perf_counter() + PATIENCE
    cpu, wall, bare = list[float](), list[float](), list[float]()
    while len(cpu) < wanted and (not cpu or time.perf_counter() < until):
        for taken, seconds in zip((cpu, wall), await _timed(once), strict=True):
            taken.append(seconds)
        bare.append((await _timed(lambda: bare_anyio(needs, other.body)))[0])
    return Cost(
        cpu=statistics.median(cpu) * 1e6 / len(needs),
        wall=statistics.median(wall) * 1e6 / len(needs),
        bare=statistics.median(bare) * 1e6 / len(needs),
        rounds=len(cpu),
        nodes=len(needs),
        executions=counter.count / (len(cpu) + 1),
    )


async def _timed(once: Once) -> tuple[float, float]:
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    await once()
    return time.process_time() - cpu, time.perf_counter() - wall


async def makespan(build: Build, spans: Spans, rounds: int) -> float:
    """Median seconds of wall clock of a graph whose nodes sleep."""

    async def sleep(name: str, **_needs: object) -> int:
        await anyio.sleep(spans[name][0])
        return 0

    once = build(needs_of(spans), sleep)
    await once()
    return statistics.median([(await _timed(once))[1] for _ in range(rounds)])


@dataclass(slots=True)
class Witness:
    """The bodies of the graph that breaks, and what they saw."""

    seen: list[str] = field(default_factory=list)

    async def body(self, name: str, **_needs: object) -> int:
        """Fail, sleep, or note that one ran."""
        self.seen.append(f"{name} began")
        if name == "broken":
            raise ValueError("the tool crashed")
        if name == "sibling":
            await self._sleep()
        self.seen.append(f"{name} ended")
        return 0

    async def _sleep(self) -> None:
        try:
            await anyio.sleep(0.2)
        except anyio.get_cancelled_exc_class():
            self.seen.append("sibling was cancelled")
            raise


async def failure(build: Build, told: Callable[[Any], str]) -> Failure:
    """Run the graph that breaks, and look at what is left."""
    witness = Witness()
    once = build(BROKEN, witness.body)
    notes = ""
    try:
        text = told(await once())
        caller = "a result"
    except Exception as error:  # noqa: BLE001 - whatever a system raises is what we came to see
        text, notes = str(error), " ".join(getattr(error, "__notes__", ()))
        caller = f"{type(error).__name__}: {text.strip().splitlines()[0][:60] if text else ''}"
    at_return = list(witness.seen)
    await anyio.sleep(0.4)
    return Failure(
        caller=caller,
        named="yes" if "broken" in text else "in __notes__" if "broken" in notes else "no",
        sibling=_fate(at_return, witness.seen),
        merged="merge ended" in witness.seen,
    )


def _fate(at_return: list[str], later: list[str]) -> str:
    if "sibling was cancelled" in later:
        return "cancelled"
    if "sibling ended" in at_return:
        return "finished"
    if "sibling ended" in later:
        return "orphaned, ends later"
    return "lost" if "sibling began" in at_return else "never started"


def serve(
    builds: Mapping[str, Build],
    told: Callable[[Any], str] = str,
    tolerant: Mapping[str, Build] | None = None,
) -> None:
    """Measure what the arguments ask for, and print it as JSON.

    `builds` are the variants of a system by name; `tolerant` are those whose merging node asks for
    failures too, where a system can; `told` is what a caller reads in a result.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variant", choices=builds)
    parser.add_argument("part", choices=["cost", "makespan", "failure"])
    parser.add_argument("shape", choices=[*SHAPES, *TIMED, "broken"])
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    build = builds[asked.variant]
    found: object
    if asked.part == "cost":
        found = asdict(anyio.run(cost, build, SHAPES[asked.shape], asked.rounds))
    elif asked.part == "makespan":
        found = anyio.run(makespan, build, TIMED[asked.shape], asked.rounds)
    else:
        found = asdict(anyio.run(failure, (tolerant or builds)[asked.variant], told))
    print(json.dumps(found), flush=True)
