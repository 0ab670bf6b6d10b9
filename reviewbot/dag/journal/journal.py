"""A journal: runs on disk, begun here and gone on with after whatever ended their process."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.closing import Closing
from reviewbot.dag.journal.codec.text import dumped, encoded
from reviewbot.dag.journal.earlier import Earlier
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.links import LINKS, links
from reviewbot.dag.journal.lock import RunLock, is_taken
from reviewbot.dag.journal.record import RunRecord, Writing
from reviewbot.dag.journal.rows import (
    DELETE_RUN,
    INSERT_PROCESS,
    INSERT_RUN,
    SELECT_ATTEMPTS,
    SELECT_NODES,
    SELECT_PROCESSES,
    SELECT_RUN,
    SELECT_SUMMARIES,
    AttemptRow,
    NodeRow,
    ProcessRow,
    RunRow,
    SummaryRow,
    escaped,
    parsed,
)
from reviewbot.dag.journal.starting import Starting, differences, kept
from reviewbot.dag.journal.store import Store
from reviewbot.dag.journal.values import KeptValues

T = TypeVar("T")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Journal(Closing):
    """A file with any number of runs; several processes may use it at once, each on its own run.

    `now` gives seconds since 1970.
    """

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        timeout: float = 5.0,
        durable: bool = False,
        now: Callable[[], float] = time.time,
    ) -> Self:
        """The journal in this file, which is made when it is not there.

        An older version is migrated. `timeout` is how many seconds to wait for another process that
        writes; `durable` makes each commit wait for the disk, so that no power cut loses it.

        Raises:
            JournalError: it is a directory, no journal, of a newer version, damaged, read-only,
                locked for too long, or the disk is full: which one, and what to do.
        """
        return cls(Store.open(path, timeout=timeout, durable=durable), now)

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def begin(
        self,
        name: str,
        graph: Graph,
        inputs: Mapping[str, Any] = _NOTHING,
        *,
        manifest: Mapping[str, str] = _NOTHING,
        picture: str = "",
    ) -> RunRecord:
        """The record of a new run.

        `inputs` are the run's, or what stands for them; `picture` is a text that is kept for
        readers.

        Raises:
            JournalError: there is a run of that name, or an input has no content.
        """
        start = Starting.of(graph, inputs, manifest)
        if self._store.rows("SELECT 1 FROM runs WHERE name = ?", (escaped(name),)):
            raise JournalError(
                f"{self._store.path} has a run {name!r} already; resume it, or choose another name"
            )
        started = self._now()
        number = self._store.one(
            INSERT_RUN,
            (
                escaped(name),
                "started",
                started,
                dumped(start.wiring),
                dumped(encoded(links(graph), LINKS)),
                dumped(start.inputs),
                dumped(start.manifest),
                escaped(picture),
            ),
        )
        return self._record(name, number, start)

    def resume(
        self,
        name: str,
        graph: Graph,
        inputs: Mapping[str, Any] = _NOTHING,
        *,
        manifest: Mapping[str, str] = _NOTHING,
    ) -> RunRecord:
        """The record of a run that an earlier process left, with what is finished of it.

        Raises:
            JournalError: there is no such run; another process is at work on it; the graph, the
                inputs or the manifest are others than when it began: which, by name.
        """
        start = Starting.of(graph, inputs, manifest)
        row = self._run(name)
        problems = differences(kept(row), start)
        if problems:
            raise JournalError(*(f"run {name!r} cannot go on: {each}" for each in problems))
        record = self._record(name, row.id, start)
        self._store.one("UPDATE runs SET state = 'started' WHERE id = ?", (row.id,))
        return record

    def values(self, limit: int = 256 * 1024 * 1024) -> KeptValues:
        """The values that this journal keeps between runs, at most `limit` characters of them."""
        return KeptValues(self._store, limit, self._now)

    def forget(self, keep: int) -> int:
        """Drop all runs but the newest `keep`, and those that a process is at work on; how many.

        Raises:
            JournalError: the file cannot be written.
        """
        rows = parsed(SummaryRow, self._store.rows(SELECT_SUMMARIES), self._store.path)
        return sum(self._forget(row) for row in rows[keep:])

    def _forget(self, row: SummaryRow) -> bool:
        if is_taken(self._store.path, row.id):
            return False
        lock = RunLock.take(self._store.path, row.id, row.name)
        try:
            self._store.write([(statement, [(row.id,)]) for statement in DELETE_RUN])
        finally:
            lock.release()
        return True

    def _run(self, name: str) -> RunRow:
        found = self._store.rows(SELECT_RUN, (escaped(name),))
        if not found:
            raise JournalError(f"{self._store.path} has no run {name!r}")
        return parsed(RunRow, found, self._store.path)[0]

    def _record(self, name: str, number: int, start: Starting) -> RunRecord:
        lock = RunLock.take(self._store.path, number, name)
        try:
            earlier = Earlier(
                self._parsed(NodeRow, SELECT_NODES, number),
                self._parsed(AttemptRow, SELECT_ATTEMPTS, number),
            )
            process = len(self._parsed(ProcessRow, SELECT_PROCESSES, number)) + 1
            self._store.one(INSERT_PROCESS, (number, process, os.getpid(), self._now()))
        except BaseException:
            lock.release()
            raise
        writing = Writing(store=self._store, lock=lock, name=name, number=number, process=process)
        return RunRecord(writing, start.inputs, earlier)

    def _parsed(self, kind: type[T], statement: str, number: int) -> tuple[T, ...]:
        return parsed(kind, self._store.rows(statement, (number,)), self._store.path)
