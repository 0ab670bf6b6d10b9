"""A node that asks for its Context knows where it stands, and is heard, from any thread."""

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from anyio import to_thread

from reviewbot.dag.context import Context
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Cost, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, Logged, Spent
from tests.dag.running.scripted import Ticking, ended

RETRY = Retry(on=(OSError,), attempts=3, base=0)


@pytest.mark.anyio
@pytest.mark.feature("S11")
async def test_every_attempt_knows_its_number_and_a_backup_is_told_too() -> None:
    seen: list[Context] = []

    async def lint(change: str, context: Context) -> str:
        seen.append(context)
        raise OSError(change)

    def ruff(context: Context, change: str) -> str:
        seen.append(context)
        return f"{change}, {context.shared['level']}"

    def bare(change: str) -> str:
        return change

    policy = Policy(retry=RETRY, backups=(Backup(name="ruff", run=ruff),))
    graph = Graph(
        [
            node(lint, policy=policy),
            node(bare, name="bare", policy=Policy(backups=(Backup(name="text", run=str),))),
        ],
        {"change": str},
    )
    given = {"change": "a.py"}
    done = await run(graph, given, name="pr12", shared={"level": "strict"}, clock=Ticking())
    assert done.value("lint") == "a.py, strict"
    assert [each.attempt for each in seen] == [1, 2, 3, 1]
    assert {(each.run, each.node, each.item) for each in seen} == {("pr12", "lint", "")}


def in_its_thread(context: Context) -> int:
    context.spend(usd=0.25)
    context.log("plain")
    return threading.get_ident()


async def in_the_loop(context: Context) -> int:
    context.spend(usd=0.25)
    context.log("loop")
    return threading.get_ident()


async def in_another_thread(context: Context) -> int:
    return await to_thread.run_sync(in_its_thread, context)


async def in_a_thread_of_its_own(context: Context) -> int:
    thread = threading.Thread(target=in_its_thread, args=(context,))
    thread.start()
    while thread.is_alive():
        await anyio.lowlevel.checkpoint()
    return 0


@pytest.mark.parametrize(
    "work", [in_its_thread, in_the_loop, in_another_thread, in_a_thread_of_its_own]
)
@pytest.mark.anyio
async def test_what_a_node_tells_is_told_in_the_threads_of_the_run(
    work: Callable[..., Any],
) -> None:
    told: list[tuple[int, Event]] = []

    def listen(event: Event) -> None:
        told.append((threading.get_ident(), event))

    outcome = await ended(work, Policy(), on_event=listen)
    assert outcome.spent == {"usd": 0.25}
    assert {thread for thread, _ in told} == {threading.get_ident()}
    spent = [event for _, event in told if isinstance(event, Spent)]
    logged = [event for _, event in told if isinstance(event, Logged)]
    assert [(event.amounts, event.total) for event in spent] == [({"usd": 0.25}, {"usd": 0.25})]
    assert [event.node for event in logged] == ["lint"]


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_a_plain_function_that_is_late_is_charged_for_what_it_told() -> None:
    def slow(context: Context) -> int:
        context.spend(usd=0.25)
        threading.Event().wait(0.03)
        context.spend(usd=0.5)
        return 1

    policy = Policy(timeout=0.01, cost=Cost(estimate={"usd": 1}))
    outcome = await ended(slow, policy, budgets={"usd": 1})
    assert (outcome.status, outcome.spent) == (Status.TIMED_OUT, {"usd": 0.75})


@pytest.mark.anyio
async def test_a_bad_amount_is_the_nodes_failure_and_costs_nothing() -> None:
    async def wrong(context: Context) -> int:
        context.spend(usd=-1)
        return 1

    outcome = await ended(wrong, Policy())
    assert (outcome.status, outcome.spent) == (Status.FAILED, {})
    assert outcome.reason.startswith("ValueError: -1 usd is no amount")
