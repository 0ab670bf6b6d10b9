"""This engine: `plain` nodes, and with timeout, priority and resource limits on every node."""

from dataclasses import replace
from functools import partial

from benchmarks.engine.shapes import Body, Needs
from benchmarks.engine.worker import Once, serve
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run

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
    serve({"": build, "plain": plain}, told, {"": gathering, "plain": plain})
