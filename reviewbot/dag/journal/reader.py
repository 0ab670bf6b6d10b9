"""Reading a journal from outside, also while other processes write to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from reviewbot.dag.journal.closing import Closing
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.lock import is_taken
from reviewbot.dag.journal.picture import Picture, pictured
from reviewbot.dag.journal.rows import (
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
from reviewbot.dag.journal.starting import kept, manifest_of
from reviewbot.dag.journal.store import Store
from reviewbot.dag.run import Run


class State(StrEnum):
    """Where a run stands: a living process is at work on it, it ended, or its process is gone."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One run of a journal. `started` is seconds since 1970, `seconds` 0 before its end."""

    name: str
    state: State
    started: float
    seconds: float
    ended: str
    manifest: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNode:
    """What a journal says of one node or item beside its outcome.

    `process` is the number of the one that worked on it. `digest` is that of its value (empty
    without one), `inputs` that of all it received, `code` that of who answered.
    """

    path: str
    status: str
    process: int
    started: float
    seconds: float
    digest: str
    inputs: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """One run as the journal has it.

    `run` holds what has settled, with values as JSON data, subgraphs in `Outcome.inner` and items
    as `Items`. `nodes` has every node and item by path, in the order in which they were written
    last; those that are at work have the status "working". `inputs` are digests of the run's
    inputs. `picture` is what the run's caller gave to keep. `attempts` are those of all processes,
    as they ended.
    """

    summary: RunSummary
    run: Run
    nodes: Mapping[str, RecordedNode]
    inputs: Mapping[str, str]
    wiring: Mapping[str, Mapping[str, str]]
    picture: str
    processes: tuple[ProcessRow, ...]
    attempts: tuple[AttemptRow, ...]


class Reader(Closing):
    """The runs of a journal. It writes nothing, except that an older version is migrated."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path, *, timeout: float = 5.0) -> Self:
        """The journal in this file.

        Raises:
            JournalError: there is none, or it cannot be read: why, and what to do.
        """
        return cls(Store.read(path, timeout=timeout))

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def runs(self) -> tuple[RunSummary, ...]:
        """All runs, newest first.

        Raises:
            JournalError: the file is damaged.
        """
        with self._readable():
            rows = parsed(SummaryRow, self._store.rows(SELECT_SUMMARIES), self._store.path)
            return tuple(self._summary(row) for row in rows)

    def load(self, name: str) -> RecordedRun:
        """One run, as far as it has come.

        Raises:
            JournalError: there is no such run, or the file is damaged.
        """
        path = self._store.path
        with self._readable(), self._store.snapshot():
            found = parsed(RunRow, self._store.rows(SELECT_RUN, (escaped(name),)), path)
            if not found:
                raise JournalError(f"{path} has no run {name!r}")
            number = (found[0].id,)
            picture = Picture(
                run=found[0],
                nodes=parsed(NodeRow, self._store.rows(SELECT_NODES, number), path),
                attempts=parsed(AttemptRow, self._store.rows(SELECT_ATTEMPTS, number), path),
                processes=parsed(ProcessRow, self._store.rows(SELECT_PROCESSES, number), path),
            )
            return self._recorded(picture)

    def _recorded(self, picture: Picture) -> RecordedRun:
        start = kept(picture.run)
        return RecordedRun(
            summary=self._summary(picture.run),
            run=pictured(picture),
            nodes={row.path: _node(row) for row in picture.nodes},
            inputs=start.inputs,
            wiring=start.wiring,
            picture=picture.run.picture,
            processes=picture.processes,
            attempts=picture.attempts,
        )

    def _summary(self, row: SummaryRow) -> RunSummary:
        return RunSummary(
            name=row.name,
            state=self._state(row),
            started=row.started,
            seconds=row.seconds,
            ended=row.ended,
            manifest=manifest_of(row),
        )

    def _state(self, row: SummaryRow) -> State:
        if row.state == State.FINISHED:
            return State.FINISHED
        return State.RUNNING if is_taken(self._store.path, row.id) else State.INTERRUPTED

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except CodecError as error:
            raise JournalError(
                f"{self._store.path} is damaged: a text in it {error}; move it away"
            ) from None


def _node(row: NodeRow) -> RecordedNode:
    return RecordedNode(
        path=row.path,
        status=row.status,
        process=row.process,
        started=row.started,
        seconds=row.seconds,
        digest=row.digest,
        inputs=row.inputs,
        code=row.code,
    )
