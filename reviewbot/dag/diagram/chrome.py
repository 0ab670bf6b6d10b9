"""A run as a Chrome trace, for chrome://tracing and https://ui.perfetto.dev.

The format: "Trace Event Format",
https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from reviewbot.dag.diagram.lanes import lanes
from reviewbot.dag.diagram.walk import Step, steps
from reviewbot.dag.trace.document import OutcomeTrace, Trace
from reviewbot.dag.trace.text import plain

_PROCESS = 1

Row: TypeAlias = dict[str, Any]


def chrome(trace: Trace) -> str:
    """The JSON object form: a slice per node, item and attempt, an arrow per dependency.

    A thread is a lane and has no other meaning; nodes that never started are instants. Times are
    microseconds from the start of the run.
    """
    rows = [*_names(trace), *_events(trace)]
    document = {
        "traceEvents": rows,
        "displayTimeUnit": "ms",
        "otherData": {"run": trace.run, "began": trace.began, **trace.manifest},
    }
    return json.dumps(plain(document), allow_nan=False)


def _names(trace: Trace) -> Iterator[Row]:
    yield _metadata("process_name", 0, trace.run or "run")
    for lane in sorted(set(lanes(steps(trace.graph)).values())):
        yield _metadata("thread_name", lane + 1, f"lane {lane + 1}")


def _metadata(name: str, thread: int, said: str) -> Row:
    return {"ph": "M", "name": name, "pid": _PROCESS, "tid": thread, "args": {"name": said}}


def _events(trace: Trace) -> Iterator[Row]:
    found = tuple(steps(trace.graph))
    lane = lanes(found)
    for step in found:
        if step.outcome is None:
            continue
        if step.path not in lane:
            yield _instant(step, step.outcome)
            continue
        thread = lane[step.path] + 1
        yield _slice(
            step.path, "node", step.outcome.started, step.outcome.seconds, thread, _args(step)
        )
        for attempt in step.outcome.attempts:
            said = {"error": attempt.error, "delay": attempt.delay}
            name = f"{attempt.by} {attempt.number}"
            yield _slice(name, "attempt", attempt.started, attempt.seconds, thread, said)
    yield from _arrows(found, lane)


def _slice(name: str, category: str, started: float, seconds: float, thread: int, args: Row) -> Row:
    place = {"pid": _PROCESS, "tid": thread, "ts": _micro(started), "dur": _micro(seconds)}
    return {"ph": "X", "name": name, "cat": category, **place, "args": args}


def _instant(step: Step, outcome: OutcomeTrace) -> Row:
    place = {"pid": _PROCESS, "tid": 1, "ts": _micro(outcome.started), "s": "p"}
    return {
        "ph": "i",
        "name": f"{step.path} {outcome.status}",
        "cat": "node",
        **place,
        "args": _args(step),
    }


def _args(step: Step) -> Row:
    outcome = step.outcome
    if outcome is None:
        return {}
    return {
        "status": outcome.status,
        "reason": outcome.reason,
        "answered_by": outcome.answered_by,
        "wave": step.node.wave,
        "critical": step.is_critical,
        "slack_seconds": step.node.slack,
        **{f"spent_{name}": amount for name, amount in outcome.spent.items()},
    }


def _arrows(found: tuple[Step, ...], lane: Mapping[str, int]) -> Iterator[Row]:
    """One flow per dependency between nodes that both ran, from the end of one to the other."""
    ends = {step.path: step.outcome for step in found if step.item is None}
    number = 0
    for step in found:
        for edge in step.node.links if step.item is None else ():
            source = f"{step.above}{edge.node}"
            given, taken = ends.get(source), step.outcome
            if source in lane and step.path in lane and given is not None and taken is not None:
                number += 1
                end = given.started + given.seconds
                yield _flow("s", number, lane[source] + 1, end)
                yield {**_flow("f", number, lane[step.path] + 1, taken.started), "bp": "e"}


def _flow(phase: str, number: int, thread: int, at: float) -> Row:
    place = {"pid": _PROCESS, "tid": thread, "ts": _micro(at)}
    return {"ph": phase, "id": number, "name": "needs", "cat": "needs", **place}


def _micro(seconds: float) -> float:
    return round(seconds * 1e6, 3)
