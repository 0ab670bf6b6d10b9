"""One node under its policy ends in exactly one outcome, whatever it does."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Fallback, Invariant, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.error import OutputError
from reviewbot.dag.running.events import AttemptFailed, AttemptStarted, AttemptSucceeded, Event

Make = Callable[[], Awaitable[Any]]


async def ended(work: Callable[..., Any], policy: Policy, **options: Any) -> Outcome[Any]:
    single = Node(name="security", run=work, policy=policy)
    return (await run(Graph([single]), **options)).outcomes["security"]


class Flaky:
    """Fails with the given errors, one per call, then answers with the number of calls."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.calls


class Throttled(Exception):
    """A server that is too busy."""

    retry_after = 20.0


def refuse(_error: Exception) -> int:
    raise TypeError("unusable")


RETRY = Retry(on=(ConnectionError, TimeoutError, Throttled), attempts=3, base=1, jitter=Jitter.NONE)


async def hang() -> int:
    await anyio.sleep(3600)
    return 1


async def crash() -> int:
    raise ValueError("boom")


async def leave() -> int:
    sys.exit(3)


async def group() -> int:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(crash)
        tasks.start_soon(hang)
    return 1


def thread() -> int:
    raise ValueError("boom")


async def two() -> int:
    raise ExceptionGroup("both", [ValueError("boom"), KeyError("x")])


async def silent() -> int:
    raise ValueError


@pytest.mark.parametrize(
    ("work", "status", "reason"),
    [
        (crash, Status.FAILED, "ValueError: boom, attempt 1 of 1"),
        (thread, Status.FAILED, "ValueError: boom, attempt 1 of 1"),
        (silent, Status.FAILED, "ValueError, attempt 1 of 1"),
        (leave, Status.FAILED, "RuntimeError: exit(3), attempt 1 of 1"),
        (group, Status.FAILED, "ValueError: boom, attempt 1 of 1"),
        (two, Status.FAILED, "ValueError: boom and KeyError: 'x', attempt 1 of 1"),
        (hang, Status.TIMED_OUT, "timeout 0.01 s, attempt 1 of 1"),
        (Flaky(), Status.SUCCEEDED, ""),
    ],
    ids=["crash", "thread", "silent", "leave", "group", "two", "hang", "fine"],
)
@pytest.mark.anyio
@pytest.mark.feature("E43")
async def test_every_end_is_an_outcome_with_its_reason(
    work: Make, status: Status, reason: str
) -> None:
    outcome = await ended(work, Policy(timeout=0.01 if work is hang else 60))
    assert (outcome.status, outcome.reason) == (status, reason)
    assert outcome.ok is (outcome.error is None)
    assert len(outcome.attempts) == 1


def test_a_cancellation_from_inside_the_node_is_its_failure() -> None:
    async def confused() -> int:
        raise asyncio.CancelledError

    outcome = anyio.run(ended, confused, Policy())
    assert outcome.status is Status.FAILED
    assert outcome.reason == "RuntimeError: CancelledError from inside, attempt 1 of 1"


@pytest.mark.feature("E50")
def test_the_delays_are_those_of_the_retry(virtual: Any) -> None:
    flaky = Flaky(ConnectionError("one"), Throttled("two"))
    told: list[Event] = []

    async def work() -> Outcome[Any]:
        return await ended(flaky, Policy(retry=RETRY), clock=virtual.clock, on_event=told.append)

    outcome = virtual(work)
    assert (outcome.status, outcome.value, outcome.seconds) == (Status.SUCCEEDED, 3, 21.0)
    assert [(a.number, a.delay, a.started, a.error) for a in outcome.attempts] == [
        (1, 0.0, 0.0, "ConnectionError: one"),
        (2, 1.0, 1.0, "Throttled: two"),
        (3, 20.0, 21.0, None),
    ]
    assert [e.retry_in for e in told if isinstance(e, AttemptFailed)] == [1.0, 20.0]


