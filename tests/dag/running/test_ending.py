"""A run that ends early still closes: what exists is merged, everything else says why."""

from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.ending import closing


@node
async def lint() -> str:
    await anyio.sleep(1)
    return "clean"


@node
async def types() -> str:
    await anyio.sleep(3600)
    return "typed"


@node
async def triage(types: str) -> str:
    raise AssertionError(types)


@node
async def advice(lint: str, late: Outcome[str]) -> str:
    raise AssertionError((lint, late))


@node
async def merge(lint: Outcome[str], types: Outcome[str], triage: Outcome[str]) -> tuple[str, ...]:
    await anyio.sleep(2)
    return tuple(part.value for part in (lint, types, triage) if part.value)


@node(when=lambda merge: len(merge) > 0)
async def decide(merge: tuple[str, ...], change: str) -> str:
    return f"{change}: {', '.join(merge)}"


GRAPH = Graph(
    [lint, types, triage, advice.bind("advice", inputs={"late": "types"}), merge, decide],
    {"change": str},
)


def told(done: Run) -> dict[str, str]:
    return {name: str(outcome) for name, outcome in done.outcomes.items()}


def test_closing_nodes_need_nobody_who_may_not_have_answered() -> None:
    assert closing(GRAPH) == {"merge", "decide"}


@pytest.mark.feature("E54")
def test_at_the_deadline_what_exists_is_merged_and_decided(virtual: Any) -> None:
    done = virtual(lambda: run(GRAPH, {"change": "c"}, deadline=600, clock=virtual.clock))
    assert told(done) == {
        "lint": "lint succeeded",
        "types": "types timed out (run deadline of 600 s, attempt 1 of 1)",
        "triage": "triage skipped (run deadline of 600 s before it started)",
        "advice": "advice skipped (run deadline of 600 s before it started)",
        "merge": "merge succeeded",
        "decide": "decide succeeded",
    }
    assert done.value("decide") == "c: clean"
    assert (done.seconds, done.ended) == (602, "run deadline of 600 s")


def test_the_deadline_counts_once_and_not_at_all_when_it_is_not_reached(virtual: Any) -> None:
    part = GRAPH.only(["lint"])
    done = virtual(lambda: run(part, {"change": "c"}, deadline=600, clock=virtual.clock))
    assert (done.seconds, done.ended) == (1, "")


def test_closing_nodes_have_no_more_than_the_grace(virtual: Any) -> None:
    done = virtual(
        lambda: run(GRAPH, {"change": "c"}, deadline=600, grace=1.5, clock=virtual.clock)
    )
    why = "run deadline of 600 s and 1.5 s of grace"
    assert told(done)["merge"] == f"merge timed out ({why}, attempt 1 of 1)"
    assert told(done)["decide"] == f"decide skipped ({why} before it started)"
    assert done.seconds == 601.5


@pytest.mark.anyio
@pytest.mark.feature("E56")
async def test_stopping_cancels_what_works_and_what_waits_and_still_closes() -> None:
    stop, stopped = anyio.Event(), list[str]()

    @node
    async def works() -> str:
        try:
            await anyio.sleep(3600)
        finally:
            stopped.append("works")
        return "never"

    @node
    async def waits(works: str) -> str:
        raise AssertionError(works)

    @node
    async def queued() -> str:
        raise AssertionError

    @node
    async def report(works: Outcome[str], waits: Outcome[str], queued: Outcome[str]) -> str:
        return "; ".join(map(str, (works, waits, queued)))

    async def press() -> None:
        await anyio.sleep(0.005)
        stop.set()

    graph = Graph([works, waits, queued, report])
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(press)
        done = await run(graph, stop=stop, max_parallel=1)
    assert stopped == ["works"]
    assert done.value("report") == (
        "works cancelled (the run was stopped, attempt 1 of 1); "
        "waits cancelled (the run was stopped before it started); "
        "queued cancelled (the run was stopped before it started)"
    )
    assert done.seconds < 1


def test_the_first_ending_counts(virtual: Any) -> None:
    async def both() -> Run:
        stop = anyio.Event()

        async def press() -> None:
            await anyio.sleep(601)
            stop.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(press)
            found = await run(GRAPH, {"change": "c"}, deadline=600, stop=stop, clock=virtual.clock)
        return found  # noqa: RET504 - a task group may swallow, so mypy wants it out here

    done = virtual(both)
    assert done.ended == "run deadline of 600 s"
    assert done.value("decide") == "c: clean"


def test_an_ending_is_final_for_retries_backups_and_fallbacks(virtual: Any) -> None:
    calls: list[str] = []

    async def flaky() -> str:
        calls.append("flaky")
        raise ConnectionError

    async def backup() -> str:
        calls.append("backup")
        return "never"

    policy = Policy(
        retry=Retry(on=(ConnectionError,), attempts=9, base=400, max=400),
        backups=(Backup(name="backup", run=backup),),
        fallback=Fallback(value="never"),
    )
    graph = Graph([node(flaky, policy=policy)])
    done = virtual(lambda: run(graph, deadline=600, clock=virtual.clock, random=lambda: 1.0))
    assert calls == ["flaky", "flaky"]
    assert str(done.outcomes["flaky"]) == "flaky timed out (run deadline of 600 s, attempt 2 of 9)"
    assert done.seconds == 600


@pytest.mark.parametrize("at", [5, 15])
def test_a_node_that_was_waiting_for_its_slot_again_ends_too(virtual: Any, at: float) -> None:
    """At 5 s the node waits for its delay, at 15 s for the slot that another one holds."""

    async def flaky() -> str:
        raise ConnectionError

    async def busy() -> str:
        await anyio.sleep(1000)
        return "never"

    policy = Policy(retry=Retry(on=(ConnectionError,), base=10), priority=1)
    graph = Graph([node(flaky, policy=policy), node(busy)])
    done = virtual(
        lambda: run(graph, deadline=at, clock=virtual.clock, max_parallel=1, random=lambda: 1.0)
    )
    assert told(done) == {
        "flaky": f"flaky timed out (run deadline of {at} s, attempt 1 of 3)",
        "busy": f"busy timed out (run deadline of {at} s, attempt 1 of 1)",
    }
