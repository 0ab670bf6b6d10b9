"""A run is seen from outside: while it goes on, after it, and beside another one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.journal.audit import Deviation, deviation, deviations
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader, RecordedRun, State
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.journal.cutting import Seen
from tests.dag.journal.review import FILES, INPUTS, Log, review

pytestmark = pytest.mark.anyio


async def recorded(
    path: Path, graph: Graph, inputs: Mapping[str, Any], name: str = "r1", **options: Any
) -> tuple[Run, RecordedRun]:
    """A run as the engine saw it, and as a reader sees it."""
    with (
        Journal.open(path, now=lambda: 100.0) as journal,
        journal.begin(name, graph, inputs, picture="a picture: ä") as record,
    ):
        live = await run(graph, inputs, record=record, **options)
    with Reader.open(path) as reader:
        return live, reader.load(name)


def told(outcomes: Mapping[str, Outcome[Any]]) -> Mapping[str, Any]:
    """How nodes ended, without values; items and inner runs too."""
    return {
        name: (
            one.status,
            one.reason,
            one.attempts,
            one.answered_by,
            one.started,
            one.seconds,
            one.kind,
            dict(one.spent),
            None if one.inner is None else told(one.inner.outcomes),
            told({each.key: each.outcome for each in one.value})
            if isinstance(one.value, Items)
            else None,
        )
        for name, one in outcomes.items()
    }


@pytest.mark.feature("S15")
async def test_what_is_read_is_what_was_run(tmp_path: Path) -> None:
    live, seen = await recorded(tmp_path / "journal", review(Log(tmp_path / "log")), INPUTS)
    assert told(seen.run.outcomes) == told(live.outcomes)
    assert seen.run.needs == live.needs
    assert seen.run.dependents == live.dependents
    assert seen.run.waves == live.waves
    assert (seen.run.name, seen.run.seconds, seen.run.ended) == ("r1", live.seconds, "")
    assert seen.run.value("lint") == [
        {"path": "a.py", "line": 20, "tags": ["x", "y"]},
    ]
    assert [each.id for each in seen.run.value("triage")] == [f"files/{file}" for file in FILES]
    assert seen.summary.state is State.FINISHED
    assert seen.summary.started == 100.0
    assert seen.picture == "a picture: ä"
    assert [each.pid for each in seen.processes] == [os.getpid()]


@pytest.mark.feature("S15")
async def test_every_node_has_digests_of_what_it_got_gave_and_did(tmp_path: Path) -> None:
    _, seen = await recorded(tmp_path / "journal", review(Log(tmp_path / "log")), INPUTS)
    assert all(len(each.digest) == len(each.inputs) == 64 for each in seen.nodes.values())
    codes = {path: each.code for path, each in seen.nodes.items()}
    assert codes["lint"] != codes["types"]
    assert {codes[f"deep[{file}]/judge"] for file in FILES} == {codes["deep[a.py]/judge"]}
    assert seen.nodes["lint"].inputs == seen.nodes["types"].inputs != seen.nodes["merge"].inputs


async def test_what_failed_is_told_with_its_attempts_and_kind(tmp_path: Path) -> None:
    async def lint() -> int:
        raise ConnectionError("reset")

    async def other() -> int:
        return 1

    again = Retry(on=(ConnectionError,), attempts=2, base=0.001)
    policy = Policy(retry=again, backups=(Backup(name="spare", run=other),))
    graph = Graph([node(lint, policy=policy), node(lint, name="types")])
    live, seen = await recorded(tmp_path / "journal", graph, {})
    assert told(seen.run.outcomes) == told(live.outcomes)
    found = seen.run.outcomes
    assert found["lint"].status is Status.REROUTED
    assert [(each.by, each.error) for each in found["lint"].attempts] == [
        ("lint", "ConnectionError: reset"),
        ("lint", "ConnectionError: reset"),
        ("spare", None),
    ]
    assert found["lint"].attempts[1].delay > 0
    assert str(found["types"].error) == "ConnectionError: reset"
    assert seen.nodes["lint"].code != seen.nodes["types"].code  # the spare one answered


async def test_of_a_subgraph_that_was_tried_again_the_last_time_is_told(tmp_path: Path) -> None:
    seen = Seen()

    async def read() -> int:
        seen.names.append("read")
        if len(seen.names) < 4:
            raise ConnectionError(str(len(seen.names)))
        return 1

    twice = Policy(retry=Retry(on=(Exception,), attempts=2, base=0))
    inner = Graph([node(read, policy=twice)])
    live, found = await recorded(
        tmp_path / "journal", Graph([nested("pack", inner, gives="read", policy=twice)]), {}
    )
    assert told(found.run.outcomes) == told(live.outcomes)
    assert [each.error for each in found.attempts if each.path == "pack/read"] == [
        "ConnectionError: 1",
        "ConnectionError: 2",
        "ConnectionError: 3",
        None,
    ]


GOES_ON = """
import sys, anyio
from pathlib import Path
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.runner import run
from tests.dag.journal.cutting import Seen
from tests.dag.journal.review import INPUTS, Log, review
async def main():
    graph = review(Log(Path(sys.argv[2])), pause=0.15)
    with Journal.open(Path(sys.argv[1])) as journal:
        with journal.begin("r1", graph, INPUTS) as record:
            await run(graph, INPUTS, record=record)