class Recorded:
    """A clock that does not wait, but remembers for how long it was asked to."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await anyio.lowlevel.checkpoint()


@pytest.mark.anyio
async def test_clock_and_chance_come_in_as_arguments() -> None:
    clock = Recorded()
    retry = Retry(on=(ConnectionError,), attempts=4, base=8)
    flaky = Flaky(*[ConnectionError()] * 3)
    outcome = await ended(flaky, Policy(retry=retry), clock=clock, random=lambda: 0.5)
    assert clock.slept == [4.0, 8.0, 15.0]
    assert outcome.seconds == 27.0


@pytest.mark.parametrize(
    ("errors", "calls"),
    [
        ([ConnectionError()], 2),
        ([ConnectionError(), ConnectionError()], 3),
        ([ConnectionError()] * 9, 3),
        ([ConnectionResetError()], 2),
        ([ValueError()], 1),
        ([ConnectionError(), ValueError()], 2),
    ],
    ids=str,
)
@pytest.mark.anyio
@pytest.mark.feature("E51")
async def test_only_named_errors_are_tried_again(errors: list[BaseException], calls: int) -> None:
    flaky = Flaky(*errors)
    await ended(flaky, Policy(retry=RETRY), clock=Recorded())
    assert flaky.calls == calls


@pytest.mark.feature("E53")
def test_each_attempt_and_all_of_them_are_bounded(virtual: Any) -> None:
    async def one() -> Outcome[Any]:
        return await ended(hang, Policy(timeout=60, retry=RETRY), clock=virtual.clock)

    async def total() -> Outcome[Any]:
        policy = Policy(timeout=60, total=100, retry=RETRY)
        return await ended(hang, policy, clock=virtual.clock)

    async def pointless() -> Outcome[Any]:
        policy = Policy(total=15, retry=RETRY)
        return await ended(Flaky(Throttled("full")), policy, clock=virtual.clock)

    each, both, never = virtual(one), virtual(total), virtual(pointless)
    assert (each.status, each.reason) == (Status.TIMED_OUT, "timeout 60 s, attempt 3 of 3")
    assert each.seconds == 60 + 1 + 60 + 2 + 60
    assert (both.reason, both.seconds) == ("total 100 s, attempt 2 of 3", 100)
    assert (never.reason, never.seconds) == ("Throttled: full, attempt 1 of 3", 0)


@pytest.mark.anyio
@pytest.mark.feature("E53")
async def test_nothing_is_called_after_a_timeout() -> None:
    calls: list[str] = []

    async def paid() -> int:
        try:
            while True:
                calls.append("call")
                await anyio.sleep(0.002)
        finally:
            calls.append("stopped")

    outcome = await ended(paid, Policy(timeout=0.01))
    count = len(calls)
    await anyio.sleep(0.01)
    assert outcome.status is Status.TIMED_OUT
    assert calls[-1] == "stopped"
    assert len(calls) == count


@pytest.mark.anyio
@pytest.mark.feature("E48")
async def test_backups_answer_in_order_with_the_same_inputs() -> None:
    async def bandit(change: str) -> str:
        raise FileNotFoundError(change)

    async def broken(change: str) -> str:
        raise ConnectionError(change)

    def patterns(change: str) -> str:
        return f"patterns saw {change}"

    async def never(change: str) -> str:
        raise AssertionError(change)

    backups = tuple(Backup(name=work.__name__, run=work) for work in (broken, patterns, never))
    security = node(bandit, name="security", policy=Policy(backups=backups))

    @node
    async def merge(security: str) -> str:
        return security.upper()

    done = await run(Graph([security, merge], {"change": str}), {"change": "c"})
    outcome = done.outcomes["security"]
    assert (outcome.status, outcome.answered_by) == (Status.REROUTED, "patterns")
    assert outcome.reason == "patterns answered: FileNotFoundError: c, attempt 1 of 1"
    assert [attempt.by for attempt in outcome.attempts] == ["security", "broken", "patterns"]
    assert outcome.error is None
    assert done.value("merge") == "PATTERNS SAW C"


@pytest.mark.parametrize(
    ("fallback", "status", "value", "reason"),
    [
        (Fallback(value=()), Status.FELL_BACK, (), "ValueError: boom, attempt 1 of 1"),
        (Fallback(make=str), Status.FELL_BACK, "boom", "ValueError: boom, attempt 1 of 1"),
        (
            Fallback(make=refuse),
            Status.FAILED,
            None,
            "ValueError: boom, attempt 1 of 1; the fallback failed too: TypeError: unusable",
        ),
    ],
    ids=["value", "function", "failing"],
)
@pytest.mark.anyio
@pytest.mark.feature("E47")
async def test_a_fallback_stands_in_and_says_why(
    fallback: Fallback, status: Status, value: object, reason: str
) -> None:
    outcome = await ended(crash, Policy(fallback=fallback))
    assert (outcome.status, outcome.value, outcome.reason) == (status, value, reason)
    assert isinstance(outcome.error, ValueError)
    assert outcome.answered_by == ("fallback" if outcome.ok else "")


@pytest.mark.anyio
@pytest.mark.feature("E57")
async def test_a_value_that_was_not_promised_is_the_nodes_failure() -> None:
    @node
    async def lint() -> tuple[str, ...]:
        return ["a list"]  # type: ignore[return-value] # that is the case

    @node(policy=Policy(invariants=(Invariant(name="non_empty", holds=bool),)))
    async def types() -> tuple[str, ...]:
        return ()

    @node(policy=Policy(invariants=(Invariant(name="sized", holds=len),)))  # type: ignore[arg-type] # one that cannot look at it
    async def tests() -> int:
        return 3

    @node
    async def merge(lint: Outcome[object], types: Outcome[object]) -> int:
        return [lint.ok, types.ok].count(False)

    done = await run(Graph([lint, types, tests, merge]))
    lost = done.outcomes["lint"]
    assert lost.reason == "gave list, promised tuple[str, ...], attempt 1 of 1"
    assert isinstance(lost.error, OutputError)
    assert lost.error.value == ["a list"]
    assert done.outcomes["types"].reason == "invariant 'non_empty' is violated, attempt 1 of 1"
    assert done.outcomes["tests"].status is Status.FAILED
    assert done.value("merge") == 2


@pytest.mark.anyio
async def test_every_attempt_is_told_when_it_begins_and_how_it_ends() -> None:
    flaky = Flaky(ConnectionError("down"))
    told: list[Event] = []
    policy = Policy(retry=RETRY)
    outcome = await ended(flaky, policy, clock=Recorded(), on_event=told.append)
    first, second = outcome.attempts
    assert told[2:-2] == [
        AttemptStarted(node="security", by="security", number=1, at=first.started),
        AttemptFailed(node="security", attempt=first, retry_in=1.0),
        AttemptStarted(node="security", by="security", number=2, at=second.started),
        AttemptSucceeded(node="security", attempt=second),
    ]
