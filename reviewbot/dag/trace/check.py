"""Whether a trace that somebody else wrote holds together, as sentences."""

import math
from collections.abc import Iterator

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.run import Status
from reviewbot.dag.trace.document import NodeTrace, OutcomeTrace, Section, Trace

_EDGES = frozenset(kind.value for kind in EdgeKind)
_NODES = frozenset({"node", "map", "subgraph"})
_STATUSES = frozenset(status.value for status in Status)
_LONGEST = 1e9  # seconds: thirty years


def trace_problems(trace: Trace) -> Iterator[str]:
    """What keeps a trace from being drawn; nothing for one that `traced` made."""
    if not _is_time(trace.seconds) or not _is_time(trace.critical_seconds):
        yield "the run takes no time that can be"
    yield from problems(trace.graph)


def problems(section: Section, above: str = "") -> Iterator[str]:
    """What is wrong with a graph: names twice, edges to nowhere or back, impossible times."""
    known: set[str] = set()
    for node in section:
        path = f"{above}{node.name}"
        if node.name in known:
            yield f"{path} is there twice"
        yield from _node(node, path, known, len(section.nodes))
        known.add(node.name)
        if node.inner is not None:
            yield from problems(node.inner, f"{path}/")
        for item in node.items:
            yield from _outcome(item.outcome, f"{path}[{item.key}]")
            if item.inner is not None:
                yield from problems(item.inner, f"{path}[{item.key}]/")


def _node(node: NodeTrace, path: str, known: set[str], most: int) -> Iterator[str]:
    if node.kind not in _NODES:
        yield f"{path} is of no known kind: {node.kind}"
    if not 1 <= node.wave <= most:
        yield f"{path} is in wave {node.wave} of {most} nodes"
    for edge in node.all_edges:
        if edge.kind not in _EDGES:
            yield f"{path} asks for {edge.node} in no known way: {edge.kind}"
        if not edge.is_input and edge.node not in known:
            yield f"{path} needs {edge.node}, which does not stand before it"
    if not _is_time(node.slack):
        yield f"{path} has no slack that can be"
    if node.outcome is not None:
        yield from _outcome(node.outcome, path)


def _outcome(outcome: OutcomeTrace, path: str) -> Iterator[str]:
    if outcome.status not in _STATUSES:
        yield f"{path} ended in no known way: {outcome.status}"
    times = [outcome.started, outcome.seconds]
    times.extend(time for one in outcome.attempts for time in (one.started, one.seconds, one.delay))
    if not all(map(_is_time, times)):
        yield f"{path} takes no time that can be"


def _is_time(seconds: float) -> bool:
    return math.isfinite(seconds) and 0 <= seconds <= _LONGEST
