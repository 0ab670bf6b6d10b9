"""A picture shows every node and edge, and after a run how each of them ended."""

import re

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Fallback, Policy
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run


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


@pytest.mark.feature("E05")
def test_the_lines_of_a_graph_give_each_node_its_wave_needs_and_condition() -> None:
    assert lines(GRAPH) == (
        "wave 1  lint  <- change",
        "wave 1  types  <- change",
        "wave 1  tests  <- change  skipped (configuration)",
        "wave 2  merge  <- lint!, types?, tests?",
        "wave 3  comment  <- merge  when condition",
    )


def test_the_mermaid_picture_of_a_graph() -> None:
    assert mermaid(GRAPH) == (
        "flowchart LR\n"
        '  n0["lint"]\n'
        '  n1["types"]\n'
        '  n2["tests"]\n'
        '  n3["merge"]\n'
        '  n4{"comment"}\n'
        "  n0 ==> n3\n"
        "  n1 -.-> n3\n"
        "  n2 -.-> n3\n"
        "  n3 --> n4\n"
    )


def test_the_mermaid_picture_of_a_run_names_and_colours_each_status() -> None:
    done = anyio.run(run, GRAPH, {"change": "c"})
    picture = re.sub(r"\d+\.\d\d s", "T s", mermaid(GRAPH, done))
    assert picture.splitlines()[1:6] == [
        '  n0["lint<br/>succeeded, T s"]',
        '  n1["types<br/>fell back, T s"]',
        '  n2["tests<br/>skipped, T s"]',
        '  n3["merge<br/>succeeded, T s"]',
        '  n4{"comment<br/>skipped, T s"}',
    ]
    assert [line for line in picture.splitlines() if line.startswith("  class ")] == [
        "  class n0,n3 succeeded",
        "  class n1 fell_back",
        "  class n2,n4 skipped",
    ]


def test_the_timeline_has_a_line_per_node_and_a_reason_for_all_that_did_not_succeed() -> None:
    drawn = timeline(anyio.run(run, GRAPH, {"change": "c"}), width=10)
    assert len(drawn) == 5
    assert {line[0] for line in drawn} == {"✓", "↩", "·"}
    assert sum("skipped: condition not met: condition" in line for line in drawn) == 1
    assert sum("fell back: ValueError: c, attempt 1 of 1" in line for line in drawn) == 1


@given(st.text(min_size=1))
def test_no_name_can_break_out_of_its_box(name: str) -> None:
    async def nothing() -> None: ...

    picture = mermaid(Graph([Node(name=name, run=nothing)]))
    assert re.fullmatch(r'flowchart LR\n  n0\["[\w\-. #;]+"\]\n', picture)
