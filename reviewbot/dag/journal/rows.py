"""The rows of a journal as values, read with their types checked: they may come from anybody."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.error import JournalError

T = TypeVar("T")

WORKING = "working"
"""The status of a node that has started and not ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One run, in short; `manifest` is JSON text."""

    id: int
    name: str
    state: str
    started: float
    seconds: float
    ended: str
    manifest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow(SummaryRow):
    """One run; `wiring`, `links`, `inputs` and `told` are JSON text too."""

    wiring: str
    links: str
    inputs: str
    picture: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """One node or item; `value` and `spent` are JSON text, `started` and `seconds` the outcome's.

    `digest` is that of the value, `inputs` that of all it received, `code` that of who worked.
    """

    path: str
    process: int
    node: str
    status: str
    reason: str = ""
    answered_by: str = ""
    started: float
    seconds: float = 0.0
    kind: str | None = None
    error: str | None = None
    spent: str = "{}"
    value: str | None = None
    digest: str = ""
    inputs: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One attempt of a node or item."""

    path: str
    process: int
    number: int
    by: str
    started: float
    seconds: float
    error: str | None
    delay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """One process that worked on a run; `started` is seconds since 1970."""

    number: int
    pid: int
    started: float


SELECT_SUMMARIES = """
SELECT id, name, state, started, seconds, ended, manifest FROM runs ORDER BY id DESC"""
SELECT_RUN = """
SELECT id, name, state, started, seconds, ended, manifest, wiring, links, inputs, picture, told
FROM runs WHERE name = ?"""
SELECT_NODES = """
SELECT path, process, node, status, reason, answered_by, started, seconds, kind, error, spent,
    value, digest, inputs, code
FROM nodes WHERE run = ? ORDER BY rowid"""
SELECT_ATTEMPTS = """
SELECT path, process, number, by, started, seconds, error, delay
FROM attempts WHERE run = ? ORDER BY rowid"""
SELECT_PROCESSES = "SELECT number, pid, started FROM processes WHERE run = ? ORDER BY number"

INSERT_RUN = """
INSERT INTO runs (name, state, started, wiring, links, inputs, manifest, picture)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT_NODE = """
INSERT OR REPLACE INTO nodes (run, path, process, node, status, reason, answered_by, started,
    seconds, kind, error, spent, value, digest, inputs, code)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT_ATTEMPT = """
INSERT INTO attempts (run, path, process, number, by, started, seconds, error, delay)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
INSERT_PROCESS = "INSERT INTO processes (run, number, pid, started) VALUES (?, ?, ?, ?)"
DELETE_RUN = (
    "DELETE FROM nodes WHERE run = ?",
    "DELETE FROM attempts WHERE run = ?",
    "DELETE FROM effects WHERE run = ?",
    "DELETE FROM processes WHERE run = ?",
    "DELETE FROM runs WHERE id = ?",
)

_NODE, _ATTEMPT = (
    attrgetter(*(part.name for part in fields(kind))) for kind in (NodeRow, AttemptRow)
)


def bound(run: int, row: NodeRow | AttemptRow) -> tuple[object, ...]:
    """The row as the parameters of its statement."""
    values = _NODE(row) if isinstance(row, NodeRow) else _ATTEMPT(row)
    return (run, *map(storable, values))


def parsed(kind: type[T], rows: Sequence[Sequence[Any]], where: Path) -> tuple[T, ...]:
    """The rows as values.

    Raises:
        JournalError: a column holds something of another type.
    """
    names = [part.name for part in fields(kind)]  # type: ignore[arg-type] # one of the classes above
    shape = shape_of(kind)
    try:
        return tuple(shape.read(dict(zip(names, row, strict=True))) for row in rows)
    except CodecError as error:
        raise JournalError(
            f"{where} is damaged: a {kind.__name__}{error}; move it away and start again"
        ) from None


def storable(value: object) -> object:
    """Text as SQLite takes it: what is no Unicode, as in the name of a file, is escaped."""
    return escaped(value) if isinstance(value, str) else value


def escaped(text: str) -> str:
    """As `storable`, of a text."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
