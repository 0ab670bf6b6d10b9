"""Every kind of failure has one route, seen in who is called, how often, and how it ends."""

import pytest

from reviewbot.dag.failure import ROUTES, FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Answer, Jitter, Replace, Retry, Tried
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.running.scripted import Failed, Scripted, ended

K = FailureKind

NAMED = Retry(on=(KeyError,), attempts=3, base=0, jitter=Jitter.NONE)


@pytest.mark.parametrize(
    ("kind", "tried", "backups", "status"),
    [
        (K.TRANSIENT, 3, 1, Status.REROUTED),
        (K.FIXABLE, 1, 1, Status.REROUTED),
        (K.CONFIG, 1, 0, Status.FAILED),
        (K.NEEDS_REPLAN, 1, 1, Status.REROUTED),
        (K.ESCALATE, 1, 0, Status.FAILED),
        (K.FLAKY, 3, 1, Status.REROUTED),
        (K.REGRESSION, 1, 0, Status.FAILED),
        (K.NEW_FAILURE, 1, 0, Status.FAILED),
        (K.PLATFORM_SPECIFIC, 1, 1, Status.REROUTED),
        (K.TEST_BUG, 1, 0, Status.FELL_BACK),
        (K.UNKNOWN, 1, 1, Status.REROUTED),
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("E51")
@pytest.mark.feature("E59")
async def test_each_kind_takes_its_route(
    kind: FailureKind, tried: int, backups: int, status: Status
) -> None:
    work, backup = Scripted(Failed(kind)), Scripted("patterns")
    others = (Backup(name="patterns", run=backup),)
    policy = Policy(retry=NAMED, backups=others, fallback=Fallback(value="nothing"))
    outcome = await ended(work, policy)
    assert (work.calls, backup.calls, outcome.status) == (tried, backups, status)

    bare = await ended(Scripted(Failed(kind)), Policy(retry=NAMED))
    assert (bare.status, bare.kind) == (Status.FAILED, kind)
    assert bare.reason == f"Failed: no, attempt {tried} of 3"


@pytest.mark.parametrize(
    ("route", "tried", "backups", "status"),
    [
        (Route.USUAL, 1, 1, Status.FELL_BACK),
        (Route.RETRY, 3, 1, Status.FELL_BACK),
        (Route.REPAIR, 1, 1, Status.FELL_BACK),
        (Route.REROUTE, 1, 1, Status.FELL_BACK),
        (Route.FALL_BACK, 1, 0, Status.FELL_BACK),
        (Route.FAIL, 1, 0, Status.FAILED),
        (Route.SKIP, 1, 0, Status.SKIPPED),
        (Route.STOP, 1, 0, Status.FAILED),
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_a_policy_may_route_a_kind_otherwise(
    route: Route, tried: int, backups: int, status: Status
) -> None:
    work, backup = Scripted(Failed(K.TEST_BUG)), Scripted(OSError())
    policy = Policy(
        retry=NAMED,
        backups=(Backup(name="patterns", run=backup),),
        fallback=Fallback(value="nothing"),
        routes={K.TEST_BUG: route},
    )
    outcome = await ended(work, policy)
    assert (work.calls, backup.calls, outcome.status) == (tried, backups, status)


def test_every_kind_has_a_route() -> None:
    assert set(ROUTES) == set(FailureKind)


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_an_error_nobody_knows_is_a_failure_and_never_a_skip() -> None:
    class Novel(Exception):
        """Of no kind."""

    outcome = await ended(Scripted(Novel("new")), Policy())
    assert (outcome.status, outcome.kind) == (Status.FAILED, K.UNKNOWN)


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_the_policy_says_what_kind_an_error_is_before_the_error_does() -> None:
    def classify(error: Exception) -> FailureKind | None:
        return K.FLAKY if "again" in str(error) else None

    policy = Policy(retry=NAMED, classify=classify)
    flaky, own = Scripted(OSError("again"), 1), Scripted(Failed(K.TRANSIENT), 1)
    assert (await ended(flaky, policy)).value == 1
    assert (await ended(own, policy)).value == 1
    assert (await ended(Scripted(OSError("once")), policy)).kind is K.UNKNOWN


def broken(error: Exception) -> FailureKind:
    raise TypeError(f"cannot read {error}")


@pytest.mark.parametrize(
    ("classify", "warning"),
    [
        (broken, "asking for it raised TypeError: cannot read no"),
        (lambda _: "flaky", "'flaky' is no FailureKind"),
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_a_classification_that_fails_leaves_the_kind_unknown_and_is_told(
    classify: object, warning: str
) -> None:
    policy = Policy(classify=classify)  # type: ignore[arg-type] # one of them gives a text
    done = await run(Graph([node(Scripted(Failed(K.CONFIG)), name="lint", policy=policy)]))
    assert done.outcomes["lint"].kind is K.UNKNOWN
    assert done.warnings == (f"lint: the kind of Failed: no is unknown: {warning}",)


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_an_escalation_ends_the_run_but_what_closes_it_still_runs() -> None:
    late = Scripted(1)

    @node
    async def lint() -> int:
        raise Failed(K.ESCALATE, "the token was revoked")

    @node
    async def types() -> int:
        return 2

    @node
    async def triage(types: int) -> int:
        await late()
        return types

    @node
    async def merge(lint: Outcome[int], triage: Outcome[int]) -> str:
        return f"{lint.status}, {triage.status}"

    done = await run(Graph([lint, types, triage, merge]), max_parallel=1)
    assert done.outcomes["lint"].kind is K.ESCALATE
    assert done.value("merge") == "failed, cancelled"
    assert late.calls == 0
    assert done.ended == "lint failed: Failed: the token was revoked, attempt 1 of 1"


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_what_is_fixable_is_tried_again_only_with_other_arguments() -> None:
    seen: list[str] = []

    async def ask(prompt: str) -> str:
        seen.append(prompt)
        if len(prompt) > 3:
            raise Failed(K.FIXABLE, "too long")
        return prompt

    def shorten(tried: Tried) -> Answer:
        return Replace({"prompt": tried.arguments["prompt"][:-1]})

    retry = Retry(on=(), attempts=9, base=0, on_retry=shorten)
    asking = node(ask, name="lint", policy=Policy(retry=retry))
    done = await run(Graph([asking], {"prompt": str}), {"prompt": "abcde"})
    assert (done.value("lint"), seen) == ("abc", ["abcde", "abcd", "abc"])
