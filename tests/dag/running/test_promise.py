"""A node's named promises: each one that is broken is named."""

from typing import Any

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Invariant, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.promise import Partial
from tests.dag.running.scripted import Scripted, ended


def inside(found: tuple[int, ...]) -> str | None:
    outside = [str(line) for line in found if line > 9]
    return f"no such line: {', '.join(outside)}" if outside else None


def sorted_(found: tuple[int, ...]) -> bool:
    return list(found) == sorted(found)


PROMISED = Policy(
    invariants=(
        Invariant(name="findings_in_diff", holds=inside),
        Invariant(name="non_empty", holds=lambda found: len(found) > 0),
        Invariant(name="sorted", holds=sorted_),
    )
)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ((1, 2), ""),
        ((), "invariant 'non_empty' is violated, attempt 1 of 1"),
        ((12,), "invariant 'findings_in_diff' is violated: no such line: 12, attempt 1 of 1"),
        (
            (12, 3),
            (
                "invariant 'findings_in_diff' is violated: no such line: 12 and"
                " invariant 'sorted' is violated, attempt 1 of 1"
            ),
        ),
        (
            ("x",),
            (
                "invariant 'findings_in_diff' raised TypeError: '>' not supported between instances"
                " of 'str' and 'int', attempt 1 of 1"
            ),
        ),
    ],
    ids=str,
)
@pytest.mark.anyio
@pytest.mark.feature("E58")
async def test_every_violated_promise_is_named(value: Any, reason: str) -> None:
    outcome = await ended(Scripted(value), PROMISED)
    assert outcome.reason == reason
    assert outcome.status is (Status.FAILED if reason else Status.SUCCEEDED)


@pytest.mark.anyio
@pytest.mark.feature("E58")
async def test_a_broken_promise_is_tried_again_and_holds_for_backups_too() -> None:
    policy = Policy(
        retry=Retry(on=(ValueError,), attempts=2, base=0),
        backups=(Backup(name="empty", run=Scripted(())), Backup(name="ruff", run=Scripted((1,)))),
    ).merged(PROMISED)
    outcome = await ended(Scripted(()), policy)
    assert (outcome.value, outcome.answered_by) == ((1,), "ruff")
    assert [attempt.by for attempt in outcome.attempts] == [
        "lint",
        "lint",
        "empty",
        "empty",
        "ruff",
    ]


@pytest.mark.anyio
async def test_a_value_that_is_not_all_of_it_is_used_and_says_what_is_missing() -> None:
    some = node(Scripted(Partial((1,), "b.py failed")), name="some", policy=PROMISED)
    none = node(Scripted(Partial((), "all failed")), name="none", policy=PROMISED)
    done = await run(Graph([some, none]))
    assert str(done.outcomes["some"]) == "some partial (b.py failed)"
    assert done.value("some") == (1,)
    assert done.outcomes["none"].status is Status.FAILED


@pytest.mark.anyio
async def test_what_an_attempt_missed_is_nothing_to_the_one_after_it() -> None:
    policy = Policy(retry=Retry(on=(ValueError,), attempts=2, base=0)).merged(PROMISED)
    outcome = await ended(Scripted(Partial((), "all failed"), (1,)), policy)
    assert (outcome.status, outcome.reason) == (Status.SUCCEEDED, "")
