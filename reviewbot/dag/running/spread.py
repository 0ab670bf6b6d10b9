"""What a node is mapped over, joined by key: one portion per item. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.items import Group, Item, Items
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Status, make_outcome
from reviewbot.dag.running.intake import received, skipped_for

_Keyed: TypeAlias = tuple[str, str, tuple[str, ...], Outcome[Any]]


class SpreadError(ValueError):
    """Indicates that a node cannot be mapped over what it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One item of a map before it is run; `parts` are the edges that receive it, and from what.

    `lacking` is the first part that should have given a value and did not.
    """

    key: str
    id: str
    sources: tuple[str, ...]
    parts: tuple[tuple[Edge, Outcome[Any]], ...]
    lacking: Outcome[Any] | None

    def arguments(self) -> dict[str, Any]:
        """The arguments that differ from item to item."""
        return {edge.parameter: received(edge, outcome) for edge, outcome in self.parts}

    def skipped(self, name: str, at: float) -> Outcome[Any] | None:
        """The outcome of an item that lacks something; None when it can be run."""
        return None if self.lacking is None else skipped_for(name, self.lacking, self.lacking, at)


def portions(
    node: Node,
    inputs: Mapping[str, Any],
    outcomes: Mapping[str, Outcome[Any]],
    root: Callable[[str], str],
) -> tuple[Portion, ...]:
    """One portion per item of the node's first source, in its order.

    The other sources are joined to it by key; what only they have is left out. `root` gives the id
    of an input or a node, of which items are made that have none yet.

    Raises:
        SpreadError: a source that is no collection, or two items of the same key, by name.
    """
    each = node.each
    over = {} if each is None else each.over
    key = None if each is None else each.key
    edges = [edge for edge in node.edges if edge.parameter in over]
    edges.sort(key=lambda edge: list(over).index(edge.parameter))
    sources: list[dict[str, Item[Any]] | Outcome[Any]] = []
    for edge in edges:
        outcome = outcomes.get(edge.node)
        if outcome is not None and not outcome.ok:
            sources.append(outcome)
        else:
            value = inputs[edge.node] if outcome is None else outcome.value
            sources.append(_items(edge.node, value, key, root))
    if not edges or isinstance(sources[0], Outcome):
        raise SpreadError(f"there are no items to map {node.name!r} over")
    return tuple(_portion(one, edges, sources) for one in sources[0].values())


def _portion(
    first: Item[Any],
    edges: Sequence[Edge],
    sources: Sequence[dict[str, Item[Any]] | Outcome[Any]],
) -> Portion:
    parts: list[tuple[Edge, Outcome[Any]]] = []
    made_of: list[str] = []
    for edge, source in zip(edges, sources, strict=True):
        if isinstance(source, Outcome):
            parts.append((edge, source))
            continue
        item = source.get(first.key)
        if item is None:
            parts.append((edge, _gap(edge.node, first.key)))
        else:
            parts.append((edge, item.outcome))
            made_of.extend(item.sources)
    lacking = next((out for edge, out in parts if edge.kind is EdgeKind.VALUE and not out.ok), None)
    return Portion(
        key=first.key,
        id=first.id,
        sources=tuple(dict.fromkeys(made_of)),
        parts=tuple(parts),
        lacking=lacking,
    )


def _gap(source: str, key: str) -> Outcome[Any]:
    why = f"{source!r} has no item {key!r}"
    return Outcome(node=f"{source}[{key}]", status=Status.SKIPPED, reason=why)


def _items(
    source: str, value: object, key: Callable[[Any], str] | None, root: Callable[[str], str]
) -> dict[str, Item[Any]]:
    """The items of a source by key; each knows in `sources` what an item made of it is made of."""
    if isinstance(value, Items):
        keyed: list[_Keyed] = [(each.key, each.id, (each.id,), each.outcome) for each in value]
    else:
        home = root(source)
        keyed = [
            (name, f"{home}/{name}", ids, _given(f"{source}[{name}]", one))
            for name, ids, one in _listed(source, value, key)
        ]
    _unique(source, (one[0] for one in keyed))
    return {
        name: Item(key=name, id=lineage, outcome=outcome, sources=ids)
        for name, lineage, ids, outcome in keyed
    }


def _given(name: str, value: object) -> Outcome[Any]:
    return make_outcome(node=name, status=Status.SUCCEEDED, value=value)


def _listed(
    source: str, value: object, key: Callable[[Any], str] | None
) -> Iterable[tuple[str, tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        return [(str(name), (), one) for name, one in value.items()]
    if not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray):
        raise SpreadError(f"{source!r} is {type(value).__name__}, which is no collection of items")
    return [_one(place, one, key) for place, one in enumerate(value)]


def _one(
    place: int,
    value: Any,  # noqa: ANN401 - any item
    key: Callable[[Any], str] | None,
) -> tuple[str, tuple[str, ...], Any]:
    if isinstance(value, Group):
        return value.key, value.sources, value
    return str(place) if key is None else str(key(value)), (), value


def _unique(source: str, keys: Iterable[str]) -> None:
    twice = [name for name, count in Counter(keys).items() if count > 1]
    if twice:
        raise SpreadError(f"{source!r} has more than one item {', '.join(map(repr, twice))}")
