"""An event as a plain row: the lines of `--events`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reviewbot.dag.run import Attempt, Run
from reviewbot.dag.running.events import (
    AttemptFailed,
    AttemptStarted,
    AttemptSucceeded,
    BreakerChanged,
    Event,
    Logged,
    NodeSettled,
    NodeStarted,
    RunSettled,
    RunStarted,
    Spent,
)
from reviewbot.dag.topology import Names
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import AttemptTrace, OutcomeTrace, Section
from reviewbot.dag.trace.record import attempt_trace, outcome_trace

EVENTS_SCHEMA = "reviewbot.events/1"

Name: TypeAlias = Literal[
    "run_started",
    "node_started",
    "attempt_started",
    "attempt_succeeded",
    "attempt_failed",
    "logged",
    "spent",
    "breaker_changed",
    "node_settled",
    "run_settled",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event; `at` is seconds since the start of the run, and what does not apply is empty.

    `graph` comes with run_started; `attempt` with the two ends of an attempt, `by` and `number`
    with its start; `retry_in` (seconds) with a failed one that will be tried again; `outcome` with
    node_settled, without its value; `seconds`, `ended`, `critical_path` and `warnings` with
    run_settled; `amounts` and `total` with spent; `key` and `state` with breaker_changed.
    """

    event: Name
    at: float
    run: str = ""
    node: str = ""
    by: str = ""
    number: int | None = None
    attempt: AttemptTrace | None = None
    retry_in: float | None = None
    text: str = ""
    amounts: Mapping[str, float] = field(default_factory=dict)
    total: Mapping[str, float] = field(default_factory=dict)
    key: str = ""
    state: str = ""
    outcome: OutcomeTrace | None = None
    graph: Section | None = None
    seconds: float | None = None
    ended: str = ""
    critical_path: Names = ()
    warnings: tuple[str, ...] = ()
    schema: str = ""


def row(event: Event) -> Row:
    """The row of an event."""
    match event:
        case RunStarted(run=name, graph=graph):
            schema = EVENTS_SCHEMA
            return Row(event="run_started", at=0.0, run=name, graph=described(graph), schema=schema)
        case RunSettled(run=run):
            return _settled(run)
        case Logged(node=node, text=text, at=at):
            return Row(event="logged", at=at, node=node, text=text)
        case Spent(node=node, amounts=amounts, total=total, at=at):
            return Row(event="spent", at=at, node=node, amounts=amounts, total=total)
        case BreakerChanged(key=key, state=state, at=at):
            return Row(event="breaker_changed", at=at, key=key, state=state)
    return _of_node(event)


def _of_node(
    event: NodeStarted | AttemptStarted | AttemptSucceeded | AttemptFailed | NodeSettled,
) -> Row:
    match event:
        case NodeStarted(node=node, at=at):
            return Row(event="node_started", at=at, node=node)
        case AttemptStarted(node=node, by=by, number=number, at=at):
            return Row(event="attempt_started", at=at, node=node, by=by, number=number)
        case AttemptSucceeded(node=node, attempt=attempt):
            return _attempted("attempt_succeeded", node, attempt)
        case AttemptFailed(node=node, attempt=attempt, retry_in=wait):
            return _attempted("attempt_failed", node, attempt, wait)
        case NodeSettled(node=node, outcome=outcome):
            at = outcome.started + outcome.seconds
            return Row(event="node_settled", at=at, node=node, outcome=outcome_trace(outcome))


def _attempted(name: Name, node: str, attempt: Attempt, retry_in: float | None = None) -> Row:
    at = attempt.started + attempt.seconds
    told = attempt_trace(attempt)
    return Row(event=name, at=at, node=node, attempt=told, retry_in=retry_in)


def _settled(run: Run) -> Row:
    return Row(
        event="run_settled",
        at=run.seconds,
        run=run.name,
        seconds=run.seconds,
        ended=run.ended,
        critical_path=run.critical_path()[0],
        total=run.spent,
        warnings=run.warnings,
    )
