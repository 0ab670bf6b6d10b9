"""A document is the graph one would have written in Python, and it runs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.builder import Builder
from reviewbot.dag.declare.expression import condition
from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from tests.dag.declare.world import Analysis, Change, declared, merge, mypy, ruff

REVIEW = """
nodes:
  lint: {use: ruff, with: {select: [E, F, B]}, timeout: 60s}
  types: {use: mypy, when: change.added_lines > 20}
  merge: {use: merge, needs: [lint, types]}
"""


@pytest.mark.feature("E15")
def test_a_document_the_builder_and_the_decorator_give_one_graph() -> None:
    written = node(ruff).bind(
        "lint", constants={"select": ("E", "F", "B")}, policy=Policy(timeout=60)
    )
    big = condition("change.added_lines > 20", {"change": Change})
    by_decorator = Graph(
        [
            written,
            node(mypy).bind("types", when=big),
            node(merge).bind("merge", needs=["lint", "types"]),
        ],
        {"change": Change},
    )
    by_builder = (
        Builder({"change": Change})
        .add_node("lint", written.run, policy=Policy(timeout=60))
        .add_node("types", mypy, when=big)
        .add_node("merge", merge)
        .add_edge("change", "lint")
        .add_edge("change", "types")
        .add_edge("lint", "merge")
        .add_edge("types", "merge")
        .done()
    )
    assert declared(REVIEW).graph == by_decorator == by_builder


shapes = st.integers(1, 8).flatmap(
    lambda count: st.tuples(*(st.sets(st.integers(0, max(at - 1, 0))) for at in range(count)))
)


async def gather(**given: int) -> int:
    return 1 + sum(given.values())


@pytest.mark.feature("E15")
@settings(max_examples=40, deadline=None)
@given(shapes)
def test_three_ways_of_writing_any_graph_give_one_value(shape: tuple[set[int], ...]) -> None:
    needs = {
        f"n{at}": [f"n{one}" for one in sorted(wanted) if one < at]
        for at, wanted in enumerate(shape)
    }
    by_decorator = Graph(node(gather).bind(name, needs=wanted) for name, wanted in needs.items())
    builder = Builder()
    for name, wanted in needs.items():
        builder.add_node(name, gather)
        for one in wanted:
            builder.add_edge(one, name)
    lines = [
        f"  {name}: {{use: gather, needs: [{', '.join(wanted)}]}}" for name, wanted in needs.items()
    ]
    text = "\n".join(["version: 1", "nodes:", *lines])
    by_document = load(text, Registry(kinds={"gather": gather})).graph
    assert by_document == by_decorator == builder.done()


@pytest.mark.anyio
async def test_a_declared_graph_runs() -> None:
    found = await run(declared(REVIEW).graph, {"change": Change(title="two words")})
    assert found.value("merge") == Analysis(count=7, level=found.value("merge").level)
    small = await run(declared(REVIEW).graph, {"change": Change(added_lines=3)})
    assert small.outcomes["types"].reason == "condition not met: change.added_lines > 20"
    assert small.value("merge").count == 6


@pytest.mark.anyio
async def test_a_condition_that_raises_is_the_failure_of_its_node() -> None:
    text = "nodes: {types: {use: mypy, when: change.added_lines % 0 > 1}, lint: {use: ruff}}"
    found = await run(declared(text).graph, {"change": Change()})
    assert found.outcomes["types"].status is Status.FAILED
    assert "ZeroDivisionError" in found.outcomes["types"].reason
    assert found.outcomes["lint"].status is Status.SUCCEEDED
