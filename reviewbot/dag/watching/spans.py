"""A run as OpenTelemetry spans; needs the extra `otel`.

One root span per run, one per node, item and inner node under what it is part of, one per attempt
under its node. A node's span links to those of the nodes it needs, because a span has one parent
and a node may have many: https://opentelemetry.io/docs/concepts/signals/traces/#span-links
"""

import time
from collections.abc import Callable, Mapping

from opentelemetry.trace import Link, Span, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.util.types import AttributeValue

from reviewbot.dag.diagram.walk import above
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Attempt, Outcome, Run
from reviewbot.dag.run import Status as Ended
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
)

_BROKEN = frozenset({Ended.FAILED, Ended.TIMED_OUT, Ended.CANCELLED})


class Spans:
    """A listener that gives a tracer the spans of a run, each as soon as it is over.

    `wall` is the moment in nanoseconds since 1970 at which the run starts. A node that never ran
    has a span of no length, so that a skip is seen. Instances are for one run each. Example, with
    any exporter of OpenTelemetry::

        provider = TracerProvider()
        provider.add_span_processor(BatchSpanProcessor(exporter))
        await run(graph, on_event=Spans(provider.get_tracer("reviewbot")))
    """

    def __init__(self, tracer: Tracer, wall: Callable[[], int] = time.time_ns) -> None:
        self._tracer = tracer
        self._wall = wall
        self._zero = 0
        self._needs: Mapping[str, tuple[str, ...]] = {}
        self._root: Span | None = None
        self._nodes: dict[str, Span] = {}
        self._attempts: dict[str, Span] = {}

    def __call__(self, event: Event) -> None:
        """Open or close the span that the event is about."""
        match event:
            case RunStarted(run=name, graph=graph):
                self._begin(name, graph)
            case NodeStarted(node=node, at=at):
                self._node(node, at)
            case AttemptStarted(node=node, by=by, number=number, at=at):
                self._attempt(node, by, number, at)
            case AttemptSucceeded(node=node, attempt=attempt):
                self._attempted(node, attempt, None)
            case AttemptFailed(node=node, attempt=attempt, retry_in=wait):
                self._attempted(node, attempt, wait)
            case Logged(node=node, text=text, at=at):
                self._said(node, text, at)
            case NodeSettled(node=node, outcome=outcome):
                self._settled(node, outcome)
            case RunSettled(run=run):
                self._end(run)

    def _begin(self, name: str, graph: Graph) -> None:
        self._zero = self._wall()
        self._needs = graph.needs
        self._root = self._tracer.start_span(
            f"run {name}".rstrip(),
            start_time=self._zero,
            attributes={"dag.run": name, "dag.nodes": len(graph.nodes)},
        )

    def _at(self, seconds: float) -> int:
        return self._zero + round(seconds * 1e9)

    def _parent(self, path: str) -> tuple[Span | None, str]:
        """The span of what the place is part of, and the path of that."""
        nearest = next((place for place in above(path) if place in self._nodes), "")
        return self._nodes.get(nearest, self._root), nearest

    def _node(self, path: str, at: float) -> Span:
        parent, around = self._parent(path)
        needs = () if around else self._needs.get(path, ())
        span = self._tracer.start_span(
            path,
            context=None if parent is None else set_span_in_context(parent),
            start_time=self._at(at),
            attributes={"dag.node": path},
            links=[
                Link(self._nodes[need].get_span_context(), {"dag.needs": need})
                for need in needs
                if need in self._nodes
            ],
        )
        self._nodes[path] = span
        return span

    def _attempt(self, node: str, by: str, number: int, at: float) -> Span:
        parent = self._nodes.get(node) or self._node(node, at)
        span = self._tracer.start_span(
            f"{by} {number}",
            context=set_span_in_context(parent),
            start_time=self._at(at),
            attributes={"dag.node": node, "dag.by": by, "dag.attempt": number},
        )
        self._attempts[node] = span
        return span

    def _attempted(self, node: str, attempt: Attempt, retry_in: float | None) -> None:
        span = self._attempts.pop(node, None) or self._attempt(
            node, attempt.by, attempt.number, attempt.started
        )
        self._attempts.pop(node, None)
        span.set_attribute("dag.delay", attempt.delay)
        if retry_in is not None:
            span.set_attribute("dag.retry_in", retry_in)
        if attempt.error is not None:
            span.set_status(Status(StatusCode.ERROR, attempt.error))
        span.end(self._at(attempt.started + attempt.seconds))

    def _said(self, node: str, text: str, at: float) -> None:
        span = self._attempts.get(node) or self._nodes.get(node) or self._root
        if span is not None:
            span.add_event(text, timestamp=self._at(at))

    def _settled(self, path: str, outcome: Outcome[object]) -> None:
        span = self._nodes.get(path) or self._node(path, outcome.started)
        span.set_attributes(_attributes(outcome))
        if outcome.status in _BROKEN:
            span.set_status(Status(StatusCode.ERROR, outcome.reason))
        span.end(self._at(outcome.started + outcome.seconds))

    def _end(self, run: Run) -> None:
        if self._root is None:
            return
        self._root.set_attribute("dag.critical_path", run.critical_path()[0])
        self._root.set_attribute("dag.ended", run.ended)
        self._root.set_attributes({f"dag.spent.{name}": used for name, used in run.spent.items()})
        if run.ended:
            self._root.set_status(Status(StatusCode.ERROR, run.ended))
        self._root.end(self._at(run.seconds))


def _attributes(outcome: Outcome[object]) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {
        "dag.status": outcome.status.value,
        "dag.reason": outcome.reason,
        "dag.answered_by": outcome.answered_by,
        "dag.attempts": len(outcome.attempts),
        "dag.resumed": outcome.resumed,
    }
    found.update({f"dag.spent.{name}": amount for name, amount in outcome.spent.items()})
    return found
