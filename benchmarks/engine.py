"""What the engine costs per node, and how close its makespans come to what is possible.

    python benchmarks/engine.py [--rounds 7] [--json FILE]

Every figure is a median over rounds in which the compared systems take turns in one process, so
that a busy machine slows them alike: compare the ratios. Bodies are empty coroutine functions that
count themselves. *bare anyio* is one task group with one task per node and no dependencies at all;
*graphlib* is a ready queue of asyncio tasks over the standard library's TopologicalSorter.
*engine* gives every node a timeout, a priority and a resource limit, and records its outcome.
Makespans of `skewed` and `review` are real sleeps; those of the 500 random graphs are the same
engine on trio's MockClock, so only the sleeping is simulated.
"""

import argparse
import asyncio
import gc
import json
import math
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import anyio
import trio.testing

from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.runner import run

Needs = Mapping[str, tuple[str, ...]]
Body = Callable[..., Coroutine[Any, Any, None]]
Measure = dict[str, dict[str, float]]

POLICY = Policy(timeout=60, resources={"cpu": 1})
LIMITS = {"cpu": 16.0}


def chain(length: int) -> Needs:
    """Each node needs the one before it."""
    return {f"n{i}": (f"n{i - 1}",) if i else () for i in range(length)}


def fan(width: int) -> Needs:
    """A source, `width` nodes after it, a sink after them all."""
    middle = {f"n{i}": ("source",) for i in range(width)}
    return {"source": (), **middle, "sink": tuple(middle)}


def layers(count: int, width: int) -> Needs:
    """Layers whose nodes need one to three random nodes of the layer before."""
    dice = random.Random(7)  # noqa: S311 - the same graph every time
    needs: dict[str, tuple[str, ...]] = {"source": ()}
    before = ["source"]
    for layer in range(count):
        fresh = [f"n{layer}.{i}" for i in range(width)]
        for name in fresh:
            needs[name] = tuple(dice.sample(before, min(len(before), dice.randint(1, 3))))
        before = fresh
    return {**needs, "sink": tuple(before)}


SHAPES: Mapping[str, Needs] = {
    "chain 100": chain(100),
    "fan 1000": fan(1000),
    "fan 10000": fan(10_000),
    "layer1000": layers(20, 49),
}


class Counter:
    """Counts how often bodies ran."""

    def __init__(self) -> None:
        self.count = 0

    async def body(self, **_needs: object) -> None:
        """Do nothing, once more."""
        self.count += 1


def graph_of(needs: Needs, body: Body, policy: Policy) -> Graph:
    """The engine's graph of this shape, with one body for all nodes."""
    return Graph(
        Node(
            name=name,
            run=body,
            edges=tuple(Edge(parameter=other, node=other) for other in wanted),
            policy=policy,
        )
        for name, wanted in needs.items()
    )


async def bare_anyio(needs: Needs, body: Body) -> None:
    """One task per node, no order."""
    async with anyio.create_task_group() as tasks:
        for _ in needs:
            tasks.start_soon(body)


async def with_graphlib(needs: Needs, body: Body) -> None:
    """A ready queue of asyncio tasks."""
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    done: asyncio.Queue[str] = asyncio.Queue()

    async def work(name: str) -> None:
        await body()
        done.put_nowait(name)

    async with asyncio.TaskGroup() as tasks:
        while sorter.is_active():
            for name in sorter.get_ready():
                tasks.create_task(work(name))
            sorter.done(await done.get())


async def engine(graph: Graph) -> None:
    """The engine with everything on."""
    await run(graph, limits=LIMITS)


def overhead(rounds: int) -> Measure:
    """CPU microseconds per node, by shape and system."""
    return {shape: _overhead(needs, rounds) for shape, needs in SHAPES.items()}


def _overhead(needs: Needs, rounds: int) -> dict[str, float]:
    counter = Counter()
    graph = graph_of(needs, counter.body, POLICY)
    plain = graph_of(needs, counter.body, Policy())
    systems: dict[str, Callable[[], Awaitable[None]]] = {
        "bare anyio": partial(bare_anyio, needs, counter.body),
        "graphlib": partial(with_graphlib, needs, counter.body),
        "engine, no policy": partial(engine, plain),
        "engine": partial(engine, graph),
    }
    taken: dict[str, list[float]] = {name: [] for name in systems}
    for turn in range(rounds + 1):  # the first is for warming up
        for name, system in systems.items():
            seconds = anyio.run(_cpu_seconds, system)
            if turn:
                taken[name].append(seconds * 1e6 / len(needs))
    if counter.count != len(needs) * len(systems) * (rounds + 1):
        raise RuntimeError(f"{counter.count} executions of {len(needs)} nodes")
    return {name: statistics.median(values) for name, values in taken.items()}


