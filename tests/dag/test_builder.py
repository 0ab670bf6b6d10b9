"""A graph written with the builder is the graph that decorated functions give."""

from typing import Any

import pytest

from reviewbot.dag.builder import Builder
from reviewbot.dag.context import Context
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.runner import run


async def triage(file: str, change: str, context: Context) -> str:
    return f"{change} {file} {context.item}"


async def merge(triage: tuple[str, ...]) -> str:
    return ", ".join(triage)


MAP = {"file": "files"}


@pytest.mark.anyio
@pytest.mark.feature("E15")
async def test_a_map_with_a_context_is_the_same_in_both_ways() -> None:
    inputs = {"files": Any, "change": str}
    written = Graph([node(triage, each=MAP), node(merge)], inputs)
    built = (
        Builder(inputs)
        .add_node("triage", triage, each=Each(over=MAP))
        .add_edge("change", "triage")
        .add_node("merge", merge)
        .add_edge("triage", "merge")
        .done()
    )
    assert built == written
    done = await run(built, {"files": {"a": "x"}, "change": "pr"})
    assert done.value("merge") == "pr x files/a"


@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_a_whole_node_such_as_a_subgraph_can_be_added() -> None:
    async def last(pack: str) -> str:
        return pack.upper()

    pack = nested("pack", Graph([node(merge)], {"triage": tuple}), gives="merge")
    built = Builder({"triage": tuple}).add(pack).add_node("last", last).add_edge("pack", "last")
    assert (await run(built.done(), {"triage": ("a", "b")})).value("last") == "A, B"


def test_equal_constants_make_equal_nodes() -> None:
    ask = node(triage)
    same: list[Node] = [ask.bind("n", constants={"change": "pr"}) for _ in range(2)]
    assert same[0] == same[1]
    assert hash(same[0].run) == hash(same[1].run)
    assert same[0] != ask.bind("n", constants={"change": "other"})
    assert same[0].is_async


def test_a_map_moves_with_the_inputs_of_its_node() -> None:
    moved = node(triage, each=MAP).bind("other", inputs={"file": "hunks"})
    assert moved.each == Each(over={"file": "hunks"})
    assert [edge.node for edge in moved.edges] == ["hunks", "change"]
