"""Every field of a policy can be said, and says what Python would."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from reviewbot.dag.declare.callables import ByType, Holds
from reviewbot.dag.declare.expression import expression
from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.policy_entries import PolicyEntry
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.error import GraphError
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.node import Bound, node
from reviewbot.dag.policy import Backup, Breaker, Cache, Cost, Fallback, Invariant, Policy
from reviewbot.dag.retry import Jitter, Retry
from tests.dag.declare.world import (
    REGISTRY,
    Analysis,
    Change,
    ToolCrashed,
    asking,
    classify,
    declared,
    empty,
    estimate,
    first_letter,
    non_empty,
    patterns,
    problems,
    ruff,
)

FEW = Holds(expression=expression("value.count < 9", {"value": Analysis}))
CASES: Mapping[str, tuple[str, Policy]] = {
    "timeout": ("timeout: 1h30m", Policy(timeout=5400)),
    "no timeout": ("timeout: none", Policy(timeout=math.inf)),
    "total": ("total: 90", Policy(total=90)),
    "retry": ("retry: {on: [OSError]}", Policy(retry=Retry(on=(OSError,)))),
    "whole retry": (
        (
            "retry: {attempts: 5, on: [ToolCrashed, TimeoutError], base: 200ms, factor: 1.5, "
            "max: 1m, jitter: none, on_retry: asking}"
        ),
        Policy(
            retry=Retry(
                on=(ToolCrashed, TimeoutError),
                attempts=5,
                base=0.2,
                factor=1.5,
                max=60,
                jitter=Jitter.NONE,
                on_retry=asking,
            )
        ),
    ),
    "a retry of kinds of failure": (
        "retry: {on: [transient, new_failure, flaky]}",
        Policy(retry=Retry(on=()), routes={FailureKind.NEW_FAILURE: Route.RETRY}),
    ),
    "no retry": ("retry: none", Policy(retry=Retry(on=(), attempts=1))),
    "fallback": ("fallback: {count: 2}", Policy(fallback=Fallback(value=Analysis(count=2)))),
    "fallback by name": (
        "fallback: {value: {level: blocked, names: [a]}}",
        Policy(fallback=Fallback(value=Analysis(level="blocked", names=("a",)))),  # type: ignore[arg-type] # a StrEnum equals its text
    ),
    "fallback made": ("fallback: {make: empty}", Policy(fallback=Fallback(make=empty))),
    "backups": (
        "backups: [patterns, {use: ruff, name: gentle, with: {select: [F]}, breaker: slow}]",
        Policy(
            backups=(
                Backup(name="patterns", run=patterns),
                Backup(name="gentle", run=Bound(ruff, select=("F",)), breaker=Breaker(key="slow")),
            )
        ),
    ),
    "breaker": ("breaker: github", Policy(breaker=Breaker(key="github"))),
    "whole breaker": (
        "breaker: {key: github, failures: 2, cooldown: 5m, on: [OSError, ToolCrashed]}",
        Policy(breaker=Breaker(key="github", failures=2, cooldown=300, on=(OSError, ToolCrashed))),
    ),
    "classify": ("classify: classify", Policy(classify=classify)),
    "classify by type": (
        "classify: {kinds: {OSError: transient, ToolCrashed: needs-replan}}",
        Policy(
            classify=ByType(
                kinds=((OSError, FailureKind.TRANSIENT), (ToolCrashed, FailureKind.NEEDS_REPLAN))
            )
        ),
    ),
    "routes": (
        "routes: {config: skip, test_bug: fall_back, escalate: fail}",
        Policy(
            routes={
                FailureKind.CONFIG: Route.SKIP,
                FailureKind.TEST_BUG: Route.FALL_BACK,
                FailureKind.ESCALATE: Route.FAIL,
            }
        ),
    ),
    "cost": (
        "cost: {usd: 0.02, tokens: 900}",
        Policy(cost=Cost(estimate={"usd": 0.02, "tokens": 900})),
    ),
    "cost by function": ("cost: estimate", Policy(cost=Cost(estimate=estimate))),
    "cache": ("cache: true", Policy(cache=Cache())),
    "whole cache": (
        "cache: {version: v2, key: first_letter}",
        Policy(cache=Cache(version="v2", key=first_letter)),
    ),
    "priority": ("priority: -3", Policy(priority=-3)),
    "resources": ("resources: {cpu: 2, mem: 0.5}", Policy(resources={"cpu": 2, "mem": 0.5})),
    "exclusive": ("exclusive: [cache, index]", Policy(exclusive=("cache", "index"))),
    "invariants": (
        "invariants: [non_empty, {name: few, holds: value.count < 9}]",
        Policy(
            invariants=(
                Invariant(name="non_empty", holds=non_empty),
                Invariant(name="few", holds=FEW),
            )
        ),
    ),
}


def policy_of(entry: str, defaults: str = "{}", **options: Any) -> Policy:
    text = f"defaults: {defaults}\nnodes: {{lint: {{use: ruff, {entry}}}}}"
    return declared(text, **options).graph.nodes["lint"].policy


@pytest.mark.parametrize("case", CASES)
def test_a_field_says_what_python_would(case: str) -> None:
    entry, policy = CASES[case]
    assert policy_of(entry) == policy


@pytest.mark.parametrize("case", CASES)
def test_a_default_says_the_same_for_every_node(case: str) -> None:
    entry, policy = CASES[case]
    assert policy_of("", f"{{{entry}}}") == policy


def test_no_field_of_a_policy_is_forgotten() -> None:
    assert {part.name for part in fields(PolicyEntry)} == {part.name for part in fields(Policy)}
    said = {entry.partition(":")[0] for entry, _ in CASES.values()}
    assert said == {part.name for part in fields(Policy)}


def test_a_node_keeps_of_its_defaults_what_it_does_not_say() -> None:
    defaults = (
        "{timeout: 2m, retry: {attempts: 2, on: [OSError]}, resources: {cpu: 1}, priority: 5}"
    )
    assert policy_of("retry: {attempts: 4}, resources: {mem: 2}, priority: 0", defaults) == Policy(
        timeout=120, retry=Retry(on=(OSError,), attempts=4), resources={"cpu": 1, "mem": 2}
    )
    assert policy_of("retry: none", defaults).retry == Retry(on=(), attempts=1)


def test_a_kinds_own_policy_stands_between_the_defaults_and_the_node() -> None:
    own = node(ruff, policy=Policy(timeout=30, priority=2))
    text = (
        "version: 1\ninputs: {change: Change}\ndefaults: {timeout: 2m, total: 5m}\n"
        "nodes: {a: {use: own}, b: {use: own, timeout: 1s}}"
    )
    graph = load(text, Registry(kinds={"own": own}, types={"Change": Change})).graph
    assert graph.nodes["a"].policy == Policy(timeout=30, total=300, priority=2)
    assert graph.nodes["b"].policy == Policy(timeout=1, total=300, priority=2)


def test_what_is_wrong_in_the_defaults_is_said_once() -> None:
    nodes = "nodes: {a: {use: ruff}, b: {use: mypy}, c: {use: mypy, timeout: 3s}}"
    assert problems(f"defaults: {{retry: {{on: [OSErr]}}}}\n{nodes}") == [
        "3: unknown error 'OSErr'; did you mean 'OSError'?"
    ]


class Handle:
    """Something that no document can write."""


async def opened(handle: Handle) -> int:
    raise NotImplementedError


def test_a_constant_of_a_type_without_a_form_is_refused() -> None:
    with pytest.raises(GraphError) as caught:
        load(
            "version: 1\nnodes: {a: {use: opened, with: {handle: 3}}}",
            Registry(kinds={"opened": opened}),
        )
    assert caught.value.problems == ("graph.yml:2: handle: Handle is expected, it is 3",)


def test_errors_are_sorted_by_the_first_type_that_fits() -> None:
    sort = ByType(kinds=((TimeoutError, FailureKind.FLAKY), (OSError, FailureKind.TRANSIENT)))
    assert [sort(one) for one in (TimeoutError(), OSError(), ValueError())] == [
        FailureKind.FLAKY,
        FailureKind.TRANSIENT,
        FailureKind.UNKNOWN,
    ]
    assert REGISTRY.error_types("ToolCrashed") == (ToolCrashed,)