async def _cpu_seconds(system: Callable[[], Awaitable[None]]) -> float:
    gc.collect()
    begun = time.process_time()
    await system()
    return time.process_time() - begun


def building(rounds: int) -> float:
    """Milliseconds of CPU to build and check 1,000 nodes with 2,000 edges."""
    dice = random.Random(7)  # noqa: S311 - the same graph every time
    needs = {
        f"n{i}": tuple({f"n{dice.randrange(i)}" for _ in range(2)}) if i else ()
        for i in range(1000)
    }
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        graph_of(needs, Counter().body, POLICY)
        taken.append((time.process_time() - begun) * 1e3)
    return statistics.median(taken)


TIMED: Mapping[str, Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "skewed": {
        "s": (0.0, ()),
        "a": (0.1, ("s",)),
        "b": (0.5, ("a",)),
        "c": (0.5, ("s",)),
        "d": (0.1, ("c",)),
        "t": (0.0, ("b", "d")),
    },
    "review": {
        "fetch": (0.05, ()),
        "lint": (0.03, ("fetch",)),
        "types": (0.09, ("fetch",)),
        "security": (0.06, ("fetch",)),
        "tests": (0.15, ("fetch",)),
        "triage_lint": (0.20, ("lint",)),
        "triage_types": (0.15, ("types",)),
        "triage_security": (0.18, ("security",)),
        "triage_tests": (0.05, ("tests",)),
        "merge": (0.01, ("triage_lint", "triage_types", "triage_security", "triage_tests")),
        "decide": (0.0, ("merge",)),
        "comment": (0.0, ("decide",)),
        "label": (0.0, ("decide",)),
        "assign": (0.0, ("decide",)),
    },
}


def sleeping(spans: Mapping[str, tuple[float, tuple[str, ...]]]) -> Graph:
    """The graph whose nodes sleep for their span."""

    async def sleep(seconds: float, **_needs: object) -> None:
        await anyio.sleep(seconds)

    return Graph(
        Node(
            name=name,
            run=partial(sleep, seconds),
            edges=tuple(Edge(parameter=other, node=other) for other in wanted),
            policy=POLICY,
        )
        for name, (seconds, wanted) in spans.items()
    )


def makespans(rounds: int) -> Measure:
    """Seconds of wall clock against the critical path, for real sleeps."""
    found: Measure = {}
    for name, spans in TIMED.items():
        graph = sleeping(spans)
        estimates = {node: seconds for node, (seconds, _) in spans.items()}
        taken = [anyio.run(_wall, graph) for _ in range(rounds)]
        _, path = graph.critical_path(estimates)
        found[name] = {"critical path": path, "makespan": statistics.median(taken)}
    return found


async def _wall(graph: Graph) -> float:
    return (await run(graph, limits=LIMITS)).seconds


def crowded(count: int, workers: int) -> dict[str, float]:
    """Makespan / max(critical path, work / workers) over random graphs of 40 nodes."""
    dice = random.Random(7)  # noqa: S311 - the same graphs every time
    ratios = sorted(_ratio(dice, workers) for _ in range(count))
    return {"median": statistics.median(ratios), "p95": ratios[math.ceil(count * 0.95) - 1]}


def _ratio(dice: random.Random, workers: int) -> float:
    spans = {
        f"n{i}": (
            dice.lognormvariate(0, 1),
            tuple({f"n{dice.randrange(i)}" for _ in range(dice.randint(0, 3))}) if i else (),
        )
        for i in range(40)
    }
    graph = sleeping(spans)
    estimates = {name: seconds for name, (seconds, _) in spans.items()}
    _, path = graph.critical_path(estimates)
    options = {"clock": trio.testing.MockClock(autojump_threshold=0)}
    taken = anyio.run(_virtual, graph, estimates, workers, backend="trio", backend_options=options)
    return taken / max(path, sum(estimates.values()) / workers)


async def _virtual(graph: Graph, estimates: Mapping[str, float], workers: int) -> float:
    begun = trio.current_time()
    await run(graph, estimates=estimates, max_parallel=workers)
    return trio.current_time() - begun


def main() -> None:
    """Measure, print the tables, and write them as JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--graphs", type=int, default=500)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = {
        "cpu_us_per_node": overhead(asked.rounds),
        "build_ms": {"1000 nodes, 2000 edges": {"cpu": building(asked.rounds)}},
        "makespan_s": makespans(asked.rounds),
        "ratio_to_ideal": {
            f"{workers} workers": crowded(asked.graphs, workers) for workers in (4, 2)
        },
    }
    for title, table in result.items():
        print(f"\n{title}")
        for row, cells in table.items():
            print(f"  {row:24}", "  ".join(f"{name} {value:.3f}" for name, value in cells.items()))
    if asked.json is not None:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
