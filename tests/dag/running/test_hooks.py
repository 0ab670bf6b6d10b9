"""Before every further attempt a hook may let it be, stop it, or change what it is given."""

from collections.abc import Callable
from typing import Any

import pytest

from reviewbot.dag.failure import FailureKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Answer, Continue, Jitter, Replace, Retry, Stop, Tried
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.running.scripted import Scripted, Ticking, ended

Hook = Callable[[Tried], Answer]


def retrying(hook: Any, attempts: int = 4) -> Retry:
    return Retry(on=(OSError,), attempts=attempts, base=1, jitter=Jitter.NONE, on_retry=hook)


@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_hook_that_continues_changes_nothing_and_is_told_everything() -> None:
    told: list[Tried] = []

    def listen(tried: Tried) -> Answer:
        told.append(tried)
        return Continue()

    clock, error = Ticking(), OSError("gone")
    outcome = await ended(Scripted(error), Policy(retry=retrying(listen)), clock=clock)
    assert clock.slept == [1.0, 2.0, 4.0]
    assert outcome.reason == "OSError: gone, attempt 4 of 4"
    assert told == [
        Tried(node="lint", attempt=attempt, error=error, arguments={}, retry_in=delay)
        for attempt, delay in zip(outcome.attempts, (1.0, 2.0, 4.0), strict=False)
    ]


@pytest.mark.parametrize(
    ("stop", "said"), [(Stop("the quota is used up"), ": the quota is used up"), (Stop(), "")]
)
@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_hook_that_stops_costs_no_further_attempt_and_no_delay(
    stop: Stop, said: str
) -> None:
    clock, work = Ticking(), Scripted(OSError("gone"))
    outcome = await ended(work, Policy(retry=retrying(lambda _: stop)), clock=clock)
    assert (work.calls, clock.slept, outcome.status) == (1, [], Status.FAILED)
    assert outcome.reason == f"OSError: gone, attempt 1 of 4; stopped{said}"


@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_after_a_stop_backups_answer_and_the_fallback_stands_in() -> None:
    retry = retrying(lambda tried: Stop("enough") if tried.attempt.by == "lint" else Continue())
    work, backup = Scripted(OSError()), Scripted(OSError(), 7)
    policy = Policy(retry=retry, backups=(Backup(name="ty", run=backup),))
    rerouted = await ended(work, policy, clock=Ticking())
    assert (work.calls, backup.calls, rerouted.value) == (1, 2, 7)
    assert rerouted.reason == "ty answered: OSError, attempt 1 of 4; stopped: enough"

    policy = Policy(retry=retrying(lambda _: Stop()), fallback=Fallback(value=0))
    assert (await ended(Scripted(OSError()), policy)).status is Status.FELL_BACK


async def asked(hook: Hook, policy: Policy | None = None) -> tuple[Run, list[tuple[str, int]]]:
    """Run a node that always fails on two arguments."""
    seen: list[tuple[str, int]] = []

    async def ask(prompt: list[str], size: int) -> str:
        seen.append(("".join(prompt), size))
        prompt.append("!")
        raise OSError("gone")

    policy = Policy(retry=retrying(hook)).merged(policy or Policy())
    graph = Graph([node(ask, name="lint", policy=policy)], {"prompt": list[str], "size": int})
    return await run(graph, {"prompt": ["a"], "size": 1}, clock=Ticking()), seen


@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_hook_replaces_arguments_for_the_attempts_that_follow() -> None:
    def replace(tried: Tried) -> Answer:
        if tried.attempt.number == 1:
            return Replace({"prompt": ["b"]})
        return Replace({"size": tried.arguments["size"] + 1})

    _, seen = await asked(replace)
    assert seen == [("a", 1), ("b", 1), ("b", 2), ("b", 3)]


@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_backup_is_given_what_the_node_was_given_first() -> None:
    seen: list[str] = []

    async def backup(prompt: list[str], size: int) -> str:
        seen.append("".join(prompt) * size)
        return "answer"

    policy = Policy(backups=(Backup(name="backup", run=backup),))
    done, _ = await asked(lambda _: Replace({"prompt": ["b"]}), policy)
    assert (done.value("lint"), seen) == ("answer", ["a"])


def raising(_tried: Tried) -> Answer:
    raise KeyError("prompt")


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        (raising, "the retry hook raised KeyError: 'prompt' after OSError: gone"),
        (lambda _: None, "the retry hook gave NoneType, not Continue, Stop or Replace"),
        (
            lambda _: Replace({"promt": []}),
            "the retry hook replaced 'promt', which is no argument; did you mean 'prompt'?",
        ),
    ],
    ids=["raises", "gives nothing", "replaces nothing"],
)
@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_broken_hook_is_a_failure_of_its_node_and_of_nobody_else(
    hook: Hook, reason: str
) -> None:
    done, seen = await asked(hook)
    outcome: Outcome[Any] = done.outcomes["lint"]
    assert (outcome.status, outcome.kind) == (Status.FAILED, FailureKind.CONFIG)
    assert outcome.reason == f"{reason}, attempt 1 of 4"
    assert (len(seen), done.ended) == (1, "")


@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_no_hook_is_asked_where_no_attempt_may_follow() -> None:
    told: list[Tried] = []
    retry = retrying(told.append, attempts=1)
    await ended(Scripted(OSError()), Policy(retry=retry))
    await ended(Scripted(ValueError()), Policy(retry=retrying(told.append)))
    await ended(Scripted(OSError()), Policy(retry=retrying(told.append), total=0.5))
    assert told == []
