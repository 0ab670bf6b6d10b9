"""Laws over random graphs: isolation, and order, as early as possible, whatever the timing."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeStarted

Shape = tuple[tuple[tuple[int, EdgeKind], ...], ...]

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])
few = settings(max_examples=60, deadline=None)


def needs(place: int) -> st.SearchStrategy[tuple[tuple[int, EdgeKind], ...]]:
    if not place:
        return st.just(())
    kinds = st.sampled_from(EdgeKind)
    return st.dictionaries(st.integers(0, place - 1), kinds, max_size=3).map(
        lambda found: tuple(found.items())
    )


shapes: st.SearchStrategy[Shape] = st.integers(1, 10).flatmap(
    lambda count: st.tuples(*(needs(place) for place in range(count)))
)
failing = st.sets(st.integers(0, 9))


class World:
    """Nodes that wait for their gate, then fail or tell what they were given."""

    def __init__(self, shape: Shape, failing: set[int]) -> None:
        self.gates = {f"n{place}": anyio.Event() for place in range(len(shape))}
        self.failing = {f"n{place}" for place in failing}
        self.graph = Graph(
            Node(
                name=f"n{place}",
                run=partial(self.work, f"n{place}"),
                edges=tuple(
                    Edge(parameter=f"n{other}", node=f"n{other}", kind=kind)
                    for other, kind in wanted
                ),
            )
            for place, wanted in enumerate(shape)
        )

    async def work(self, name: str, **given: Any) -> str:
        await self.gates[name].wait()
        if name in self.failing:
            raise ValueError(name)
        told = {other: _told(value) for other, value in sorted(given.items())}
        return f"{name}({told})"

    def open(self) -> None:
        for gate in self.gates.values():
            gate.set()


def _told(value: Any) -> Any:
    return (value.status, value.value, value.reason) if isinstance(value, Outcome) else value


def played(backend: str, shape: Shape, failing: set[int], **options: Any) -> Run:
    async def play() -> Run:
        world = World(shape, failing)
        world.open()
        return await run(world.graph, **options)

    return anyio.run(play, backend=backend)


def result(done: Run) -> Mapping[str, tuple[object, ...]]:
    return {
        name: (outcome.status, outcome.value, outcome.reason)
        for name, outcome in done.outcomes.items()
    }


@BACKENDS
@given(shape=shapes, failing=failing)
@few
@pytest.mark.feature("E44")
def test_isolation_failing_nodes_change_nothing_for_those_that_do_not_depend_on_them(
    backend: str, shape: Shape, failing: set[int]
) -> None:
    calm, troubled = played(backend, shape, set()), played(backend, shape, failing)
    graph = World(shape, set()).graph
    touched = {f"n{place}" for place in failing}
    for name in graph.nodes:
        assert name in troubled.outcomes
        if name not in touched and not graph.ancestors(name) & touched:
            assert result(troubled)[name] == result(calm)[name]


@BACKENDS
@given(
    shape=shapes,
    failing=failing,
    max_parallel=st.integers(1, 3),
    seconds=st.lists(st.integers(0, 9), min_size=10, max_size=10),
)
@few
@pytest.mark.feature("E11")
def test_order_the_result_depends_neither_on_parallelism_nor_on_the_queue(
    backend: str, shape: Shape, failing: set[int], max_parallel: int, seconds: list[int]
) -> None:
    estimates = {f"n{place}": float(one) for place, one in enumerate(seconds[: len(shape)])}
    narrow = played(backend, shape, failing, max_parallel=max_parallel, estimates=estimates)
    assert result(narrow) == result(played(backend, shape, failing))


@BACKENDS
@given(shape=shapes, failing=failing, data=st.data())
@few
@pytest.mark.feature("E03")
@pytest.mark.feature("E22")
def test_order_a_node_starts_when_the_last_of_its_needs_settles_and_not_a_moment_later(
    backend: str, shape: Shape, failing: set[int], data: st.DataObject
) -> None:
    anyio.run(partial(_stepped, shape, failing, data), backend=backend)


async def _stepped(shape: Shape, failing: set[int], data: st.DataObject) -> None:
    """Let one node at a time go on, in an order that hypothesis picks, and look who started."""
    world, started, found = World(shape, failing), list[str](), list[Run]()

    def listen(event: Event) -> None:
        if isinstance(event, NodeStarted):
            started.append(event.node)

    async def play() -> None:
        found.append(await run(world.graph, on_event=listen))

    released: list[str] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(play)
        while not found:
            await _quiet(world)
            waiting = [name for name in started if name not in released]
            assert _startable(world, released) == set(started)
            if waiting:
                released.append(data.draw(st.sampled_from(sorted(waiting))))
                world.gates[released[-1]].set()
    assert len(started) == len(set(started))


async def _quiet(world: World) -> None:
    for _ in range(4 * len(world.gates) + 8):
        await checkpoint()


def _startable(world: World, released: list[str]) -> set[str]:
    """Who should have started, worked out from the rules alone."""
    settled: dict[str, bool] = {}
    expected: set[str] = set()
    for name in world.graph.order:
        edges = world.graph.nodes[name].edges
        if not all(edge.node in settled for edge in edges):
            continue
        if any(edge.kind is EdgeKind.VALUE and not settled[edge.node] for edge in edges):
            settled[name] = False
            continue
        expected.add(name)
        if name in released:
            settled[name] = name not in world.failing
    return expected


def inside(shape: Shape) -> Graph:
    """The graph of a shape whose nodes fail when the item says so."""

    async def work(name: str, item: frozenset[str], **given: Any) -> str:
        await checkpoint()
        if name in item:
            raise ValueError(name)
        return f"{name}({ {other: _told(value) for other, value in sorted(given.items())} })"

    return Graph(
        [
            Node(
                name=f"n{place}",
                run=partial(work, f"n{place}"),
                edges=(
                    Edge(parameter="item", node="item"),
                    *(Edge(parameter=f"n{o}", node=f"n{o}", kind=kind) for o, kind in wanted),
                ),
            )
            for place, wanted in enumerate(shape)
        ],
        {"item": Any},
    )


@BACKENDS
@given(
    shape=shapes,
    items=st.lists(failing, max_size=4),
    max_parallel=st.none() | st.integers(1, 3),
    depth=st.integers(0, 2),
)
@few
@pytest.mark.feature("E26")
@pytest.mark.feature("E35")
def test_isolation_each_item_of_a_mapped_subgraph_ends_as_if_it_were_alone(
    backend: str, shape: Shape, items: list[set[int]], max_parallel: int | None, depth: int
) -> None:
    whole = graph = inside(shape)
    for _ in range(depth):
        whole = Graph([nested("pack", whole)], {"item": Any})
    mapped = nested(
        "pack", whole, inputs={"item": "items"}, each=Each(over={"item": "items"}, parallel=2)
    )
    given_ = [frozenset(f"n{place}" for place in one) for one in items]

    async def play() -> tuple[Run, list[Run]]:
        together = Graph([mapped], {"items": Any})
        done = await run(together, {"items": given_}, max_parallel=max_parallel)
        return done, [await run(graph, {"item": one}) for one in given_]

    done, alone = anyio.run(play, backend=backend)
    found = [each.outcome.inner for each in done.outcomes["pack"].value or ()]
    for _ in range(depth):
        found = [one.outcomes["pack"].inner for one in found]
    assert [result(one) for one in found] == [result(one) for one in alone]
