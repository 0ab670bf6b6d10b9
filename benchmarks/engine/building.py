"""Graphs that are large: built and checked, and as deep as they are long."""

import random
import statistics
import time

import anyio

from benchmarks.engine.shapes import Needs, chain
from benchmarks.engine.table import show
from benchmarks.engine.worker import Counter
from benchmarks.peers.ours import LIMITS, graph_of
from reviewbot.dag.runner import run

DEEP = 100_000


def measured(rounds: int) -> dict[str, float]:
    """Milliseconds of CPU to build, microseconds per node to run; prints the table."""
    deep, per_node = chained(DEEP)
    found = {
        "build 1,000 nodes, 2,000 edges: ms": _building(thousand(), rounds),
        f"build a chain of {DEEP:,}: ms": deep,
        f"run a chain of {DEEP:,}: us per node": per_node,
    }
    show("Large graphs, CPU", ("what", "cost"), [(k, f"{v:.1f}") for k, v in found.items()])
    return found


def thousand() -> Needs:
    """A thousand nodes that need two others each."""
    dice = random.Random(7)  # noqa: S311 - the same graph every time
    return {
        f"n{i}": tuple(f"n{other}" for other in dice.sample(range(i), min(i, 2)))
        for i in range(1000)
    }


def _building(needs: Needs, rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        graph_of(needs, Counter().body)
        taken.append((time.process_time() - begun) * 1e3)
    return statistics.median(taken)


def chained(length: int) -> tuple[float, float]:
    """Build and run a chain: milliseconds, and microseconds per node.

    Raises:
        RuntimeError: a node did not run, or ran twice.
    """
    counter = Counter()
    begun = time.process_time()
    graph = graph_of(chain(length), counter.body)
    built = time.process_time()
    anyio.run(lambda: run(graph, limits=LIMITS))
    ended = time.process_time()
    if counter.count != length:
        raise RuntimeError(f"{counter.count} executions of {length} nodes")
    return (built - begun) * 1e3, (ended - built) * 1e6 / length
