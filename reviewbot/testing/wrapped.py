"""A graph whose callables are wrapped, all of them: those of subgraphs and the backups too."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node

Wrap: TypeAlias = Callable[[Callable[..., Any], str], Callable[..., Any]]


def wrapped(graph: Graph, wrap: Wrap, prefix: str = "") -> Graph:
    """The same graph with `wrap(run, name)` for every callable; `pack/lint` is inside `pack`."""
    nodes = [wrapped_node(node, wrap, prefix) for node in graph.nodes.values()]
    return Graph(nodes, graph.inputs, skipped=graph.skipped)


def wrapped_node(node: Node, wrap: Wrap, prefix: str = "") -> Node:
    """The same node, wrapped; a backup is called `node/backup`."""
    name = prefix + node.name
    if isinstance(node.run, Nested):
        inner = replace(node.run, graph=wrapped(node.run.graph, wrap, f"{name}/"))
        return replace(node, run=inner)
    backups = tuple(
        replace(each, run=wrap(each.run, f"{name}/{each.name}")) for each in node.policy.backups
    )
    policy = replace(node.policy, backups=backups) if backups else node.policy
    return replace(node, run=wrap(node.run, name), policy=policy)
