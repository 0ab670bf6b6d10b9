"""A record that is cut off, and a run that goes on from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader
from reviewbot.dag.journal.record import RunRecord
from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.journal.review import INPUTS


class Seen:
    """What was called. Not a bare list: the content of one counts as part of the code."""

    def __init__(self) -> None:
        self.names: list[str] = []


class Cut:
    """A record that keeps nothing from its n-th commit on, as if the process were gone.

    The rest of the run goes on and is forgotten; what a killed process does not do any more cannot
    be seen in its journal either. `written` are the nodes whose row was committed.
    """

    def __init__(self, inner: RunRecord, at: int) -> None:
        self.run = inner.run
        self.written: set[str] = set()
        self.commits = 0
        self._inner = inner
        self._at = at
        self._open: set[str] = set()

    def known(self, path: str, node: Node) -> Outcome[Any] | None:
        return self._inner.known(path, node)

    def started(self, path: str, node: Node, at: float) -> None:
        self._inner.started(path, node, at)

    def attempted(self, path: str, attempt: Attempt) -> None:
        self._inner.attempted(path, attempt)

    def settled(self, path: str, node: Node, outcome: Outcome[Any]) -> Outcome[Any]:
        self._open.add(path)
        return self._inner.settled(path, node, outcome)

    async def commit(self) -> None:
        self.commits += 1
        if self.commits <= self._at:
            ready, self._open = self._open, set()
            await self._inner.commit()
            self.written |= ready

    async def finished(self, run: Run) -> None:
        if self.commits <= self._at:
            await self._inner.finished(run)


@contextmanager
def going_on(path: Path, graph: Graph, inputs: Any = INPUTS) -> Iterator[RunRecord]:
    with Journal.open(path) as journal:
        names = [name for (name,) in journal._store.rows("SELECT name FROM runs")]
        start = journal.resume if "review" in names else journal.begin
        with start("review", graph, inputs) as record:
            yield record


def rows(path: Path) -> set[str]:
    """The nodes and items that a journal says have finished."""
    with Reader.open(path) as reader:
        found = reader.load("review").nodes.values()
    return {each.path for each in found if each.status == Status.SUCCEEDED}


def values(done: Run) -> Any:
    """Everything that was found, times left out."""
    return {
        name: tuple((each.key, each.id, each.sources, each.outcome.value) for each in outcome.value)
        if isinstance(outcome.value, Items)
        else outcome.value
        for name, outcome in done.outcomes.items()
    }


async def resumed(
    path: Path, graph: Graph, inputs: Any = (), **options: Any
) -> tuple[Run, dict[str, bool]]:
    with going_on(path, graph, dict(inputs)) as record:
        done = await run(graph, dict(inputs), record=record, **options)
    return done, {name: outcome.resumed for name, outcome in done.outcomes.items()}
