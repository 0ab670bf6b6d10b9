"""What is wrong with a graph, as sentences; all of it at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reviewbot.dag.annotation import clash, text
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.error import nearest
from reviewbot.dag.node import Node
from reviewbot.dag.topology import Links, Names, cycles


def problems(
    nodes: Sequence[Node], inputs: Mapping[str, Any], needs: Links, order: Names
) -> tuple[str, ...]:
    """Every problem of these nodes; `order` is their topological order as far as there is one."""
    named = {node.name: node for node in nodes}
    return (
        *_duplicates(nodes, inputs),
        *(problem for node in nodes for problem in _edges(node, named, inputs)),
        *_circles(needs, order),
    )


def _duplicates(nodes: Iterable[Node], inputs: Mapping[str, Any]) -> Iterator[str]:
    for name, count in Counter(node.name for node in nodes).items():
        if count > 1:
            yield f"duplicate node {name!r}"
        if name in inputs:
            yield f"{name!r} is a node and an input"


def _edges(node: Node, named: Mapping[str, Node], inputs: Mapping[str, Any]) -> Iterator[str]:
    for edge in node.all_edges:
        if edge.node in named:
            given = named[edge.node].output
        elif edge.node not in inputs:
            near = nearest(edge.node, [*named, *inputs])
            yield f"missing input {edge.node!r} of {node.name!r}{near}"
            continue
        else:
            given = inputs[edge.node]
            if edge.kind is EdgeKind.OUTCOME:
                yield f"{edge.node!r} is an input and has no outcome for {node.name!r}"
        if given is not None and clash(given, edge.expects):
            yield _mismatch(node, edge, given)


def _mismatch(node: Node, edge: Edge, given: Any) -> str:  # noqa: ANN401 - an annotation
    return (
        f"{edge.node!r} gives {text(given)}, "
        f"but {edge.parameter!r} of {node.name!r} expects {text(edge.expects)}"
    )


def _circles(needs: Links, order: Names) -> Iterator[str]:
    found = cycles(needs, order)
    for circle in found:
        yield f"cycle: {' -> '.join((*_shortened(circle), circle[0]))}"
    caught = {name for circle in found for name in circle}
    behind = sorted(set(needs) - set(order) - caught)
    if behind:
        yield f"unreachable behind a cycle: {', '.join(_shortened(behind))}"


def _shortened(names: Sequence[str], most: int = 20) -> Sequence[str]:
    if len(names) <= most:
        return names
    return (*names[: most - 1], f"({len(names) - most:,} more)", names[-1])
