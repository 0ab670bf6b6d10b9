"""A run goes on where an earlier process left it: nothing is lost, nothing is done twice."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Items
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader
from reviewbot.dag.journal.record import RunRecord
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.journal.review import BODIES, INPUTS, Log, review

pytestmark = pytest.mark.anyio


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


async def whole(tmp_path: Path) -> Any:
    """What an uninterrupted run finds."""
    done = await run(review(Log(tmp_path / "other")), INPUTS)
    assert {outcome.status for outcome in done.outcomes.values()} == {Status.SUCCEEDED}
    return values(done)


@pytest.mark.feature("S02")
@pytest.mark.feature("S03")
async def test_wherever_a_run_is_cut_off_it_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    expected = await whole(tmp_path)
    is_whole, at = False, 0
    while not is_whole:
        path, log = tmp_path / f"{at}.db", Log(tmp_path / f"{at}.log")
        graph = review(log)
        with going_on(path, graph) as record:
            cut = Cut(record, at)
            await run(graph, INPUTS, record=cut)
        log.path.unlink()
        finished = rows(path)
        assert cut.written <= finished
        with going_on(path, graph) as record:
            done = await run(graph, INPUTS, record=record)
        assert values(done) == expected
        assert done.warnings == ()
        assert log.counts() == dict.fromkeys(BODIES - finished, 1)
        is_whole, at = cut.commits <= at, at + 1
    assert at > 6


async def test_a_finished_run_that_goes_on_calls_nobody(tmp_path: Path) -> None:
    path, log = tmp_path / "journal", Log(tmp_path / "log")
    graph = review(log)
    with going_on(path, graph) as record:
        first = await run(graph, INPUTS, record=record)
    with going_on(path, graph) as record:
        second = await run(graph, INPUTS, record=record)
    assert values(second) == values(first)
    assert set(log.counts().values()) == {1}
    assert all(outcome.resumed for outcome in second.outcomes.values())


@pytest.mark.feature("S23")
async def test_two_instances_of_one_subgraph_have_rows_of_their_own(tmp_path: Path) -> None:
    path, log = tmp_path / "journal", Log(tmp_path / "log")
    graph = review(log)
    with going_on(path, graph) as record:
        await run(graph, INPUTS, record=record)
        rows = record._writing.store.rows("SELECT path, value FROM nodes WHERE path LIKE 'deep%'")
    found = dict(rows)
    assert found["deep[a.py]/judge"] == '"A.PY"'
    assert found["deep[b.py]/judge"] == '"B.PY"'
    assert found["deep[src/c.py]/judge"] == '"SRC/C.PY"'


async def resumed(
    path: Path, graph: Graph, inputs: Any = (), **options: Any
) -> tuple[Run, dict[str, bool]]:
    with going_on(path, graph, dict(inputs)) as record:
        done = await run(graph, dict(inputs), record=record, **options)
    return done, {name: outcome.resumed for name, outcome in done.outcomes.items()}


async def test_what_stood_on_a_failure_is_done_again_when_the_failure_is_gone(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken"
    seen = Seen()
    calls = seen.names

    async def lint() -> int:
        seen.names.append("lint")
        if broken.exists():
            raise RuntimeError("no linter")
        return 1

    async def types() -> int:
        seen.names.append("types")
        return 2

    async def merge(lint: Outcome[int], types: Outcome[int]) -> int:
        seen.names.append("merge")
        return (lint.value or 0) + (types.value or 0)

    async def after(types: int) -> int:
        seen.names.append("after")
        return types

    graph = Graph([node(each) for each in (lint, types, merge, after)])
    broken.touch()
    first, _ = await resumed(tmp_path / "journal", graph)
    assert first.value("merge") == 2
    calls.clear()
    same, was = await resumed(tmp_path / "journal", graph)
    assert calls == ["lint"]
    assert was == {"lint": False, "types": True, "merge": True, "after": True}
    assert same.value("merge") == 2
    calls.clear()
    broken.unlink()
    mended, was = await resumed(tmp_path / "journal", graph)
    assert calls == ["lint", "merge"]
    assert was == {"lint": False, "types": True, "merge": False, "after": True}
    assert mended.value("merge") == 3


async def test_of_a_map_only_the_items_that_are_missing_are_done_again(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    seen = Seen()
    calls = seen.names

    async def triage(file: str) -> str:
        seen.names.append(file)
        if file == "b" and broken.exists():
            raise RuntimeError("unreadable")
        return file.upper()

    async def merge(triage: Items[str]) -> str:
        seen.names.append("merge")
        return "".join(triage.values)

    graph = Graph([node(triage, each={"file": "files"}), node(merge)], {"files": tuple[str, ...]})
    inputs = {"files": ("a", "b", "c")}
    first, _ = await resumed(tmp_path / "journal", graph, inputs)
    assert first.outcomes["triage"].status is Status.PARTIAL
    assert first.value("merge") == "AC"
    broken.unlink()
    calls.clear()
    second, was = await resumed(tmp_path / "journal", graph, inputs)
    assert calls == ["b", "merge"]
    assert second.value("merge") == "ABC"
    calls.clear()
    third, was = await resumed(tmp_path / "journal", graph, inputs)
    assert (calls, was) == ([], {"triage": True, "merge": True})
    assert [item.outcome.resumed for item in third.value("triage")] == [True, True, True]


async def test_a_second_attempt_at_a_subgraph_runs_its_nodes_anew(tmp_path: Path) -> None:
    seen = Seen()
    calls = seen.names

    async def read() -> int:
        seen.names.append("read")
        return len(seen.names)

    async def judge(read: int) -> int:
        seen.names.append("judge")
        if seen.names.count("judge") == 1:
            raise ConnectionError("reset")
        return read

    again = Policy(retry=Retry(on=(Exception,), base=0))
    graph = Graph([nested("pack", Graph([node(read), node(judge)]), gives="judge", policy=again)])
    done, _ = await resumed(tmp_path / "journal", graph)
    assert calls == ["read", "judge", "read", "judge"]
    assert done.value("pack") == 3
    calls.clear()
    done, was = await resumed(tmp_path / "journal", graph)
    assert (calls, was, done.value("pack")) == ([], {"pack": True}, 3)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (socket.socket, "its value cannot be written: socket is a socket, and no annotation"),
        (partial(Policy, timeout=1), "its value cannot be written: Policy is a Policy, and no"),
    ],
)
async def test_a_value_that_cannot_be_written_is_the_failure_of_its_node(
    tmp_path: Path, make: Callable[[], Any], said: str
) -> None:
    made: list[Any] = []

    async def connect():  # type: ignore[no-untyped-def] # noqa: ANN202 - what is not annotated
        made.append(make())
        return made[-1]

    async def ask(connect: Any) -> int:
        raise AssertionError(connect)

    async def other() -> int:
        return 1

    done, _ = await resumed(tmp_path / "journal", Graph([node(connect), node(ask), node(other)]))
    assert done.outcomes["connect"].status is Status.FAILED
    assert said in done.outcomes["connect"].reason
    assert done.outcomes["ask"].status is Status.SKIPPED
    assert done.value("other") == 1
    assert done.warnings == ()
    for each in made:
        if isinstance(each, socket.socket):
            each.close()


async def test_a_row_that_is_not_what_the_node_gives_is_no_finished_node(tmp_path: Path) -> None:
    seen = Seen()
    calls = seen.names

    async def lint() -> int:
        seen.names.append("lint")
        return 1

    graph, path = Graph([node(lint)]), tmp_path / "journal"
    await resumed(path, graph)
    for damage in ("""'"one"'""", "'{'", "NULL", "'null'"):
        with Journal.open(path) as journal:
            journal._store.one(f"UPDATE nodes SET value = {damage}", ())  # noqa: S608 - as above
        calls.clear()
        done, was = await resumed(path, graph)
        assert (calls, was, done.value("lint")) == (["lint"], {"lint": False}, 1)


async def test_names_that_look_like_paths_do_not_meet(tmp_path: Path) -> None:
    keys = ("a]", "a]/judge", "x[y]", "\udcff", "ä", "", "/", "judge", "judge[x]", "\x00")

    async def judge(file: str) -> str:
        return f"<{file}>"

    async def inner(file: str) -> str:
        return f"({file})"

    each = Each(over={"file": "files"}, key=str)
    below = Graph([node(inner, name="judge")], {"file": str})
    graph = Graph(
        [node(judge, each=each), nested("pack", below, gives="judge", each=each)],
        {"files": tuple[str, ...]},
    )
    path, inputs = tmp_path / "journal", {"files": keys}
    first, _ = await resumed(path, graph, inputs)
    second, was = await resumed(path, graph, inputs)
    assert was == {"judge": True, "pack": True}
    assert second.value("judge").by_key == {key: f"<{key}>" for key in keys}
    assert second.value("pack").by_key == {key: f"({key})" for key in keys}
    assert values(second) == values(first)


async def test_many_nodes_share_a_commit(tmp_path: Path) -> None:
    async def leaf() -> int:
        return 1

    graph = Graph([node(leaf, name=f"n{number}") for number in range(300)])
    with going_on(tmp_path / "journal", graph, {}) as record:
        cut = Cut(record, 10_000)
        done = await run(graph, record=cut)
    assert len(done.outcomes) == 300
    assert cut.commits < 30


def test_asyncio_is_not_needed_to_have_a_record(tmp_path: Path) -> None:
    async def lint() -> int:
        return 1

    graph = Graph([node(lint)])
    with going_on(tmp_path / "journal", graph, {}) as record:
        done: Run = anyio.run(partial(run, graph, record=record), backend="trio")
    assert done.value("lint") == 1
