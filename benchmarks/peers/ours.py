"""This engine: plain nodes; timeout, priority and resource limits on every node; and on record."""

import tempfile
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.engine.shapes import Body, Needs
from benchmarks.engine.worker import Once, serve
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.testing.fakes.record import MemoryRecord

POLICY = Policy(timeout=60, resources={"cpu": 1})
LIMITS = {"cpu": 16.0}


def graph_of(needs: Needs, body: Body, policy: Policy = POLICY) -> Graph:
    """One node per name, one edge per need."""
    return Graph(
        Node(
            name=name,
            run=partial(body, name),
            edges=tuple(Edge(parameter=other, node=other) for other in wanted),
            policy=policy,
        )
        for name, wanted in needs.items()
    )


def build(needs: Needs, body: Body) -> Once:
    """Everything on."""
    return partial(run, graph_of(needs, body), limits=LIMITS)


def plain(needs: Needs, body: Body) -> Once:
    """Nothing asked for."""
    return partial(run, graph_of(needs, body, Policy()))


def heard(needs: Needs, body: Body) -> Once:
    """Everything on, and somebody who is told of every event."""
    return partial(run, graph_of(needs, body), limits=LIMITS, on_event=lambda _: None)


def recorded(needs: Needs, body: Body) -> Once:
    """Everything on, and a journal in memory: what the engine pays for being on record."""
    graph = graph_of(needs, body)
    return lambda: run(graph, limits=LIMITS, record=MemoryRecord())


def journaled(needs: Needs, body: Body) -> Once:
    """Everything on, and every node on disk before anything that needs it starts."""
    graph, numbers = graph_of(needs, body), count()
    journal = Journal.open(Path(tempfile.mkdtemp(prefix="journal-"), "runs.sqlite"))

    async def once() -> Run:
        with journal.begin(f"run {next(numbers)}", graph) as record:
            return await run(graph, limits=LIMITS, record=record)

    return once


def gathering(needs: Needs, body: Body) -> Once:
    """The merging node asks for outcomes, as the one of a review does."""
    graph = graph_of(needs, body)
    nodes = [
        replace(node, edges=tuple(replace(e, kind=EdgeKind.OUTCOME) for e in node.edges))
        if name == "merge"
        else node
        for name, node in graph.nodes.items()
    ]
    return partial(run, Graph(nodes), limits=LIMITS)


def told(done: Run) -> str:
    """What a caller reads."""
    return "; ".join(done.failures())


if __name__ == "__main__":
    builds = {"": build, "plain": plain, "heard": heard, "memory": recorded, "journal": journaled}
    serve(builds, told, {**builds, "": gathering})
