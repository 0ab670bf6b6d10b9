"""The trace of a run: whole, as plain text and back, and right about time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reviewbot.dag import topology
from reviewbot.dag.diagram.walk import find, steps
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import EdgeTrace, NodeTrace, OutcomeTrace, Section, Trace
from reviewbot.dag.trace.record import traced
from reviewbot.dag.trace.text import written
from tests.dag.trace.sample import GRAPH, NOTES, OUTCOMES, RUN, TRACE

FAST = dict.fromkeys(("lint", "types", "tests", "triage", "pack", "merge", "comment"), 0.5)
READER = TypeAdapter(Trace)


@pytest.mark.feature("S15")
def test_a_trace_that_was_written_reads_back_as_it_was() -> None:
    assert READER.validate_json(written(TRACE)) == TRACE


@pytest.mark.feature("S15")
def test_the_trace_holds_every_attempt_time_digest_and_cost() -> None:
    found = {step.path: step.outcome for step in steps(TRACE.graph)}
    assert found.keys() == {
        *OUTCOMES,
        "pack/first",
        "pack/second",
        "triage[a.py]",
        "triage[b.py]",
    }
    for name, outcome in OUTCOMES.items():
        told = found[name]
        assert told is not None
        assert (told.status, told.reason) == (outcome.status, outcome.reason)
        assert (told.started, told.seconds) == (outcome.started, outcome.seconds)
        assert told.spent == outcome.spent
        assert [(one.by, one.started, one.delay) for one in told.attempts] == [
            (one.by, one.started, one.delay) for one in outcome.attempts
        ]
    triage = find(TRACE.graph, "triage")
    assert triage is not None
    assert {edge.node: edge.digest for edge in triage.node.edges} == {
        "hunks": "",
        "lint": NOTES.digests["lint"],
    }
    assert TRACE.inputs == NOTES.inputs
    assert TRACE.manifest == {"ruff": "0.14.1"}


@pytest.mark.feature("S09", "S10")
def test_an_item_says_its_lineage_and_what_it_was_made_of() -> None:
    item = find(TRACE.graph, "triage[a.py]")
    assert item is not None
    assert item.item is not None
    assert (item.item.id, item.item.sources) == ("change/a.py", ("change/1",))


@given(st.text(), st.dictionaries(st.text(), st.floats(0, 1e9)), st.floats(allow_nan=True))
def test_any_text_and_any_number_can_be_written(
    text: str, spent: dict[str, float], seconds: float
) -> None:
    ended = OutcomeTrace(status="failed", reason=text, spent=spent)
    trace = Trace(graph=Section(nodes=(NodeTrace(name=text, outcome=ended),)), seconds=seconds)
    line = written(trace)
    assert line.isascii()
    assert "\n" not in line
    read = READER.validate_json(line)
    assert [node.name for node in read.graph] == [text.encode("utf-8", "backslashreplace").decode()]
    if seconds == seconds and abs(seconds) != float("inf"):  # noqa: PLR0124 - NaN differs from itself
        assert read.seconds == seconds


def test_a_run_of_another_graph_leaves_unknown_nodes_without_an_outcome() -> None:
    other = described(GRAPH.only(["lint"]))
    assert [node.outcome is not None for node in traced(other, RUN).graph] == [True]
    grown = Section(nodes=(NodeTrace(name="new"), *other.nodes))
    assert [node.outcome is not None for node in traced(grown, RUN).graph] == [False, True]


@pytest.mark.feature("S20")
def test_the_analytics_of_a_graph_that_has_not_run_are_those_of_its_shape() -> None:
    seen = analytics(described(GRAPH))
    assert (seen.nodes, seen.edges, seen.depth, seen.width) == (9, 8, 4, 5)
    assert seen.critical_path == ("lint", "triage", "merge", "comment")
    assert (seen.critical_seconds, seen.work, seen.speed_up) == (4.0, 9.0, 2.25)
    estimated = analytics(described(GRAPH), {"security": 9.0, "audit": 5.0, **FAST})
    assert estimated.critical_path == ("security", "audit")
    assert estimated.bottleneck == "security"


@pytest.mark.feature("S20")
def test_the_analytics_of_a_run_are_measured() -> None:
    seen = analytics(TRACE.graph)
    assert seen.critical_path == ("types", "merge")
    assert (seen.critical_seconds, seen.bottleneck) == (8.25, "types")
    assert seen.work == pytest.approx(0.5 + 8 + 2 + 1.2 + 1 + 0.25)
    assert seen.speed_up == pytest.approx(seen.work / 8.25)
    assert seen.slack["types"] == 0
    assert seen.slack["security"] == pytest.approx(6.0)
    assert TRACE.critical_path == seen.critical_path


@st.composite
def sections(draw: st.DrawFn) -> Section:
    """Random graphs of ended nodes, in topological order."""
    count = draw(st.integers(1, 12))
    nodes: list[NodeTrace] = []
    for number in range(count):
        needs = draw(st.sets(st.integers(0, max(0, number - 1)), max_size=3)) if number else set()
        wave = 1 + max((nodes[need].wave for need in needs), default=0)
        nodes.append(
            NodeTrace(
                name=f"n{number}",
                wave=wave,
                edges=tuple(EdgeTrace(parameter=f"n{n}", node=f"n{n}") for n in sorted(needs)),
                outcome=OutcomeTrace(status="succeeded", seconds=draw(st.integers(0, 50)) / 8),
            )
        )
    return Section(nodes=tuple(nodes))


@pytest.mark.feature("S20")
@given(sections())
def test_slack_is_what_a_node_can_grow_by_and_the_critical_path_has_none(section: Section) -> None:
    seen = analytics(section)
    needs = section.needs
    after = topology.inverted(needs)
    seconds = {node.name: node.seconds for node in section}
    assert all(seen.slack[name] == 0 for name in seen.critical_path)
    assert sum(seconds[name] for name in seen.critical_path) == seen.critical_seconds
    for name, spare in seen.slack.items():
        rest = topology.remaining(tuple(needs), after, {**seconds, name: seconds[name] + spare})
        assert max(rest.values()) == pytest.approx(seen.critical_seconds)
