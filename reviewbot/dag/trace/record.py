"""A finished run laid over the description of its graph."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reviewbot.dag import topology
from reviewbot.dag.items import Item, Items
from reviewbot.dag.run import Attempt, Outcome, Run
from reviewbot.dag.topology import Names
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.document import (
    AttemptTrace,
    EdgeTrace,
    ItemTrace,
    NodeTrace,
    OutcomeTrace,
    Section,
    Trace,
)

_DIGITS = 6  # of a second: finer than any clock we read is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What is known of a run apart from its outcomes.

    `began` is a moment in UTC as ISO 8601. `digests` are those of the values by path (`lint`,
    `pack/lint`, `triage[a.py]`), `inputs` those of the run's inputs by name. `logs` are the lines
    that were said, by path; `manifest` is what the caller wrote down about the circumstances.
    `state` is running or interrupted, for a run that has not ended.
    """

    began: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    logs: Mapping[str, Names] = field(default_factory=dict)
    manifest: Mapping[str, str] = field(default_factory=dict)
    state: str = ""


_NOTHING = Notes()


def traced(graph: Section, run: Run, notes: Notes = _NOTHING) -> Trace:
    """The run of this graph as one document; nodes without an outcome stay as they are."""
    section = _Recorder(notes).section(graph, run.outcomes)
    seen = analytics(section)
    return Trace(
        graph=section,
        run=run.name,
        began=notes.began,
        ended=run.ended,
        state=notes.state,
        seconds=_rounded(run.seconds or _last(run)),
        critical_path=seen.critical_path,
        critical_seconds=_rounded(seen.critical_seconds),
        spent=dict(run.spent),
        breakers=dict(run.breakers),
        warnings=run.warnings,
        inputs=dict(notes.inputs),
        manifest=dict(notes.manifest),
    )


def sketched(run: Run) -> Section:
    """What a run itself tells of its graph: names, and who waited for whom."""
    order = tuple(run.outcomes)
    needs = {name: run.needs.get(name, ()) for name in order}
    wave = topology.waves(order, needs)
    return Section(
        nodes=tuple(
            NodeTrace(
                name=name,
                wave=wave[name] + 1,
                edges=tuple(EdgeTrace(parameter=need, node=need) for need in needs[name]),
            )
            for name in order
        )
    )


def _last(run: Run) -> float:
    ends = (outcome.started + outcome.seconds for outcome in run.outcomes.values())
    return max(ends, default=0.0)


class _Recorder:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def section(
        self, graph: Section, outcomes: Mapping[str, Outcome[Any]], above: str = ""
    ) -> Section:
        nodes = tuple(self._node(node, outcomes.get(node.name), above) for node in graph)
        section = replace(graph, nodes=nodes)
        seen = analytics(section)
        return replace(
            section,
            nodes=tuple(
                replace(
                    node,
                    is_critical=node.name in seen.critical_path,
                    slack=_rounded(seen.slack[node.name]),
                )
                for node in nodes
            ),
        )

    def _node(self, node: NodeTrace, outcome: Outcome[Any] | None, above: str) -> NodeTrace:
        if outcome is None:
            return node
        path = f"{above}{node.name}"
        return replace(
            node,
            edges=tuple(self._edge(edge, above) for edge in node.edges),
            when_edges=tuple(self._edge(edge, above) for edge in node.when_edges),
            outcome=self._outcome(path, outcome),
            items=tuple(self._items(node, path, outcome.value)),
            inner=self._inner(node.inner, outcome, path),
        )

    def _edge(self, edge: EdgeTrace, above: str) -> EdgeTrace:
        known = self._notes.inputs if edge.is_input and not above else self._notes.digests
        return replace(edge, digest=known.get(f"{above}{edge.node}", ""))

    def _items(self, node: NodeTrace, path: str, value: object) -> Iterator[ItemTrace]:
        for item in value if node.kind == "map" and isinstance(value, Items) else ():
            yield self._item(node, f"{path}[{item.key}]", item)

    def _item(self, node: NodeTrace, path: str, item: Item[Any]) -> ItemTrace:
        return ItemTrace(
            key=item.key,
            id=item.id,
            sources=item.sources,
            outcome=self._outcome(path, item.outcome),
            inner=self._inner(node.inner, item.outcome, path),
        )

    def _inner(self, graph: Section | None, outcome: Outcome[Any], path: str) -> Section | None:
        if graph is None or outcome.inner is None:
            return graph
        return self.section(graph, outcome.inner.outcomes, f"{path}/")

    def _outcome(self, path: str, outcome: Outcome[Any]) -> OutcomeTrace:
        notes = self._notes
        log, digest = notes.logs.get(path, ()), notes.digests.get(path, "")
        return replace(outcome_trace(outcome), log=log, digest=digest)


def outcome_trace(outcome: Outcome[Any]) -> OutcomeTrace:
    """How something ended, without its value."""
    return OutcomeTrace(
        status=outcome.status.value,
        reason=outcome.reason,
        answered_by=outcome.answered_by,
        started=_rounded(outcome.started),
        seconds=_rounded(outcome.seconds),
        attempts=tuple(map(attempt_trace, outcome.attempts)),
        kind="" if outcome.kind is None else outcome.kind.value,
        spent=dict(outcome.spent),
        resumed=outcome.resumed,
    )


def attempt_trace(attempt: Attempt) -> AttemptTrace:
    """One try, in plain words."""
    return AttemptTrace(
        number=attempt.number,
        by=attempt.by,
        started=_rounded(attempt.started),
        seconds=_rounded(attempt.seconds),
        error=attempt.error or "",
        delay=_rounded(attempt.delay),
    )


def _rounded(seconds: float) -> float:
    return round(seconds, _DIGITS)
