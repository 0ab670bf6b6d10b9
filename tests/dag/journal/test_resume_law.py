"""Law: whatever was cut off or failed before, a run that goes on finds what a fresh one does."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from tests.dag.journal.cutting import Cut, going_on, rows

Edges = tuple[tuple[int, EdgeKind], ...]


class Plan(NamedTuple):
    """For each node its edges to earlier ones, and whether it fails before the run is cut off."""

    edges: tuple[Edges, ...]
    fails: tuple[bool, ...]
    cut: int
    parallel: int | None


class World:
    """Where the nodes work: what fails there now, and what was called."""

    def __init__(self, plan: Plan) -> None:
        self.failing = {f"n{place}" for place, fails in enumerate(plan.fails) if fails}
        self.calls: list[str] = []


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    size = draw(st.integers(1, 7))
    edges = []
    for place in range(size):
        kinds = st.dictionaries(st.integers(0, place - 1), st.sampled_from(EdgeKind), max_size=3)
        edges.append(tuple(draw(kinds).items()) if place else ())
    fails = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    cut = draw(st.integers(0, size))
    return Plan(tuple(edges), tuple(fails), cut, draw(st.sampled_from([None, 1])))


def graph(plan: Plan, world: World) -> Graph:
    return Graph([_node(f"n{place}", edges, world) for place, edges in enumerate(plan.edges)])


def _node(name: str, edges: Edges, world: World) -> Node:
    async def work(**given: Any) -> str:
        world.calls.append(name)
        if name in world.failing:
            raise ConnectionError(name)
        return f"{name}({', '.join(map(told, given.values()))})"

    wired = (Edge(parameter=f"n{place}", node=f"n{place}", kind=kind) for place, kind in edges)
    return Node(name=name, run=work, edges=tuple(wired), output=str)


def told(given: object) -> str:
    return f"{given.status}: {given.value}" if isinstance(given, Outcome) else str(given)


def ended(done: Run) -> Mapping[str, tuple[str, Any, str]]:
    return {name: (one.status, one.value, one.reason) for name, one in done.outcomes.items()}


async def gone_on(plan: Plan, world: World, path: Path) -> tuple[Run, set[str]]:
    """The run after it was cut off and went on, and what was finished then."""
    made = graph(plan, world)
    with going_on(path, made, {}) as record:
        await run(made, record=Cut(record, plan.cut), max_parallel=plan.parallel)
    finished = rows(path)
    world.failing.clear()
    world.calls.clear()
    with going_on(path, made, {}) as record:
        return await run(made, record=record, max_parallel=plan.parallel), finished


def touched(plan: Plan) -> set[str]:
    """The nodes that failed, and all that could know of it."""
    found = {f"n{place}" for place, fails in enumerate(plan.fails) if fails}
    for place, edges in enumerate(plan.edges):
        if any(f"n{other}" in found for other, _ in edges):
            found.add(f"n{place}")
    return found


@settings(max_examples=40)
@given(plans())
def test_a_run_that_goes_on_finds_what_a_fresh_one_does(plan: Plan) -> None:
    world, fresh = World(plan), World(plan)
    fresh.failing.clear()
    expected = anyio.run(partial(run, graph(plan, fresh)))
    with TemporaryDirectory() as home:
        done, finished = anyio.run(gone_on, plan, world, Path(home, "journal"))
    assert ended(done) == ended(expected)
    assert len(world.calls) == len(set(world.calls))
    assert finished - set(world.calls) >= finished - touched(plan)
    assert set(world.calls) >= set(done.outcomes) - finished
