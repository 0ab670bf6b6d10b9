"""One run being written down: the port that the engine calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio import to_thread

from reviewbot.dag.digest import code_digest
from reviewbot.dag.journal.closing import Closing
from reviewbot.dag.journal.codec.shape import CodecError
from reviewbot.dag.journal.codec.text import dumped
from reviewbot.dag.journal.earlier import Earlier
from reviewbot.dag.journal.effects import Effects
from reviewbot.dag.journal.error import JournalError, JournalLostError
from reviewbot.dag.journal.lock import RunLock
from reviewbot.dag.journal.outcomes import Facts, row_of, unwritable
from reviewbot.dag.journal.received import Received, given
from reviewbot.dag.journal.rows import (
    INSERT_ATTEMPT,
    INSERT_NODE,
    WORKING,
    AttemptRow,
    NodeRow,
    bound,
)
from reviewbot.dag.journal.store import Statement, Store
from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run, Status

FINISHED = "finished"

_FINISH = "UPDATE runs SET state = ?, seconds = ?, ended = ?, told = ? WHERE id = ?"


@dataclass(slots=True)
class _Batch:
    """Rows that share a commit; a node that started and ended in between is one row."""

    nodes: dict[str, NodeRow] = field(default_factory=dict)
    attempts: list[AttemptRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.attempts)

    def statements(self, run: int) -> list[Statement]:
        """What to write."""
        return [
            (INSERT_NODE, [bound(run, row) for row in self.nodes.values()]),
            (INSERT_ATTEMPT, [bound(run, row) for row in self.attempts]),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Who writes which run where: its `name` and `number`, and the how manieth process this is."""

    store: Store
    lock: RunLock
    name: str
    number: int
    process: int


class RunRecord(Closing):
    """The record of one run, written by one process at a time (port `Record`).

    `run` is its name. What an earlier process finished stands as long as what it received is the
    same, told by content; it is given out once, so that a second attempt at a subgraph runs its
    nodes anew. A mapping node or a subgraph that was partial is run again: only its missing parts
    are. Leaving the record as a context manager frees the run for other processes.
    """

    def __init__(self, writing: Writing, inputs: Mapping[str, str], earlier: Earlier) -> None:
        self.run = writing.name
        self._writing = writing
        self._received = Received(inputs)
        self._earlier = earlier
        self._asked: set[str] = set()
        self._standing: set[str] = set()
        self._rows = _Batch()
        self._turn = anyio.Lock(fast_acquire=True)
        self._codes: dict[int, str] = {}

    @property
    def effects(self) -> Effects:
        """What the nodes of this run do to the world."""
        return Effects(self._writing.store, self._writing.number)

    def close(self) -> None:
        """Let other processes have the run."""
        self._writing.lock.release()

    def known(self, path: str, node: Node) -> Outcome[Any] | None:
        """What an earlier process finished, received what it would receive now; once per path.

        It is asked when everything the node needs has settled. A row that cannot be read back as a
        value of this node is no finished node.
        """
        received = self._received.by(path, node)
        outcome = None if path in self._asked else self._finished(path, node, received)
        self._asked.add(path)
        if outcome is None:
            self._standing.discard(path)
        return outcome

    def _finished(self, path: str, node: Node, received: str) -> Outcome[Any] | None:
        row = self._earlier.row(path)
        if row is None or row.inputs != received:
            return None
        try:
            outcome = self._earlier.outcome(path, node)
        except CodecError:
            return None
        if outcome is None or outcome.status is Status.PARTIAL or not outcome.ok:
            return None
        self._standing.add(path)
        self._received.settle(path, given(outcome, row.digest))
        return outcome

    def started(self, path: str, node: Node, at: float) -> None:
        """The node got its slot, `at` seconds after the start of the run in this process."""
        self._rows.nodes[path] = NodeRow(
            path=path, process=self._writing.process, node=node.name, status=WORKING, started=at
        )

    def attempted(self, path: str, attempt: Attempt) -> None:
        """One attempt ended."""
        self._rows.attempts.append(
            AttemptRow(
                path=path,
                process=self._writing.process,
                number=attempt.number,
                by=attempt.by,
                started=attempt.started,
                seconds=attempt.seconds,
                error=attempt.error,
                delay=attempt.delay,
            )
        )

    def settled(self, path: str, node: Node, outcome: Outcome[Any]) -> Outcome[Any]:
        """The node ended; failed, with the place, when its value cannot be written."""
        if path in self._standing:
            return outcome
        facts = Facts(
            self._writing.process,
            self._received.of(path, node),
            self._code(node, outcome.answered_by),
        )
        has_row = self._received.__contains__
        try:
            row = row_of(path, node, outcome, facts, has_row)
        except CodecError as error:
            outcome = unwritable(outcome, error)
            row = row_of(path, node, outcome, facts, has_row)
        self._received.settle(path, given(outcome, row.digest))
        self._rows.nodes[path] = row
        return outcome

    def _code(self, node: Node, answered_by: str) -> str:
        run = node.run
        if node.policy.backups:
            names = (backup.run for backup in node.policy.backups if backup.name == answered_by)
            run = next(names, run)
        if id(run) not in self._codes:
            self._codes[id(run)] = code_digest(run)
        return self._codes[id(run)]

    async def commit(self) -> None:
        """Return when everything handed over so far is in the file.

        Raises:
            JournalLostError: it cannot be written. What was handed over is kept, and the next
                commit tries it again.
        """
        if not self._rows:
            return
        async with self._turn:
            rows, self._rows = self._rows, _Batch()
            if rows:
                await self._write(rows, rows.statements(self._writing.number))

    async def finished(self, run: Run) -> None:
        """The run ended: the rest of its rows, and that it did.

        Raises:
            JournalLostError: it cannot be written.
        """
        told = {
            "spent": dict(run.spent),
            "breakers": dict(run.breakers),
            "warnings": list(run.warnings),
        }
        last = (FINISHED, run.seconds, run.ended, dumped(told), self._writing.number)
        async with self._turn:
            rows, self._rows = self._rows, _Batch()
            await self._write(rows, [*rows.statements(self._writing.number), (_FINISH, [last])])

    async def _write(self, rows: _Batch, statements: list[Statement]) -> None:
        try:
            await to_thread.run_sync(self._writing.store.write, statements)
        except JournalError as error:
            self._rows.nodes = {**rows.nodes, **self._rows.nodes}
            self._rows.attempts[:0] = rows.attempts
            raise JournalLostError(*error.problems) from error
