"""A run is written down node by node, each under its own path, values as they were."""

import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Run, Status
from reviewbot.dag.runner import run
from tests.dag.journal.cutting import Cut, Seen, going_on, resumed, values
from tests.dag.journal.review import INPUTS, Log, review

pytestmark = pytest.mark.anyio


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


async def test_what_comes_back_has_its_attempts_and_the_run_inside_it(tmp_path: Path) -> None:
    seen = Seen()

    async def read() -> int:
        seen.names.append("read")
        if len(seen.names) == 1:
            raise ConnectionError("reset")
        return 7

    again = Policy(retry=Retry(on=(ConnectionError,), base=0))
    inner = Graph([node(read, policy=again)])
    graph = Graph([nested("pack", inner, gives="read")])
    first, _ = await resumed(tmp_path / "journal", graph)
    second, was = await resumed(tmp_path / "journal", graph)
    assert was == {"pack": True}
    before, after = (done.outcomes["pack"] for done in (first, second))
    assert before.inner is not None
    assert after.inner is not None
    assert after.attempts == before.attempts
    assert after.inner.outcomes["read"].attempts == before.inner.outcomes["read"].attempts
    assert [each.error for each in after.inner.outcomes["read"].attempts] == [
        "ConnectionError: reset",
        None,
    ]
    assert after.inner.value("read") == 7
    assert after.inner.outcomes["read"].resumed
