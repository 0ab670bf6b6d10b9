"""A run goes on where an earlier process left it: nothing is lost, nothing is done twice."""

from pathlib import Path
from typing import Any

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.journal.cutting import Cut, Seen, going_on, resumed, rows, values
from tests.dag.journal.review import BODIES, INPUTS, Log, review

pytestmark = pytest.mark.anyio


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
