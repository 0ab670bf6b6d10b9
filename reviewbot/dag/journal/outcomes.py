"""An outcome as a row and back; items stay in their own rows."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, TypeVar, get_args, get_origin

from reviewbot.dag.digest import DigestError, digest
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.items import Item, Items
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.many import fields
from reviewbot.dag.journal.codec.scalar import RecordedError, told
from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape
from reviewbot.dag.journal.codec.text import decoded, dumped, encoded, loaded
from reviewbot.dag.journal.rows import NodeRow
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Status

E = TypeVar("E", bound=Enum)

Has: TypeAlias = Callable[[str], bool]
OutcomeAt: TypeAlias = Callable[[str], Outcome[Any] | None]

_Inline: TypeAlias = tuple[str, str, str, str | None]
_ItemRow: TypeAlias = tuple[str, str, list[str], _Inline | None]

_ITEMS = "$items"
_ITEM_ROWS = shape_of(list[_ItemRow])
_AMOUNTS = shape_of(dict[str, float])


def shape_for(node: Node) -> Shape:
    """How the value of a node, or of one of its items, is written."""
    run = node.run
    if isinstance(run, Nested) and not run.gives and node.output is None:
        sinks = {name: shape_for(one) for name, one in run.graph.nodes.items()}
        return fields(sinks, frozenset(), "the values of the sinks")
    output = node.output
    if node.each is not None and get_origin(output) is Items:
        output = get_args(output)[0]
    return shape_of(Any if output is None else output)


def unwritable(outcome: Outcome[Any], error: CodecError) -> Outcome[Any]:
    """What a node whose value cannot be written ends as."""
    return replace(
        outcome,
        status=Status.FAILED,
        value=None,
        reason=f"its value cannot be written: {error}",
        answered_by="",
        error=error,
        kind=FailureKind.UNKNOWN,
    )


class Facts(NamedTuple):
    """What the record knows of a node beside its outcome: see `NodeRow`."""

    process: int
    inputs: str
    code: str


def row_of(path: str, node: Node, outcome: Outcome[Any], facts: Facts, has_row: Has) -> NodeRow:
    """The row of a settled node.

    Raises:
        CodecError: the value cannot be written.
    """
    text = _written(path, node, outcome, has_row)
    return NodeRow(
        path=path,
        process=facts.process,
        node=outcome.node,
        status=outcome.status.value,
        reason=outcome.reason,
        answered_by=outcome.answered_by,
        started=outcome.started,
        seconds=outcome.seconds,
        kind=None if outcome.kind is None else outcome.kind.value,
        error=None if outcome.error is None else told(outcome.error),
        spent=dumped(dict(outcome.spent)) if outcome.spent else "{}",
        value=text,
        digest="" if text is None else _digest(outcome.value, text),
        inputs=facts.inputs,
        code=facts.code,
    )


def _written(path: str, node: Node, outcome: Outcome[Any], has_row: Has) -> str | None:
    value = outcome.value
    if isinstance(value, Items) and node.each is not None:
        return dumped({_ITEMS: [_item_written(path, node, each, has_row) for each in value]})
    if outcome.ok:
        return dumped(encoded(value, shape_for(node)), type(value).__name__)
    return None


def _item_written(path: str, node: Node, item: Item[Any], has_row: Has) -> Json:
    """Key and lineage; the outcome too, when it has no row of its own."""
    outcome = item.outcome
    if has_row(item_path(path, item.key)):
        inline = None
    else:
        value = dumped(encoded(outcome.value, shape_for(node))) if outcome.ok else None
        inline = [outcome.node, outcome.status.value, outcome.reason, value]
    return [item.key, item.id, list(item.sources), inline]


def item_path(path: str, key: str) -> str:
    """Where one item of a node is in the record."""
    return f"{path}[{key}]"


def _digest(value: object, text: str) -> str:
    """The content of a value; of its text where it has none of its own."""
    with suppress(DigestError):
        return digest(value)
    return sha256(text.encode()).hexdigest()


def outcome_of(
    row: NodeRow, node: Node | None, item_at: OutcomeAt, attempts: tuple[Attempt, ...] = ()
) -> Outcome[Any]:
    """The outcome that a row tells; without its node a value is plain JSON data.

    `item_at` gives the outcome of an item by its path.

    Raises:
        CodecError: the row is not one of such a node.
    """
    status = _member(Status, row.status)
    return Outcome(
        node=row.node,
        status=status,
        value=_read(row, status, node, item_at),
        reason=row.reason,
        attempts=attempts,
        answered_by=row.answered_by,
        started=row.started,
        seconds=row.seconds,
        error=None if row.error is None else RecordedError(row.error),
        kind=None if row.kind is None else _member(FailureKind, row.kind),
        spent=decoded(loaded(row.spent), _AMOUNTS),
    )


def _read(row: NodeRow, status: Status, node: Node | None, item_at: OutcomeAt) -> Any:  # noqa: ANN401 - any value
    if row.value is None:
        if status.ok:
            raise CodecError("has no value")
        return None
    data = loaded(row.value)
    if isinstance(data, dict) and _ITEMS in data and (node is None or node.each is not None):
        rows = decoded(data[_ITEMS], _ITEM_ROWS)
        return Items(tuple(_item(row.path, each, node, item_at) for each in rows))
    return _value(data, node) if status.ok else None


def _value(data: Json, node: Node | None) -> Any:  # noqa: ANN401 - any value
    return data if node is None else decoded(data, shape_for(node))


def _item(path: str, row: _ItemRow, node: Node | None, item_at: OutcomeAt) -> Item[Any]:
    key, lineage, sources, inline = row
    if inline is None:
        outcome = item_at(item_path(path, key))
        if outcome is None:
            raise CodecError(f"has no item {key!r:.60}")
    else:
        name, ended, reason, text = inline
        status = _member(Status, ended)
        value = _value(loaded(text or "null"), node) if status.ok else None
        outcome = Outcome(node=name, status=status, reason=reason, value=value)
    return Item(key=key, id=lineage, outcome=outcome, sources=tuple(sources))


def _member(kind: type[E], text: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise CodecError(f"is {text!r:.60}, no {kind.__name__}") from None
