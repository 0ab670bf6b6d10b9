"""A graph told by what it does: per node who works, on what, and when."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from reviewbot.dag.annotation import text
from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node

Wiring: TypeAlias = Mapping[str, Mapping[str, str]]
Told: TypeAlias = Callable[[Any], str]


def wired(graph: Graph, code: Told) -> Wiring:
    """For each node its parts as texts, and under an empty name those of the graph itself.

    `code` tells a callable, or a default, by its content. What only says how a node is run (its
    timeouts, retries, priority) is left out: it may be another when a run goes on.
    """
    return {
        "": {
            "inputs": "; ".join(f"{name}: {text(kind)}" for name, kind in graph.inputs.items()),
            "nodes switched off": "; ".join(sorted(graph.skipped)),
        },
        **{name: _node(node, code) for name, node in graph.nodes.items()},
    }


def _node(node: Node, code: Told) -> Mapping[str, str]:
    parts = {
        "code": code(node.run),
        "inputs": "; ".join(_edge(edge, code) for edge in node.edges),
        "output": text(node.output),
    }
    when, each = node.when, node.each
    if when is not None:
        inputs = "; ".join(_edge(edge, code) for edge in when.edges)
        parts["condition"] = f"{when.text}: {code(when.test)}({inputs})"
    if each is not None:
        key = "" if each.key is None else code(each.key)
        parts["items"] = f"{sorted(each.over.items())} {key} {each.limit}"
    return parts


def _edge(edge: Edge, code: Told) -> str:
    default = "" if edge.default is None else f" = {code(edge.default)}"
    return f"{edge.parameter} <- {edge.kind.value} of {edge.node}{default}"
