"""A review-like graph and a run of it with fixed times, in which much went wrong.

Hand-made outcomes, so that every picture of it is the same on every machine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from reviewbot.dag.edge import Edge
from reviewbot.dag.failure import FailureKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Item, Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.running.events import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    Event,
    Logged,
    NodeSettled,
    NodeStarted,
    RunSettled,
    RunStarted,
    Spent,
)
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.record import Notes, traced

HOSTILE = '</script><img src=x onerror=alert(1)> \x1b[31m"quoted"\n::error::`|'


@node(policy=Policy(priority=1))
async def lint(change: str) -> int:
    return len(change)


async def ty(change: str) -> int:
    return len(change)


@node(
    policy=Policy(
        timeout=3.0,
        retry=Retry(on=(TimeoutError,), attempts=2),
        backups=(Backup(name="ty", run=ty),),
        resources={"cpu": 1.0},
    )
)
async def types(change: str) -> int:
    return len(change)


@node(policy=Policy(timeout=2.0))
async def security(change: str) -> int:
    return len(change)


@node(name="tests")
async def impact(change: str) -> int:
    return len(change)


@node
async def ask(item: str, lint: int) -> str:
    return item * lint


@node
async def audit(security: int) -> int:
    return security


@node
async def first(change: str) -> int:
    return len(change)


@node
async def second(first: int) -> int:
    return first


@node
async def merge(
    lint: Outcome[int],
    types: Outcome[int],
    security: Outcome[int],
    tests: int | None,
    triage: Outcome[Any],
) -> int:
    return len([one for one in (lint, types, security, triage) if one.ok]) + (tests or 0)


@node(when=lambda merge: merge > 10)
async def comment(merge: int) -> int:
    return merge


TRIAGE = replace(
    ask,
    name="triage",
    edges=(Edge(parameter="item", node="hunks"), *ask.edges[1:]),
    each=Each(over={"item": "hunks"}),
)
GRAPH = Graph(
    [
        lint,
        types,
        security,
        impact,
        TRIAGE,
        audit,
        nested("pack", Graph([first, second], {"change": str}), gives="second"),
        merge,
        comment,
    ],
    {"change": str, "hunks": tuple},
).without(["tests"])


def tried(by: str, started: float, seconds: float, *, number: int = 1, **more: Any) -> Attempt:
    return Attempt(number=number, by=by, started=started, seconds=seconds, **more)


def ended(name: str, status: Status, started: float, seconds: float, **more: Any) -> Outcome[Any]:
    error = None if status.ok else more["reason"]
    attempts = more.pop("attempts", (tried(name, started, seconds, error=error),))
    by = more.pop("answered_by", name if status.ok else "")
    return Outcome(
        node=name,
        status=status,
        started=started,
        seconds=seconds,
        attempts=attempts,
        answered_by=by,
        **more,
    )


def unstarted(name: str, at: float, reason: str) -> Outcome[Any]:
    return Outcome(node=name, status=Status.SKIPPED, started=at, reason=reason)


def item(key: str, outcome: Outcome[Any], *sources: str) -> Item[Any]:
    return Item(key=key, id=f"change/{key}", outcome=outcome, sources=sources)


ASKED: Items[str] = Items(
    (
        item("a.py", ended("triage", Status.SUCCEEDED, 0.5, 1.0, spent={"usd": 0.01}), "change/1"),
        item(
            "b.py",
            ended("triage", Status.FAILED, 0.6, 0.5, reason=f"ValueError: {HOSTILE}"),
        ),
    )
)
REFUSED = "TimeoutError: timeout 3 s"
OUTCOMES: Mapping[str, Outcome[Any]] = {
    "lint": ended("lint", Status.SUCCEEDED, 0.0, 0.5, value=1),
    "types": ended(
        "types",
        Status.REROUTED,
        0.0,
        8.0,
        value=2,
        reason=f"ty answered: {REFUSED}, attempt 2 of 2",
        answered_by="ty",
        attempts=(
            tried("types", 0.0, 3.0, error=REFUSED),
            tried("types", 3.5, 3.0, number=2, error=REFUSED, delay=0.5),
            tried("ty", 6.5, 1.5),
        ),
    ),
    "security": ended(
        "security",
        Status.TIMED_OUT,
        0.0,
        2.0,
        reason="timeout 2 s, attempt 1 of 1",
        kind=FailureKind.TRANSIENT,
        attempts=(tried("security", 0.0, 2.0, error="timeout 2 s"),),
    ),
    "tests": unstarted("tests", 0.0, "configuration"),
    "triage": ended(
        "triage",
        Status.PARTIAL,
        0.5,
        1.2,
        value=ASKED,
        reason="1 of 2 missing: triage[b.py] failed",
        attempts=(),
        spent={"usd": 0.01},
    ),
    "audit": unstarted("audit", 2.0, "needs security, which timed out: timeout 2 s"),
    "pack": ended(
        "pack",
        Status.SUCCEEDED,
        0.1,
        1.0,
        value=3,
        inner=Run(
            outcomes={
                "first": ended("first", Status.CACHED, 0.1, 0.2, value=3, reason="from the cache"),
                "second": ended("second", Status.SUCCEEDED, 0.3, 0.8, value=3),
            },
            seconds=1.0,
        ),
    ),
    "merge": ended("merge", Status.SUCCEEDED, 8.0, 0.25, value=4),
    "comment": unstarted("comment", 8.25, "condition not met: condition"),
}
RUN = Run(
    outcomes={name: OUTCOMES[name] for name in GRAPH.order},
    seconds=8.3,
    name="quick-fox",
    needs=GRAPH.needs,
    dependents=GRAPH.after,
    waves=GRAPH.waves(),
    spent={"usd": 0.01},
    breakers={"anthropic": "closed"},
    warnings=(f"a listener raised {HOSTILE}",),
)
NOTES = Notes(
    began="2026-11-21T02:00:00+00:00",
    digests={"lint": "ab" * 32, "triage[a.py]": "cd" * 32},
    inputs={"change": "ef" * 32},
    logs={"types": ("mypy 2.1 checks 14 files",)},
    manifest={"ruff": "0.14.1"},
)
TRACE: Trace = traced(described(GRAPH), RUN, NOTES)


def events() -> Iterator[Event]:
    """What such a run tells, in order of time."""
    yield RunStarted(run=RUN.name, graph=GRAPH)
    told = [(at, event) for outcome in OUTCOMES.values() for at, event in _told("", outcome)]
    yield from (event for _, event in sorted(told, key=lambda pair: pair[0]))
    yield RunSettled(run=RUN)


def _told(above: str, outcome: Outcome[Any]) -> Iterator[tuple[float, Event]]:
    path, end = f"{above}{outcome.node}", outcome.started + outcome.seconds
    if outcome.attempts or outcome.seconds:
        yield outcome.started, NodeStarted(node=path, at=outcome.started)
    for one, after in zip_longest(outcome.attempts, outcome.attempts[1:]):
        yield from _tried(path, one, None if after is None else after.delay or None)
    for one in outcome.value if isinstance(outcome.value, Items) else ():
        inside = replace(one.outcome, node=f"{outcome.node}[{one.key}]")
        yield from _told(above, inside)
    if outcome.inner is not None:
        for inner in outcome.inner.outcomes.values():
            yield from _told(f"{path}/", inner)
    if outcome.spent:
        yield end, Spent(node=path, amounts=outcome.spent, total=outcome.spent, at=end)
    yield end, NodeSettled(node=path, outcome=outcome)


def _tried(path: str, one: Attempt, wait: float | None) -> Iterator[tuple[float, Event]]:
    yield one.started, AttemptStarted(node=path, by=one.by, number=one.number, at=one.started)
    end = one.started + one.seconds
    if one.error is None:
        yield end, AttemptSucceeded(node=path, attempt=one)
    else:
        yield end, AttemptFailed(node=path, attempt=one, retry_in=wait)
        yield end, Logged(node=path, text=HOSTILE, at=end)
