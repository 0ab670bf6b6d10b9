"""A graph is checked as a whole before anything runs, and can be asked about its shape."""

import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.builder import Builder
from reviewbot.dag.edge import Edge
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Outcome


async def nothing(**_needs: object) -> None: ...


def graph_of(needs: Mapping[str, tuple[str, ...]], **options: Any) -> Graph:
    return Graph(
        [
            Node(
                name=name,
                run=nothing,
                edges=tuple(Edge(parameter=other, node=other) for other in wanted),
            )
            for name, wanted in needs.items()
        ],
        **options,
    )


DIAMOND = {"d": ("b", "c"), "b": ("a",), "c": ("a",), "a": (), "e": ()}


@pytest.mark.feature("E05")
def test_a_wave_is_the_longest_distance_from_a_source() -> None:
    graph = graph_of({"a": (), "b": ("a",), "c": ("b",), "d": ("a", "c"), "e": ()})
    assert graph.waves() == (("a", "e"), ("b",), ("c",), ("d",))
    assert graph.wave_of("d") == 3


def test_a_graph_knows_who_needs_whom() -> None:
    graph = graph_of(DIAMOND)
    assert graph.dependents("a") == ("b", "c")
    assert graph.ancestors("d") == {"a", "b", "c"}
    assert graph.critical_path({"a": 1, "b": 2, "c": 3, "d": 1, "e": 4}) == (("a", "c", "d"), 5)
    assert graph_of({}).critical_path({}) == ((), 0)
    assert graph_of({}).waves() == ()


@pytest.mark.feature("E27")
def test_all_problems_are_listed_at_once() -> None:
    def types(change: int) -> int:
        raise NotImplementedError

    def merge(typos: int, lint: str) -> int:
        raise NotImplementedError

    def lint(change: str) -> int:
        raise NotImplementedError

    def one(three: int) -> int:
        raise NotImplementedError

    def two(one: int) -> int:
        raise NotImplementedError

    def three(two: int) -> int:
        raise NotImplementedError

    def after(three: int) -> int:
        raise NotImplementedError

    def whole(change: Outcome[str]) -> int:
        raise NotImplementedError

    functions = [types, merge, lint, lint, one, two, three, after, whole]
    with pytest.raises(GraphError) as caught:
        Graph(map(node, functions), {"change": str, "two": int})
    assert caught.value.phase == "check"
    assert caught.value.problems == (
        "duplicate node 'lint'",
        "'two' is a node and an input",
        "'change' gives str, but 'change' of 'types' expects int",
        "missing input 'typos' of 'merge'; did you mean 'types'?",
        "'lint' gives int, but 'lint' of 'merge' expects str",
        "'change' is an input and has no outcome for 'whole'",
        "cycle: one -> two -> three -> one",
        "unreachable behind a cycle: after",
    )


@pytest.mark.feature("E15")
def test_the_builder_gives_the_graph_the_decorator_gives() -> None:
    async def lint(change: str) -> int:
        raise NotImplementedError

    async def merge(change: str, style: int | None, **rest: Outcome[int]) -> int:
        raise NotImplementedError

    declared = Graph(
        [node(lint), node(merge).bind("merge", inputs={"style": "lint"}, needs=("lint",))],
        {"change": str},
    )
    built = (
        Builder({"change": str})
        .add_node("lint", lint)
        .add_node("merge", merge)
        .add_edge("lint", "merge", "style")
        .add_edge("lint", "merge")
        .add_edge("change", "merge")
        .add_edge("change", "lint")
        .done()
    )
    assert built == declared
    assert built != declared.only(["lint"])
    assert built != "Graph(lint, merge)" == repr(built)


def test_the_builder_names_every_edge_that_leads_nowhere() -> None:
    def lint(change: str) -> int:
        raise NotImplementedError

    builder = Builder({"change": str}).add_node("lint", lint)
    with pytest.raises(GraphError) as caught:
        builder.add_edge("change", "lnit").add_edge("lint", "lint", "other").done()
    unknown, unreceived, unwired = caught.value.problems
    assert unknown == "edge to unknown node 'lnit'; did you mean 'lint'?"
    assert unreceived.endswith("has no **parameter to receive ('other',)")
    assert unwired == "parameter 'change' of 'lint' has no edge"


@pytest.mark.feature("E36")
def test_only_keeps_what_the_asked_nodes_need() -> None:
    graph = graph_of(DIAMOND).without(["a", "e"])
    part = graph.only(["b"])
    assert set(part.nodes) == {"a", "b"}
    assert part.skipped == {"a": "configuration"}
    with pytest.raises(GraphError, match="no node 'bb'; did you mean 'b'"):
        graph.only(["bb"])


@pytest.mark.feature("E29")
def test_a_chain_of_a_hundred_thousand_nodes_needs_no_recursion() -> None:
    needs = {f"n{i}": (f"n{i - 1}",) if i else () for i in range(100_000)}
    graph = graph_of(needs)
    assert graph.wave_of("n99999") == 99_999
    assert len(graph.ancestors("n99999")) == 99_999
    assert graph.critical_path(dict.fromkeys(needs, 1.0))[1] == 100_000
    first = Node(name="n0", run=nothing, edges=(Edge(parameter="x", node="n99999"),))
    broken = [first, *list(graph.nodes.values())[1:]]
    with pytest.raises(GraphError, match=r"cycle: n0 -> .* -> \(99,980 more\) -> n99999 -> n0$"):
        Graph(broken)


@pytest.mark.feature("E29")
def test_a_thousand_nodes_are_built_and_checked_in_twenty_milliseconds() -> None:
    needs = {f"n{i}": (f"n{i // 2}", f"n{i // 3}") if i > 2 else () for i in range(1000)}
    taken = []
    for _ in range(5):
        begun = time.process_time()
        graph_of(needs)
        taken.append(time.process_time() - begun)
    assert min(taken) <= 0.020


acyclic = st.integers(0, 12).flatmap(
    lambda count: st.tuples(
        *(
            st.sets(st.integers(0, place - 1)) if place else st.just(set[int]())
            for place in range(count)
        )
    )
)


@given(acyclic, st.randoms(use_true_random=False))
def test_an_order_holds_every_node_once_and_after_all_it_needs(
    needs: tuple[set[int], ...], dice: Any
) -> None:
    items = [(f"n{i}", tuple(f"n{j}" for j in wanted)) for i, wanted in enumerate(needs)]
    dice.shuffle(items)
    graph = graph_of(dict(items))
    place = {name: i for i, name in enumerate(graph.order)}
    assert sorted(graph.order) == sorted(graph.nodes)
    assert all(place[other] < place[name] for name, wanted in items for other in wanted)
    assert all(
        graph.wave_of(other) < graph.wave_of(name) for name, wanted in items for other in wanted
    )
