"""All parts of a policy at once: the engine does what a simple model of them says."""

import math
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import anyio
import pytest
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Breaker, Cache, Cost, Fallback, Invariant, Policy
from reviewbot.dag.retry import Answer, Continue, Jitter, Replace, Retry, Stop, Tried
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.clock import Clock
from tests.dag.conftest import AnyioClock
from tests.dag.running.model import BAD, COOLDOWN, NAMED, OTHER, RESULTS, Case, Model, Step
from tests.dag.running.scripted import Failed, Ticking

NAMES = ("lint", "b1", "b2")


class Played:
    """Callables that follow the scripts of a case, and what was called when with what."""

    def __init__(self, case: Case, clock: Clock) -> None:
        self.case = case
        self.clock = clock
        self.calls: list[tuple[str, float, str]] = []
        self.zero = 0.0

    def work(self, place: int) -> Callable[..., Any]:
        by, steps = NAMES[place], repeated(self.case.scripts[place])

        async def call(change: str) -> str:
            self.calls.append((by, self.clock.now() - self.zero, change))
            step = next(steps)
            await self.clock.sleep(step.seconds)
            return outcome_of(step.result)

        return call

    async def play(self) -> Run:
        self.zero = self.clock.now()
        case = self.case
        lint = node(self.work(0), name="lint", policy=self.policy())
        return await run(
            Graph([lint], {"change": str}),
            {"change": "first"},
            clock=self.clock,
            budgets={} if case.budget is None else {"calls": case.budget},
            values=Always() if case.kept else None,
        )

    def policy(self) -> Policy:
        case = self.case
        backups = range(1, len(case.scripts))
        return Policy(
            timeout=case.timeout,
            total=case.total,
            retry=self.retry(),
            backups=tuple(Backup(name=NAMES[each], run=self.work(each)) for each in backups),
            fallback=FALLBACKS[case.fallback],
            breaker=Breaker(key="x", failures=case.breaker, cooldown=COOLDOWN)
            if case.breaker
            else None,
            routes={FailureKind.FLAKY: Route.SKIP},
            cost=None if case.budget is None else Cost(estimate={"calls": 1}),
            cache=Cache() if case.kept else None,
            invariants=(Invariant(name="good", holds=lambda value: value != BAD),)
            if case.promises
            else (),
        )

    def retry(self) -> Retry | None:
        case = self.case
        if not case.attempts:
            return None
        on = (OSError, TimeoutError) if case.names_timeouts else (ConnectionError,)
        hook = HOOKS[case.hook]
        return Retry(on=on, attempts=case.attempts, jitter=Jitter.NONE, on_retry=hook)


class Always:
    """A store that has everything."""

    async def get(self, _key: str, _node: Node) -> tuple[Any] | None:
        return ("ok",)

    async def put(self, _key: str, _node: Node, _value: Any) -> None:
        raise AssertionError("there is nothing to keep")


def refuse(error: Exception) -> str:
    raise LookupError(error)


FALLBACKS = {
    "": None,
    "value": Fallback(value="nothing"),
    "broken": Fallback(make=refuse),
}


def replace(tried: Tried) -> Answer:
    return Replace({"change": f"after {tried.attempt.number}"})


HOOKS: dict[str, Callable[[Tried], Answer] | None] = {
    "": None,
    "continue": lambda _: Continue(),
    "stop": lambda _: Stop("enough"),
    "replace": replace,
}


def repeated(script: tuple[Step, ...]) -> Iterator[Step]:
    yield from script
    while True:
        yield script[-1]


def outcome_of(result: str) -> str:
    if result == NAMED:
        raise ConnectionResetError(result)
    if result == OTHER:
        raise ValueError(result)
    if result in set(FailureKind):
        raise Failed(FailureKind(result), result)
    return result


def compared(case: Case, backend: str = "trio") -> None:
    """See that the engine plays the case as the model does.

    Limits are kept by the clock of the backend, which only trio lets us set.
    """
    on_trio = backend == "trio"
    expected, played = Model(case).play(), Played(case, AnyioClock() if on_trio else Ticking())
    options = {"clock": trio.testing.MockClock(autojump_threshold=0)} if on_trio else {}
    done: Run = anyio.run(played.play, backend=backend, backend_options=options)
    outcome = done.outcomes["lint"]
    assert played.calls == expected.calls
    assert (str(outcome.status), outcome.answered_by) == (expected.status, expected.answered_by)
    assert [
        (attempt.by, attempt.number, attempt.delay, attempt.error is None)
        for attempt in outcome.attempts
    ] == [(by, number, delay, not error) for by, number, delay, error in expected.attempts]
    assert outcome.seconds == pytest.approx(expected.now)
    assert outcome.spent.get("calls", 0) == expected.spent
    assert outcome.ok is (outcome.value is not None)


steps = st.builds(Step, result=st.sampled_from(RESULTS), seconds=st.sampled_from([0.25, 1.75, 5.0]))
scripts = st.lists(steps, min_size=1, max_size=4).map(tuple)

PARTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "retry": {"attempts": st.integers(1, 4)},
    "timeouts retried": {"attempts": st.integers(2, 4), "names_timeouts": st.just(value=True)},
    "hook": {"attempts": st.integers(2, 4), "hook": st.sampled_from(sorted(HOOKS))},
    "timeout": {"timeout": st.sampled_from([0.6, 2.0])},
    "total": {"total": st.sampled_from([0.1, 2.6, 6.1, 12.1])},
    "backups": {"scripts": st.lists(scripts, min_size=2, max_size=3).map(tuple)},
    "fallback": {"fallback": st.sampled_from(["value", "broken"])},
    "breaker": {"breaker": st.integers(1, 3)},
    "invariant": {"promises": st.just(value=True)},
    "cost": {"budget": st.integers(0, 3)},
    "cache": {"kept": st.just(value=True)},
}


def cases(*parts: str) -> st.SearchStrategy[Case]:
    chosen: dict[str, st.SearchStrategy[Any]] = {"scripts": st.tuples(scripts)}
    for part in parts:
        chosen |= PARTS[part]
    return st.builds(Case, **chosen)


def test_an_empty_policy_calls_once() -> None:
    compared(Case(scripts=((Step(result=NAMED),),), timeout=math.inf))


@pytest.mark.parametrize("pair", list(combinations(PARTS, 2)), ids="+".join)
@given(data=st.data())
@settings(max_examples=16, deadline=None)
def test_any_two_parts_of_a_policy_work_together(
    pair: tuple[str, str], data: st.DataObject
) -> None:
    compared(data.draw(cases(*pair)))


@given(data=st.data(), parts=st.sets(st.sampled_from([part for part in PARTS if part != "cache"])))
@settings(max_examples=200, deadline=None)
def test_any_parts_of_a_policy_work_together(data: st.DataObject, parts: set[str]) -> None:
    compared(data.draw(cases(*sorted(parts))))


UNTIMED = [part for part in PARTS if part not in {"cache", "timeout", "total", "timeouts retried"}]


@given(data=st.data(), parts=st.sets(st.sampled_from(UNTIMED)))
@settings(max_examples=100, deadline=None)
def test_and_they_do_so_on_asyncio(data: st.DataObject, parts: set[str]) -> None:
    compared(data.draw(cases(*sorted(parts))), "asyncio")
