"""A graph of a document, or of the registry, as one node."""

import pytest

from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.runner import run
from tests.dag.declare.world import REGISTRY, Change, declared, merge, mypy, ruff

PACK = Graph([node(ruff), node(merge).bind("merge", needs=["ruff"])], {"change": Change})
DOCUMENT = """
defaults: {timeout: 9s}
nodes:
  python: {use: pack, gives: merge, timeout: 20s}
  whole: {use: outer}
  title: {template: "{{ python.count }} findings"}
graphs:
  outer:
    inputs: {change: Change}
    defaults: {priority: 3}
    nodes: {inner: {use: pack}, types: {use: mypy}}
  pack:
    inputs: {change: Change}
    nodes: {ruff: {use: ruff}, merge: {use: merge, needs: [ruff]}}
"""


@pytest.mark.feature("E26")
def test_a_graph_is_one_node_and_its_nodes_have_the_defaults() -> None:
    graph = declared(DOCUMENT).graph
    quick = Policy(timeout=9)
    pack = Graph(
        [
            node(ruff, policy=quick),
            node(merge, policy=quick).bind("merge", needs=["ruff"]),
        ],
        {"change": Change},
    )
    outer = Graph(
        [nested("inner", pack), node(mypy, policy=Policy(timeout=9, priority=3)).bind("types")],
        {"change": Change},
    )
    assert graph.nodes["python"] == nested("python", pack, gives="merge", policy=Policy(timeout=20))
    assert graph.nodes["whole"] == nested("whole", outer)


def test_a_graph_of_the_registry_is_a_kind_like_any_other() -> None:
    text = "version: 1\ninputs: {it: Change}\nnodes: {a: {use: pack, inputs: {change: it}}}"
    graph = load(text, REGISTRY | Registry(kinds={"pack": PACK})).graph
    assert graph.nodes["a"] == nested("a", PACK, inputs={"change": "it"})


def test_a_graph_may_be_mapped_over_items() -> None:
    text = "version: 1\ninputs: {all: 'tuple[Change, ...]'}\n"
    text += "nodes: {a: {use: pack, gives: merge, each: {change: all}}}"
    graph = load(text, REGISTRY | Registry(kinds={"pack": PACK})).graph
    each = Each(over={"change": "all"})
    assert graph.nodes["a"] == nested("a", PACK, gives="merge", each=each)


@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_a_declared_subgraph_runs() -> None:
    found = await run(declared(DOCUMENT).graph, {"change": Change(title="one two three")})
    assert found.value("title") == "6 findings"
    assert found.value("whole")["types"].count == 1
