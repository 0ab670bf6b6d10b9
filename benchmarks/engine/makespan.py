"""N2: how long graphs of sleeping nodes take, beside what is possible."""

import math
import random
import statistics
import time
from collections.abc import Iterable, Mapping
from functools import partial

import anyio
import trio.testing

from benchmarks.engine.shapes import TIMED, Spans, needs_of
from benchmarks.engine.systems import Bench, System
from benchmarks.engine.table import show
from benchmarks.engine.worker import Once
from benchmarks.peers.ours import graph_of
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.runner import run

Seconds = Mapping[str, float]


def measured(bench: Bench, systems: Iterable[System]) -> dict[str, dict[str, float | str]]:
    """Seconds of wall clock with a worker for everybody; prints the table."""
    found: dict[str, dict[str, float | str]] = {
        "critical path": {name: critical(spans) for name, spans in TIMED.items()}
    }
    for system in systems:
        if system.takes_part("makespan"):
            found[system.name] = {name: bench.ask(system, "makespan", name) for name in TIMED}
    rows = [(name, *(_text(spans[shape]) for shape in TIMED)) for name, spans in found.items()]
    show("Seconds of wall clock, nodes that sleep", ("system", *TIMED), rows)
    return found


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3f}"


def critical(spans: Spans) -> float:
    """The longest chain in seconds: nobody can be quicker."""
    rest: dict[str, float] = {}
    for name, (seconds, wanted) in spans.items():  # written in an order that can be run
        rest[name] = seconds + max((rest[other] for other in wanted), default=0.0)
    return max(rest.values())


def crowded(count: int, workers: int) -> dict[str, dict[str, float]]:
    """Makespan / max(critical path, work / workers) of random graphs with too few workers.

    `count` graphs of 40 nodes with log-normal durations: this engine as it is on trio's MockClock,
    so that sleeping is exact and free, and beside it what waves and a plain queue would take.
    """
    dice = random.Random(7)  # noqa: S311 - the same graphs every time
    every = [_random(dice) for _ in range(count)]
    ways = {"reviewbot": engine, "queue, first come": first_come, "waves": in_waves}
    return {
        name: _spread([way(spans, workers) / _ideal(spans, workers) for spans in every])
        for name, way in ways.items()
    }


def show_crowded(found: Mapping[int, Mapping[str, Seconds]]) -> None:
    """Print the table."""
    rows = [
        (f"{workers} workers, {name}", f"{each['median']:.3f}", f"{each['p95']:.3f}")
        for workers, ways in found.items()
        for name, each in ways.items()
    ]
    show(
        "Makespan / max(critical path, work / workers), random graphs",
        ("schedule", "median", "p95"),
        rows,
    )


def retried(rounds: int) -> float:
    """Milliseconds that a retry takes beyond sleeping for as long as node and delay; printed."""
    work, delay = 0.02, 0.05
    failed: list[int] = []

    async def flaky() -> None:
        await anyio.sleep(work)
        if len(failed) % 2 == 0:
            failed.append(1)
            raise ConnectionError
        failed.append(0)

    async def asleep() -> None:
        for seconds in (work, delay, work):
            await anyio.sleep(seconds)

    async def timed(once: Once) -> float:
        begun = time.perf_counter()
        await once()
        return time.perf_counter() - begun

    async def compared() -> list[float]:
        await once()  # for warming up
        return [await timed(once) - await timed(asleep) for _ in range(rounds)]

    retry = Retry(on=(ConnectionError,), base=delay, jitter=Jitter.NONE)
    graph = Graph([Node(name="flaky", run=flaky, policy=Policy(retry=retry))])
    once = partial(run, graph)
    taken = anyio.run(compared)
    beyond = statistics.median(taken) * 1e3
    show("A retry of one node", ("what", "ms"), [("beyond delay and work", f"{beyond:.2f}")])
    return beyond


def _random(dice: random.Random) -> Spans:
    return {
        f"n{i}": (
            dice.lognormvariate(0, 1),
            tuple(sorted({f"n{dice.randrange(i)}" for _ in range(dice.randint(0, 3))}))
            if i
            else (),
        )
        for i in range(40)
    }


def _ideal(spans: Spans, workers: int) -> float:
    return max(critical(spans), sum(seconds for seconds, _ in spans.values()) / workers)


def _spread(ratios: list[float]) -> dict[str, float]:
    ordered = sorted(ratios)
    return {
        "median": statistics.median(ordered),
        "p95": ordered[math.ceil(len(ordered) * 0.95) - 1],
    }


def engine(spans: Spans, workers: int) -> float:
    """This engine, told how long each node will take."""

    async def sleep(name: str, **_needs: object) -> None:
        await anyio.sleep(spans[name][0])

    async def timed() -> float:
        begun = trio.current_time()
        await run(graph, max_parallel=workers, estimates=estimates)
        return trio.current_time() - begun

    graph = graph_of(needs_of(spans), sleep)
    estimates = {name: seconds for name, (seconds, _) in spans.items()}
    options = {"clock": trio.testing.MockClock(autojump_threshold=0)}
    return anyio.run(timed, backend="trio", backend_options=options)


def first_come(spans: Spans, workers: int) -> float:
    """A queue without priorities."""
    free, done = [0.0] * workers, dict[str, float]()
    waiting = dict(spans)
    while waiting:
        ready = {
            name: max((done[other] for other in wanted), default=0.0)
            for name, (_, wanted) in waiting.items()
            if all(other in done for other in wanted)
        }
        name = min(ready, key=ready.__getitem__)
        free.sort()
        free[0] = done[name] = max(free[0], ready[name]) + spans[name][0]
        del waiting[name]
    return max(done.values())


def in_waves(spans: Spans, workers: int) -> float:
    """Barriers: a wave starts when the one before has ended; the longest of a wave first."""
    wave: dict[str, int] = {}
    for name, (_, wanted) in spans.items():
        wave[name] = max((wave[other] + 1 for other in wanted), default=0)
    whole = 0.0
    for number in range(max(wave.values()) + 1):
        free = [0.0] * workers
        for seconds in sorted(
            (spans[name][0] for name in wave if wave[name] == number), reverse=True
        ):
            free[free.index(min(free))] += seconds
        whole += max(free)
    return whole