anyio.run(main)
"""


def seen_when(reader: Reader, what: Callable[[RecordedRun], bool]) -> RecordedRun:
    """The run, as soon as it looks like that."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if reader.runs():
            found = reader.load("r1")
            if what(found):
                return found
        time.sleep(0.01)
    raise TimeoutError


@pytest.mark.feature("S18")
def test_a_second_process_sees_each_node_as_it_settles(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal.open(path).close()
    arguments = [sys.executable, "-c", GOES_ON, str(path), str(tmp_path / "log")]
    with subprocess.Popen(arguments) as child, Reader.open(path) as reader:
        early = seen_when(reader, lambda found: "fetch" in found.run.outcomes)
        assert early.summary.state is State.RUNNING
        assert "verdict" not in early.run.outcomes
        assert early.run.dependents["fetch"] == tuple(early.run.needs)[1:]
        later = seen_when(reader, lambda found: "lint" in found.run.outcomes)
        assert later.run.value("lint")[0]["path"] == "a.py"
        working = {path for path, each in later.nodes.items() if each.status == "working"}
        assert working.isdisjoint(later.run.outcomes)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert reader.load("r1").summary.state is State.INTERRUPTED


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    Journal.open(tmp_path / "journal").close()
    with Reader.open(tmp_path / "journal") as reader:
        assert reader.runs() == ()
        with pytest.raises(JournalError, match="has no run 'r1'"):
            reader.load("r1")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE runs SET links = '[]'",
        """UPDATE runs SET links = '{"a": {"needs": ["b"]}, "b": {"needs": ["a"], "inner": 1}}'""",
        "UPDATE runs SET manifest = '{'",
        'UPDATE runs SET told = \'{"spent": {"usd": "much"}}\'',
        "UPDATE runs SET started = 'yesterday'",
        "UPDATE nodes SET status = 'splendid'",
        "UPDATE nodes SET value = '{'",
        "UPDATE nodes SET value = x'00'",
        "UPDATE nodes SET seconds = 'long'",
        "UPDATE nodes SET kind = 'odd' WHERE path = 'lint'",
        "UPDATE nodes SET spent = '[]'",
        """UPDATE nodes SET value = '{"$items": [1]}'""",
        """UPDATE nodes SET value = '{"$items": [["x", "x", [], null]]}' WHERE path = 'triage'""",
        "UPDATE attempts SET number = 'first'",
        "UPDATE processes SET pid = 'x'",
    ],
)
async def test_foreign_rows_are_refused_never_misread(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "journal"
    await recorded(path, review(Log(tmp_path / "log")), INPUTS)
    with Journal.open(path) as journal:
        journal._store.one(damage, ())
    with pytest.raises(JournalError, match="is damaged: ") as refused, Reader.open(path) as reader:
        reader.load("r1")
    assert "\n" not in str(refused.value)


def answering(first: int, second: int, *, more: bool = False) -> Graph:
    """Three nodes in a row, a fourth beside them, and perhaps a fifth."""

    async def read(change: str) -> int:
        return len(change) + first

    async def judge(read: int) -> int:
        return read // 10 + second

    async def post(judge: int) -> int:
        return judge

    async def aside(change: str) -> str:
        return change

    nodes = [node(read), node(judge), node(post), node(aside)]
    return Graph([*nodes, *([node(aside, name="more")] if more else [])], {"change": str})


@pytest.mark.feature("S15")
async def test_the_first_node_that_deviated_is_named(tmp_path: Path) -> None:
    answers = iter([1, 2, 2, 2])

    async def dice(change: str) -> int:
        return next(answers) + len(change)

    async def shown(dice: int) -> int:
        return dice

    graph = Graph([node(shown), node(dice)], {"change": str})
    path = tmp_path / "journal"
    _, one = await recorded(path, graph, {"change": "a"}, "r1")
    _, two = await recorded(path, graph, {"change": "a"}, "r2")
    _, same = await recorded(path, graph, {"change": "a"}, "r3")
    _, other = await recorded(path, graph, {"change": "b"}, "r4")
    first = deviation(one, two)
    assert first is not None
    assert (first.path, first.what) == ("dice", "value")
    assert str(first) == f"dice differs in value: {first.before[:12]} became {first.after[:12]}"
    assert [(each.path, each.what) for each in deviations(one, two)] == [
        ("dice", "value"),
        ("shown", "inputs"),
    ]
    assert deviation(two, same) is None
    moved = deviation(two, other)
    assert moved is not None
    assert (moved.path, moved.what) == ("dice", "inputs")


@pytest.mark.feature("S15")
async def test_other_code_and_other_nodes_are_deviations_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    _, one = await recorded(path, answering(0, 0), INPUTS, "r1")
    _, two = await recorded(path, answering(0, 1), INPUTS, "r2")
    _, three = await recorded(path, answering(0, 0, more=True), INPUTS, "r3")
    assert [(each.path, each.what) for each in deviations(one, two)] == [
        ("judge", "code"),
        ("post", "inputs"),
    ]
    assert deviation(one, three) == Deviation(
        path="more", what="presence", before="absent", after="present"
    )


async def test_items_and_inner_nodes_are_named_before_their_wholes(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    _, one = await recorded(path, review(Log(tmp_path / "log")), INPUTS, "r1")
    _, two = await recorded(path, review(Log(tmp_path / "log")), {"change": "HEAD"}, "r2")
    order = [each.path for each in deviations(one, two)]
    assert order.index("fetch") == 0
    assert order.index("pack/join") < order.index("pack") < order.index("verdict")
