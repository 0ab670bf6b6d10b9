"""Breakers, costs and limits of one unit meet: nobody pays twice, waits in vain or holds on."""

import asyncio
from typing import Any

import anyio
import pytest

from reviewbot.dag.context import Context
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Breaker, Cost, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.breaker import Breakers
from tests.dag.running.scripted import Scripted, Ticking, ended

ONCE = Breaker(key="github", failures=1, cooldown=30)
RETRY = Retry(on=(OSError,), attempts=3, base=1, jitter=Jitter.NONE)
PRICED = Policy(cost=Cost(estimate={"usd": 0.6}))


FIRST = PRICED.merged(Policy(priority=1))


async def frugal(context: Context) -> int:
    """Uses less than it reserved, which is known at its end only."""
    context.spend(usd=0.1)
    await anyio.sleep(10)
    return 1


async def hang() -> int:
    await anyio.sleep(3600)
    return 1


@pytest.mark.anyio
@pytest.mark.feature("E09")
@pytest.mark.feature("E55")
async def test_an_attempt_that_was_refused_costs_nothing() -> None:
    policy = Policy(breaker=ONCE, retry=RETRY).merged(PRICED)
    work = Scripted(OSError())
    outcome = await ended(work, policy, budgets={"usd": 5}, clock=Ticking())
    assert (work.calls, len(outcome.attempts)) == (1, 2)
    assert outcome.spent == {"usd": 0.6}


@pytest.mark.feature("E55")
def test_who_would_be_refused_does_not_wait_for_room_first(virtual: Any) -> None:
    breakers, guarded = Breakers(), PRICED.merged(Policy(breaker=ONCE))

    async def play() -> Run:
        options = {"clock": virtual.clock, "breakers": breakers}
        await ended(Scripted(OSError()), Policy(breaker=ONCE), **options)
        graph = Graph([node(frugal, policy=FIRST), node(Scripted(1), name="next", policy=guarded)])
        return await run(graph, budgets={"usd": 1}, **options)

    outcome = virtual(play).outcomes["next"]
    assert (outcome.status, outcome.seconds) == (Status.FAILED, 0)


@pytest.mark.feature("E09")
def test_the_total_begins_with_room_for_the_first_attempt_and_includes_later_waiting(
    virtual: Any,
) -> None:
    @node(policy=PRICED.merged(Policy(total=8)))
    async def late() -> int:
        await anyio.sleep(5)
        return 1

    again = Policy(cost=Cost(estimate={"usd": 0.4}), retry=RETRY, total=5)
    failing = node(Scripted(OSError()), name="failing", policy=again)

    def play(other: Node) -> Outcome[Any]:
        graph = Graph([node(frugal, policy=FIRST), other])
        done: Run = virtual(lambda: run(graph, budgets={"usd": 1}, clock=virtual.clock))
        return done.outcomes[other.name]

    assert (play(late).value, play(late).seconds) == (1, 15)
    cut = play(failing)
    assert (cut.status, cut.seconds) == (Status.TIMED_OUT, 5)
    assert cut.reason == "total 5 s, attempt 1 of 3"


@pytest.mark.feature("E09")
def test_who_is_cut_off_while_it_waits_for_room_gives_way_to_what_closes_the_run(
    virtual: Any,
) -> None:
    @node(policy=PRICED)
    async def waits() -> int:
        raise AssertionError("there is no room")

    @node(policy=PRICED)
    async def merge(frugal: Outcome[int], waits: Outcome[int]) -> str:
        return f"{frugal.status}, {waits.status}"

    graph = Graph([node(frugal, policy=FIRST), waits, merge])
    done: Run = virtual(lambda: run(graph, budgets={"usd": 1}, deadline=5, clock=virtual.clock))
    assert done.value("merge") == "timed out, timed out"
    assert done.seconds == 5
    assert done.spent == {"usd": pytest.approx(0.7)}


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_a_probe_that_the_caller_cancels_leaves_room_for_another() -> None:
    breakers, clock = Breakers(), Ticking()
    policy = Policy(breaker=ONCE)
    await ended(Scripted(OSError()), policy, breakers=breakers, clock=clock)
    clock.passed += 30
    with anyio.move_on_after(0.005):
        await ended(hang, policy, breakers=breakers, clock=clock)
    assert breakers.states == {"github": "open"}
    assert (await ended(Scripted(7), policy, breakers=breakers, clock=clock)).value == 7
    assert breakers.states == {"github": "closed"}


@pytest.mark.feature("E55")
def test_who_began_before_it_opened_says_nothing_about_the_probe() -> None:
    breakers = Breakers()
    early, _ = breakers.admit(ONCE, 0)
    late, _ = breakers.admit(ONCE, 0)
    other, _ = breakers.admit(ONCE, 0)
    breakers.failed(early, OSError(), 0)
    breakers.admit(ONCE, 30)
    assert breakers.left(late) is None
    assert breakers.succeeded(late) is None
    assert breakers.failed(other, OSError(), 31) is None
    assert breakers.states == {"github": "half open"}


def test_a_stray_cancellation_leaves_nothing_behind_in_the_task() -> None:
    async def confused() -> int:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await anyio.sleep(3600)
        return 1

    async def calm() -> int:
        task = asyncio.current_task()
        assert task is not None
        await anyio.sleep(0.001)
        return task.cancelling()

    async def play() -> Run:
        first = node(confused, policy=Policy(priority=1, timeout=5))
        return await run(Graph([first, node(calm, policy=Policy(timeout=5))]), max_parallel=1)

    done = anyio.run(play)
    assert done.outcomes["confused"].status is Status.FAILED
    assert done.value("calm") == 0


@pytest.mark.feature("E09")
@pytest.mark.feature("E55")
def test_who_is_refused_after_it_waited_for_room_gives_the_room_back(virtual: Any) -> None:
    twice = Policy(breaker=Breaker(key="github", failures=2))

    @node(policy=twice)
    async def other() -> int:
        await anyio.sleep(5)
        raise OSError("down")

    policy = twice.merged(Policy(cost=Cost(estimate={"usd": 0.4}), retry=RETRY))
    work = Scripted(OSError("down"))
    graph = Graph([node(frugal, policy=FIRST), other, node(work, name="waits", policy=policy)])
    done: Run = virtual(lambda: run(graph, budgets={"usd": 1}, clock=virtual.clock))
    waits = done.outcomes["waits"]
    assert (work.calls, waits.seconds, waits.spent) == (1, 10, {"usd": 0.4})
    assert waits.attempts[-1].error == (
        "breaker 'github' is open: 2 failures in a row, next probe in 25 s"
    )
    assert done.spent == {"usd": pytest.approx(0.5)}
