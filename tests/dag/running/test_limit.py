"""When its time is up a node's work is over, whatever it makes of that."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.running.scripted import Scripted, ended

SHORT = Policy(timeout=0.005)


async def answers_late() -> int:
    try:
        await anyio.sleep(3600)
    except anyio.get_cancelled_exc_class():
        return 1
    return 2


async def fails_late() -> int:
    try:
        await anyio.sleep(3600)
    except anyio.get_cancelled_exc_class():
        raise ValueError("interrupted") from None
    return 2


def blocks() -> int:
    threading.Event().wait(0.02)
    return 1


@pytest.mark.parametrize("work", [answers_late, fails_late, blocks])
@pytest.mark.parametrize(
    ("policy", "options", "status", "reason"),
    [
        (SHORT, {}, Status.TIMED_OUT, "timeout 0.005 s, attempt 1 of 1"),
        (Policy(total=0.005), {}, Status.TIMED_OUT, "total 0.005 s, attempt 1 of 1"),
        (
            Policy(),
            {"deadline": 0.005},
            Status.TIMED_OUT,
            "run deadline of 0.005 s, attempt 1 of 1",
        ),
    ],
    ids=["timeout", "total", "deadline"],
)
@pytest.mark.anyio
@pytest.mark.feature("E53")
async def test_what_comes_after_the_time_is_up_counts_for_nothing(
    work: Callable[..., Any], policy: Policy, options: Any, status: Status, reason: str
) -> None:
    outcome = await ended(work, policy, **options)
    assert (outcome.status, outcome.value, outcome.reason) == (status, None, reason)


@pytest.mark.anyio
@pytest.mark.feature("E53")
async def test_a_plain_function_is_waited_for_and_its_end_is_the_end_of_the_attempt() -> None:
    outcome = await ended(blocks, SHORT)
    assert outcome.seconds >= 0.02


@pytest.mark.feature("E53")
def test_the_total_bounds_attempts_delays_and_backups_together(virtual: Any) -> None:
    calls: list[str] = []

    async def hang() -> int:
        calls.append("lint")
        await anyio.sleep(3600)
        return 1

    async def backup() -> int:
        calls.append("backup")
        await anyio.sleep(3600)
        return 1

    others = (Backup(name="a", run=backup), Backup(name="b", run=backup))
    retry = Retry(on=(TimeoutError,), attempts=2, base=4, jitter=Jitter.NONE)

    def play(total: float, fallback: Fallback | None = None) -> Outcome[Any]:
        policy = Policy(timeout=10, total=total, retry=retry, backups=others, fallback=fallback)
        calls.clear()
        outcome: Outcome[Any] = virtual(lambda: ended(hang, policy, clock=virtual.clock))
        return outcome

    assert (play(5).seconds, calls) == (5, ["lint"])
    assert (play(12).seconds, calls) == (12, ["lint", "backup"])
    assert (play(30).seconds, calls) == (30, ["lint", "lint", "backup"])
    assert play(30, Fallback(value=0)).status is Status.FELL_BACK
    last = play(1000)
    assert (last.seconds, calls) == (72, ["lint", "lint", *["backup"] * 4])
    assert last.reason == "timeout 10 s, attempt 2 of 2"


@pytest.mark.anyio
@pytest.mark.feature("E53")
async def test_nothing_is_called_once_the_total_is_up() -> None:
    work = Scripted(OSError())
    retry = Retry(on=(OSError,), attempts=3, base=10, jitter=Jitter.NONE)
    outcome = await ended(work, Policy(total=5, retry=retry))
    assert (work.calls, outcome.reason) == (1, "OSError, attempt 1 of 3")


@pytest.mark.feature("E53")
def test_no_timer_delays_the_end_of_the_process() -> None:
    code = """
import anyio, time
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.runner import run
async def lint() -> int:
    return 1
anyio.run(run, Graph([node(lint, policy=Policy(timeout=600, total=900))]))
"""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
    assert time.monotonic() - began < 30


@pytest.mark.anyio
@pytest.mark.feature("E53")
async def test_who_waits_to_try_again_when_the_run_ends_is_cut_off_by_it() -> None:
    work = Scripted(OSError("down"))
    retry = Retry(on=(OSError,), attempts=3, base=10, jitter=Jitter.NONE)
    outcome = await ended(work, Policy(retry=retry), deadline=0.005)
    assert (outcome.status, work.calls) == (Status.TIMED_OUT, 1)
    assert outcome.reason == "run deadline of 0.005 s, attempt 1 of 3"


@pytest.mark.parametrize("work", [answers_late, fails_late, blocks])
@pytest.mark.anyio
@pytest.mark.feature("E44")
async def test_whoever_comes_after_one_that_was_cut_off_has_all_its_time(
    work: Callable[..., Any],
) -> None:
    async def next_() -> int:
        await anyio.sleep(0.01)
        return 1

    first = node(work, name="first", policy=SHORT.merged(Policy(priority=1)))
    second = node(next_, name="second", policy=Policy(timeout=60))
    done = await run(Graph([first, second]), max_parallel=1)
    assert (done.outcomes["first"].status, done.value("second")) == (Status.TIMED_OUT, 1)
