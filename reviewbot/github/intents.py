"""What we are about to write, on disk before the first byte of it is sent.

A run that is killed between sending and hearing the answer leaves a row that says ``intended``: the
next one knows that the effect may still be on its way, and looks twice before it sends again.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self, cast

IntentState = Literal["intended", "done", "unknown", "refused"]

_MEMORY = ":memory:"
_TABLE = """
CREATE TABLE IF NOT EXISTS intents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,
    state TEXT NOT NULL, id INTEGER, receipt TEXT NOT NULL
)"""
_INSERT = """
INSERT INTO intents (scope, kind, key, digest, state, id, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_SELECT = """
SELECT scope, kind, key, digest, state, id, receipt FROM intents WHERE scope = ? ORDER BY number"""
_SETTLE = "UPDATE intents SET state = ?, id = ?, receipt = ? WHERE number = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing that is to be written, and what became of it.

    Attributes:
        scope: the pull request it is for, ``<repository id>/<number>``.
        kind: of thing: ``review``, ``summary edit``, ...
        key: tells things of one kind apart.
        digest: SHA-256 of what is to be sent, in hex.
        state: ``intended`` until something is known; ``unknown`` when it may have landed.
        id: the forge's number of what was made.
        receipt: one line for the reader.
    """

    scope: str
    kind: str
    key: str
    digest: str
    state: IntentState = "intended"
    id: int | None = None
    receipt: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its effect may still turn up."""
        return self.state in {"intended", "unknown"}


class Intents(Protocol):
    """Where intents are kept."""

    def intend(self, intent: Intent) -> int:
        """Keep a new intent before anything of it is sent; its number."""
        ...

    def settle(
        self, number: int, state: IntentState, *, id_: int | None = None, receipt: str = ""
    ) -> None:
        """Keep what became of it."""
        ...

    def latest(self, scope: str, kind: str, key: str) -> Intent | None:
        """The last intent for one thing."""
        ...

    def every(self, scope: str) -> Sequence[Intent]:
        """All intents for one pull request, oldest first."""
        ...


class SqliteIntents:
    """Intents in SQLite: committed one by one, each through to the disk.

    A disk that takes no more rows does not stop a review from being posted: the rows then live in
    memory, for this process only, and ``kept`` says so.

    Attributes:
        kept: whether the rows outlive this process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.kept = False
        self._rows = _open(_MEMORY)
        if path is not None:
            with suppress(sqlite3.Error, OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                self._use(_open(str(path)), kept=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._rows.close()

    def intend(self, intent: Intent) -> int:
        """Keep a new intent; on the disk when this returns."""
        values = (
            intent.scope,
            intent.kind,
            intent.key,
            intent.digest,
            intent.state,
            intent.id,
            intent.receipt,
        )
        return self._change(_INSERT, values).lastrowid or 0

    def settle(
        self, number: int, state: IntentState, *, id_: int | None = None, receipt: str = ""
    ) -> None:
        """Keep what became of an intent."""
        self._change(_SETTLE, (state, id_, receipt, number))

    def latest(self, scope: str, kind: str, key: str) -> Intent | None:
        """The last intent for one thing."""
        found = [each for each in self.every(scope) if (each.kind, each.key) == (kind, key)]
        return found[-1] if found else None

    def every(self, scope: str) -> Sequence[Intent]:
        """All intents for one pull request, oldest first."""
        with suppress(sqlite3.Error):
            return tuple(_intent(row) for row in self._rows.execute(_SELECT, (scope,)))
        return ()

    def _change(self, statement: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        try:
            return self._rows.execute(statement, values)
        except sqlite3.Error:
            self._use(_open(_MEMORY), kept=False)
            return self._rows.execute(statement, values)

    def _use(self, rows: sqlite3.Connection, *, kept: bool) -> None:
        self._rows.close()
        self._rows, self.kept = rows, kept


def digest_of(body: object) -> str:
    """SHA-256 of what is to be sent, in hex."""
    return sha256(repr(body).encode("utf-8", "backslashreplace")).hexdigest()


def _open(place: str) -> sqlite3.Connection:
    """A connection that commits each statement; the journal is flushed with every commit."""
    rows = sqlite3.connect(place, isolation_level=None, timeout=5.0)
    try:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.execute("PRAGMA synchronous = FULL")
        rows.execute(_TABLE)
    except sqlite3.Error:
        rows.close()
        raise
    return rows


def _intent(row: tuple[str, str, str, str, str, int | None, str]) -> Intent:
    scope, kind, key, digest, state, number, receipt = row
    return Intent(
        scope=scope,
        kind=kind,
        key=key,
        digest=digest,
        state=cast(IntentState, state),
        id=number,
        receipt=receipt,
    )
