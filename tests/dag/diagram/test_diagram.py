"""A picture shows every node and edge, and after a run how each of them ended."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.diagram.dot import dot
from reviewbot.dag.diagram.explanation import explanation
from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.diagram.walk import steps
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Fallback, Policy
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Section, Trace
from reviewbot.dag.trace.record import traced
from tests.dag.trace.sample import GRAPH as LARGE
from tests.dag.trace.sample import HOSTILE, TRACE

GOLDEN = Path(__file__).parents[2] / "golden" / "diagram"


def explained(section: Section) -> str:
    return "\n".join(line for step in steps(section) for line in (*explanation(step), ""))


PICTURES: dict[str, Callable[[], str]] = {
    "graph.txt": lambda: "\n".join(lines(described(LARGE))),
    "graph.mmd": lambda: mermaid(described(LARGE)),
    "graph.dot": lambda: dot(described(LARGE)),
    "graph-explained.txt": lambda: explained(described(LARGE)),
    "run.mmd": lambda: mermaid(TRACE.graph),
    "run.dot": lambda: dot(TRACE.graph),
    "run.txt": lambda: "\n".join(timeline(TRACE.graph, TRACE.seconds)),
    "run-explained.txt": lambda: explained(TRACE.graph),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    golden, drawn = GOLDEN / name, PICTURES[name]()
    if request.config.getoption("--update-golden"):
        golden.write_text(drawn, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == drawn


@node
async def lint(change: str) -> str:
    return change


@node(policy=Policy(fallback=Fallback(value="")))
async def types(change: str) -> str:
    raise ValueError(change)


@node(name="tests")
async def impact(change: str) -> str:
    raise AssertionError(change)


@node
async def merge(lint: Outcome[str], types: str | None, tests: str | None) -> int:
    return len([part for part in (lint.value, types, tests) if part])


@node(when=lambda merge: merge > 1)
async def comment(merge: int) -> int:
    return merge


GRAPH = Graph([lint, types, impact, merge, comment], {"change": str}).without(["tests"])


def ran() -> Trace:
    return traced(described(GRAPH), anyio.run(run, GRAPH, {"change": "c"}))


@pytest.mark.feature("E05")
def test_the_lines_of_a_graph_give_each_node_its_wave_needs_and_condition() -> None:
    assert lines(described(GRAPH)) == (
        "wave 1  lint  <- change",
        "wave 1  types  <- change",
        "wave 1  tests  <- change  skipped (configuration)",
        "wave 2  merge  <- lint!, types?, tests?",
        "wave 3  comment  <- merge  when condition",
    )


@pytest.mark.feature("E05")
@pytest.mark.parametrize("draw", [mermaid, dot])
def test_a_picture_numbers_the_wave_of_each_node(draw: Callable[[Section], str]) -> None:
    drawn = draw(described(GRAPH))
    waves = dict(re.findall(r'"(\w+)(?:<br/>|\\n)wave (\d)"', drawn))
    assert waves == {"lint": "1", "types": "1", "tests": "1", "merge": "2", "comment": "3"}


@pytest.mark.feature("U10")
def test_the_mermaid_picture_of_a_run_names_and_colours_each_status() -> None:
    picture = re.sub(r"\d+\.\d\d s", "T s", mermaid(ran().graph))
    assert picture.splitlines()[1:6] == [
        '  n0["lint<br/>wave 1, succeeded, T s"]',
        '  n1["types<br/>wave 1, fell back, T s"]',
        '  n2["tests<br/>wave 1, skipped, T s"]',
        '  n3["merge<br/>wave 2, succeeded, T s"]',
        '  n4{"comment<br/>wave 3, skipped, T s"}',
    ]
    assert [line for line in picture.splitlines() if line.startswith("  class ")] == [
        "  class n0,n3 succeeded",
        "  class n1 fell_back",
        "  class n2,n4 skipped",
    ]


def test_the_timeline_has_a_line_per_node_and_a_reason_for_all_that_did_not_succeed() -> None:
    trace = ran()
    drawn = timeline(trace.graph, trace.seconds, width=10)
    assert len(drawn) == 5
    assert {line[0] for line in drawn} == {"✓", "↩", "·"}
    assert sum("skipped: condition not met: condition" in line for line in drawn) == 1
    assert sum("fell back: ValueError: c, attempt 1 of 1" in line for line in drawn) == 1


@given(st.text(min_size=1))
def test_no_name_can_break_out_of_its_box(name: str) -> None:
    async def nothing() -> None: ...

    picture = mermaid(described(Graph([Node(name=name, run=nothing)])))
    assert re.fullmatch(r'flowchart LR\n  n0\["[\w\-. #;]+<br/>wave 1"\]\n', picture)


needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is missing")


@pytest.mark.optional
@needs_graphviz
@pytest.mark.parametrize("graph", [TRACE.graph, described(LARGE)])
def test_graphviz_draws_every_node_and_edge(graph: Section) -> None:
    """The real program reads it; every node and every edge is in what it lays out."""
    laid = subprocess.run(
        ["dot", "-Tplain"], input=dot(graph), check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert sum(line.startswith("node ") for line in laid) == 2 + 9 + 2
    assert sum(line.startswith("edge ") for line in laid) == 15


@pytest.mark.feature("U10")
@given(st.text(min_size=1))
def test_no_name_can_break_out_of_a_quoted_id(name: str) -> None:
    async def nothing() -> None: ...

    (line,) = (
        each
        for each in dot(described(Graph([Node(name=name, run=nothing)]))).splitlines()
        if "label=" in each
    )
    quoted = r'"(?:[^"\\]|\\.)*"'
    assert re.fullmatch(rf"  {quoted} \[label={quoted}, shape=box\];", line)


@pytest.mark.optional
@needs_graphviz
def test_graphviz_takes_hostile_names() -> None:
    async def nothing() -> None: ...

    graph = described(Graph([Node(name=HOSTILE + "\\", run=nothing)]))
    subprocess.run(["dot", "-Tsvg"], input=dot(graph), check=True, capture_output=True, text=True)
