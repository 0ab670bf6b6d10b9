"""The Chrome trace holds what its format asks for."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.diagram.chrome import chrome
from reviewbot.dag.diagram.lanes import lanes
from reviewbot.dag.diagram.walk import Step, steps
from reviewbot.dag.trace.document import AttemptTrace, NodeTrace, OutcomeTrace, Section
from tests.dag.trace.sample import TRACE

# The required fields of each phase, from the format's document.
REQUIRED = {
    "X": {"name", "cat", "ts", "dur", "pid", "tid"},
    "i": {"name", "cat", "ts", "pid", "tid", "s"},
    "M": {"name", "pid", "tid", "args"},
    "s": {"name", "cat", "id", "ts", "pid", "tid"},
    "f": {"name", "cat", "id", "ts", "pid", "tid", "bp"},
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(chrome(TRACE))["traceEvents"]
    return found


@pytest.mark.feature("S16")
def test_every_event_has_the_fields_of_its_phase(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert REQUIRED[row["ph"]] <= row.keys()
        for field in ("ts", "dur"):
            assert isinstance(row.get(field, 0), int | float)
            assert row.get(field, 0) >= 0
        assert all(isinstance(row[field], int) for field in ("pid", "tid"))
        assert isinstance(row["name"], str)
        assert isinstance(row.get("args", {}), dict)


@pytest.mark.feature("S16")
def test_everything_that_ran_is_a_slice_and_everything_else_an_instant(
    rows: list[dict[str, Any]],
) -> None:
    found = [step for step in steps(TRACE.graph) if step.outcome is not None]
    slices = {row["name"]: row for row in rows if row["ph"] == "X" and row["cat"] == "node"}
    ran = {step.path: step.outcome for step in found if step.outcome and step.outcome.is_started}
    assert slices.keys() == ran.keys()
    for path, outcome in ran.items():
        assert slices[path]["ts"] == pytest.approx(outcome.started * 1e6)
        assert slices[path]["dur"] == pytest.approx(outcome.seconds * 1e6)
    assert sum(row["ph"] == "i" for row in rows) == len(found) - len(ran)
    tries = [row for row in rows if row["ph"] == "X" and row["cat"] == "attempt"]
    assert len(tries) == sum(len(outcome.attempts) for outcome in ran.values())


@pytest.mark.feature("S16")
def test_slices_of_one_thread_are_nested_and_arrows_come_in_pairs(
    rows: list[dict[str, Any]],
) -> None:
    """A viewer draws slices of a thread that overlap otherwise wrongly or not at all."""
    for thread in {row["tid"] for row in rows}:
        spans = [
            (row["ts"], row["ts"] + row["dur"])
            for row in rows
            if row["ph"] == "X" and row["tid"] == thread
        ]
        for begin, end in spans:
            for other, last in spans:
                assert not begin < other < end < last
    starts = Counter(row["id"] for row in rows if row["ph"] == "s")
    assert starts == Counter(row["id"] for row in rows if row["ph"] == "f")
    assert set(starts.values()) == {1}


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=30))
def test_lanes_never_overlap_and_are_as_few_as_were_busy_at_once(
    spans: list[tuple[int, int]],
) -> None:
    nodes = tuple(
        NodeTrace(
            name=f"n{number}",
            outcome=OutcomeTrace(
                status="succeeded",
                started=start,
                seconds=length,
                attempts=(AttemptTrace(number=1, by="n", started=start, seconds=length),),
            ),
        )
        for number, (start, length) in enumerate(spans)
    )
    section = Section(nodes=nodes)
    lane = lanes(Step(path=node.name, node=node, section=section) for node in nodes)
    taken = [(lane[f"n{number}"], *span) for number, span in enumerate(spans)]
    for number, (row, start, length) in enumerate(taken):
        for other, begin, lasting in taken[:number]:
            assert row != other or begin + lasting <= start or start + length <= begin
    busiest = max(
        sum(start <= moment < start + length for start, length in spans) for moment in range(61)
    )
    assert len(set(lane.values())) <= max(1, busiest) + sum(not length for _, length in spans)
