"""What is wrong with a graph, as sentences; all of it at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import GenericAlias
from typing import Any

from reviewbot.dag.annotation import clash, text
from reviewbot.dag.collection import item_of, taken_from
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.error import nearest
from reviewbot.dag.items import Items
from reviewbot.dag.node import Node
from reviewbot.dag.topology import Links, Names, cycles


def problems(
    nodes: Sequence[Node], inputs: Mapping[str, Any], needs: Links, order: Names
) -> tuple[str, ...]:
    """Every problem of these nodes; `order` is their topological order as far as there is one."""
    named = {node.name: node for node in nodes}
    return (
        *_duplicates(nodes, inputs),
        *(problem for node in nodes for problem in _maps(node)),
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
    over = node.each.over if node.each else {}
    for edge in node.all_edges:
        if edge.node not in named and edge.node not in inputs:
            near = nearest(edge.node, [*named, *inputs])
            yield f"missing input {edge.node!r} of {node.name!r}{near}"
        elif edge.parameter in over and edge in node.edges:
            yield from _mapped(node, edge, _given(edge.node, named, inputs))
        else:
            yield from _whole(node, edge, named.get(edge.node), inputs)


def _given(name: str, named: Mapping[str, Node], inputs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an annotation
    """What a node or input gives as a whole, None when unknown."""
    source = named.get(name)
    if source is None:
        return inputs[name]
    return source.output if source.each is None else _items(source.output)


def _items(output: Any) -> Any:  # noqa: ANN401 - an annotation
    return GenericAlias(Items, Any if output is None else output)


def _mapped(node: Node, edge: Edge, given: Any) -> Iterator[str]:  # noqa: ANN401 - an annotation
    if given is None:
        return
    item = item_of(given)
    if item is None:
        yield f"{edge.node!r} gives {text(given)}, which is no collection {node.name!r} could map"
    elif clash(item[0], edge.expects):
        yield _mismatch(node, edge, item[0], "items of ")


def _whole(node: Node, edge: Edge, source: Node | None, inputs: Mapping[str, Any]) -> Iterator[str]:
    if source is None:
        if edge.kind is EdgeKind.OUTCOME:
            yield f"{edge.node!r} is an input and has no outcome for {node.name!r}"
        given = inputs[edge.node]
    else:
        given = source.output
        if source.each is not None:
            yield from _many(node, edge, given)
            return
    if given is not None and clash(given, edge.expects):
        yield _mismatch(node, edge, given)


def _many(node: Node, edge: Edge, given: Any) -> Iterator[str]:  # noqa: ANN401 - an annotation
    """All the items of a node that maps go to one parameter."""
    taken = taken_from(edge.expects)
    if taken is None:
        yield _mismatch(node, edge, _items(given))
    elif given is not None and clash(given, taken[0]):
        yield _mismatch(node, edge, given, "items of ")


def _mismatch(node: Node, edge: Edge, given: Any, what: str = "") -> str:  # noqa: ANN401 - an annotation
    return (
        f"{edge.node!r} gives {what}{text(given)}, "
        f"but {edge.parameter!r} of {node.name!r} expects {what}{text(edge.expects)}"
    )


def _maps(node: Node) -> Iterator[str]:
    """What is wrong with what a node says about the items it maps over."""
    each = node.each
    if each is None:
        return
    parameters = {edge.parameter: edge.node for edge in node.edges}
    if not each.over:
        yield f"{node.name!r} maps over nothing"
    for parameter, source in each.over.items():
        if parameter not in parameters:
            yield f"{node.name!r} has no parameter {parameter!r}{nearest(parameter, parameters)}"
        elif parameters[parameter] != source:
            yield f"{parameter!r} of {node.name!r} reads {parameters[parameter]!r}, not {source!r}"
    for option, number in (("limit", each.limit), ("parallel", each.parallel)):
        if number is not None and number < 1:
            yield f"the {option} of {node.name!r} is {number}, but must be at least 1"


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
