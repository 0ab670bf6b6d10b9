"""Whatever happens in a run, its trace reads back and every picture of it can be drawn."""

from collections.abc import Callable
from typing import Any

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reviewbot.dag.diagram.chrome import chrome
from reviewbot.dag.diagram.dot import dot
from reviewbot.dag.diagram.explanation import explanation
from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.diagram.page import page
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.diagram.walk import find, steps
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event
from reviewbot.dag.trace.check import trace_problems
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import written
from reviewbot.dag.watching.collecting import Collector
from reviewbot.dag.watching.groups import Groups
from reviewbot.dag.watching.picture import Picture
from reviewbot.dag.watching.rows import Row, row

TRACES, ROWS = TypeAdapter(Trace), TypeAdapter(Row)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)


def works(_kind: str) -> Callable[..., Any]:
    async def work(**given: Any) -> tuple[str, ...]:
        if _kind == "fails":
            raise ValueError(f"{sorted(given)}")
        return ("a", "b]/", "::c")[: len(_kind) % 4]

    return work


@st.composite
def graphs(draw: st.DrawFn, depth: int = 1) -> Graph:
    """Random graphs of random names: plain nodes, maps and subgraphs, some of which fail."""
    nodes: list[Node] = []
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    for number, name in enumerate(names):
        sources = (
            draw(st.lists(st.sampled_from(names[:number]), max_size=2, unique=True))
            if (number)
            else []
        )
        kind = draw(st.sampled_from(("works", "fails", "four", "map", "nested")))
        if kind == "nested" and depth:
            nodes.append(nested(name, draw(graphs(depth=depth - 1))))
            continue
        edges = tuple(
            Edge(parameter=f"p{place}", node=source, kind=draw(st.sampled_from(EdgeKind)))
            for place, source in enumerate(sources)
        )
        each = Each(over={"p0": sources[0]}) if kind == "map" and sources else None
        nodes.append(Node(name=name, run=works(kind), edges=edges, each=each))
    return Graph(nodes)


@given(graphs())
@settings(max_examples=30)
def test_every_run_has_a_trace_and_every_trace_its_pictures(graph: Graph) -> None:
    heard: list[Event] = []
    found: list[Trace] = []
    collector, picture, log = Collector(found.append), Picture(), list[str]()
    groups = Groups(log.append)

    def listen(event: Event) -> None:
        heard.append(event)
        collector(event)
        picture.take(event)
        groups(event)

    async def main() -> tuple[str, ...]:
        return (await run(graph, on_event=listen)).warnings

    assert anyio.run(main) == ()
    (trace,) = found
    assert TRACES.validate_json(written(trace)) == trace
    assert list(trace_problems(trace)) == []
    for step in steps(trace.graph):
        assert step.outcome is not None
        told = explanation(step)
        lacks = any("a value was needed" in line for line in told)
        if step.item is None:
            assert lacks == (step.outcome.status == "skipped")
        assert find(trace.graph, step.path) == step
    for draw in (lines, mermaid, dot):
        assert draw(trace.graph)
    assert len(timeline(trace.graph, trace.seconds)) == len(tuple(steps(trace.graph)))
    assert chrome(trace)
    assert page(trace)
    assert len(picture.lines(trace.seconds, 80, 24)) <= 24
    assert sum(line.startswith("::group::") for line in log) == log.count("::endgroup::")
    for event in heard:
        assert ROWS.validate_json(written(row(event))).event == row(event).event
