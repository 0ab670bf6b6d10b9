"""The file of a journal: SQLite, opened and refused by name, written in whole transactions."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias

from reviewbot.dag.journal.codec.text import LARGEST
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.schema import MIGRATIONS, TABLES, VERSION

Row: TypeAlias = Sequence[Any]
Statement: TypeAlias = tuple[str, Sequence[Row]]

_PAUSE = 0.01  # seconds between two tries to change to WAL, for which SQLite does not wait itself

_REASONS = {
    "SQLITE_BUSY": "is locked by another process for more than {timeout:g} s; run it again later",
    "SQLITE_LOCKED": "is locked by another process for more than {timeout:g} s; run it again later",
    "SQLITE_READONLY": "is read-only; make it writable or use another file",
    "SQLITE_NOTADB": "is no journal; move it away or use another file",
    "SQLITE_CORRUPT": "is damaged ({error}); move it away and start again",
    "SQLITE_CANTOPEN": "cannot be opened; look at its directory and its permissions",
    "SQLITE_FULL": "cannot be written: the disk is full; free some space",
    "SQLITE_IOERR": "cannot be written or read: the disk is full or failing ({error})",
    "SQLITE_TOOBIG": "holds something larger than what is read; it is none of ours",
}


class Store:
    """One connection, used by one thread at a time.

    A commit is in the file's write-ahead log before `write` returns. A killed process loses none of
    it. A power cut may lose the last commits (never more than those, and never a part of one),
    unless the store is `durable`, for which each commit waits for the disk.
    """

    def __init__(self, path: Path, rows: sqlite3.Connection, timeout: float) -> None:
        self.path = path
        self.version = VERSION
        self._rows = rows
        self._timeout = timeout
        self._turn = threading.Lock()
        rows.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST + 1024)

    @classmethod
    def open(cls, path: Path, *, timeout: float, durable: bool) -> Self:
        """The file, made or migrated where it has to be.

        Raises:
            JournalError: it cannot be a journal, or not now.
        """
        _refuse_directory(path)
        with _translated(path, timeout):
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = sqlite3.connect(
                path, timeout=timeout, isolation_level=None, check_same_thread=False
            )
        store = cls(path, rows, timeout)
        try:
            store._prepare(durable)
        except BaseException:
            rows.close()
            raise
        return store

    @classmethod
    def read(cls, path: Path, *, timeout: float) -> Self:
        """The file for reading only; another process may be writing to it.

        Raises:
            JournalError: there is none, or it cannot be read.
        """
        _refuse_directory(path)
        if not path.exists():
            raise JournalError(f"{path} does not exist; no run was written there")
        try:
            store = cls._reading(path, "mode=ro", timeout)
        except JournalError as error:
            why = error.__cause__
            is_shut = _is(why, "SQLITE_READONLY") or _is(why, "SQLITE_CANTOPEN")
            if not is_shut or not _is_closed(path):
                raise
            # A directory that takes no new file has no room for what readers of a file in use
            # share; a file that nobody uses may be read as it lies.
            store = cls._reading(path, "immutable=1", timeout)
        if store.version == VERSION:
            return store
        store.close()
        return cls.open(path, timeout=timeout, durable=False)

    @classmethod
    def _reading(cls, path: Path, mode: str, timeout: float) -> Self:
        with _translated(path, timeout):
            rows = sqlite3.connect(
                f"{path.absolute().as_uri()}?{mode}",
                uri=True,
                timeout=timeout,
                isolation_level=None,
                check_same_thread=False,
            )
            store = cls(path, rows, timeout)
            try:
                store.version = store._version()
            except BaseException:
                rows.close()
                raise
        return store

    def _prepare(self, durable: bool) -> None:  # noqa: FBT001 - the option as it was given
        with _translated(self.path, self._timeout):
            version = self._version()  # what is somebody else's is left as it is
            self._use_wal()
            self._rows.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            if version != VERSION:
                self._bring_up()

    def _use_wal(self) -> None:
        until = time.monotonic() + self._timeout
        while True:
            try:
                self._rows.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not _is(error, "SQLITE_BUSY") or time.monotonic() >= until:
                    raise
                time.sleep(_PAUSE)
            else:
                return

    def _version(self) -> int:
        """The version of the tables, 0 when there are none."""
        names = [name for (name,) in self._rows.execute("SELECT name FROM sqlite_master")]
        if not names:
            return 0
        if "meta" not in names or "nodes" not in names:
            raise JournalError(f"{self.path} is a SQLite file of something else; use another file")
        ((version,),) = self._rows.execute("SELECT version FROM meta").fetchall() or (("none",),)
        if not isinstance(version, int) or not 1 <= version <= VERSION:
            raise JournalError(
                f"{self.path} has version {version!s:.20} of the journal, this program reads up to "
                f"{VERSION}; update it, or use another file"
            )
        return version

    def _bring_up(self) -> None:
        """Make the tables, or migrate them step by step; one process does it, others wait."""
        with self._transaction():
            version = self._version()
            steps = (MIGRATIONS[old] for old in range(version, VERSION))
            for statements in steps if version else (TABLES,):
                for statement in statements:
                    self._rows.execute(statement)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._rows.execute("COMMIT")
        except BaseException:
            if self._rows.in_transaction:
                self._rows.execute("ROLLBACK")
            raise

    def write(self, statements: Iterable[Statement]) -> None:
        """All of it or nothing; in the file when this returns.

        Raises:
            JournalError: nothing of it was written.
        """
        with self._turn, _translated(self.path, self._timeout), self._transaction():
            for statement, rows in statements:
                self._rows.executemany(statement, rows)

    def one(self, statement: str, values: Row) -> int:
        """Write one row in a transaction of its own; its number.

        Raises:
            JournalError: it was not written.
        """
        with self._turn, _translated(self.path, self._timeout):
            return self._rows.execute(statement, values).lastrowid or 0

    def rows(self, statement: str, values: Row = ()) -> list[tuple[Any, ...]]:
        """What is there.

        Raises:
            JournalError: it cannot be read.
        """
        with self._turn, _translated(self.path, self._timeout):
            return self._rows.execute(statement, values).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads see one state, whatever another process writes meanwhile."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            self.rows("ROLLBACK")

    def close(self) -> None:
        """Let the file go."""
        with self._turn:
            self._rows.close()


def _refuse_directory(path: Path) -> None:
    if path.is_dir():
        raise JournalError(f"{path} is a directory; name a file in it")


@contextmanager
def _translated(path: Path, timeout: float) -> Iterator[None]:
    """SQLite's errors as one clear line."""
    try:
        yield
    except sqlite3.Error as error:
        said = next((text for name, text in _REASONS.items() if _is(error, name)), "fails: {error}")
        raise JournalError(f"{path} {said.format(timeout=timeout, error=error)}") from error
    except OSError as error:
        raise JournalError(f"{path} cannot be made: {error.strerror}") from error


def _is_closed(path: Path) -> bool:
    """Whether the whole journal is in its file: its last writer went in peace."""
    log = path.with_name(f"{path.name}-wal")
    return not log.exists() or not log.stat().st_size


def _is(error: BaseException | None, name: str) -> bool:
    """Whether this is the error of that name, or a special case of it."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(name)
