"""Who asks for many items gets them as it asks; maps that cannot work are found early."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Items
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from tests.dag.mapping import FILES, triage


@dataclass(frozen=True)
class Seen:
    """What each form of asking for many items received."""

    whole: Items[str]
    values: tuple[str, ...]
    listed: list[str]
    named: Mapping[str, str]
    outcome: Outcome[Sequence[str]]


@pytest.mark.anyio
@pytest.mark.feature("E33")
async def test_who_depends_on_a_map_gets_it_in_the_form_it_asks_for() -> None:
    @node
    async def merge(
        whole: Items[str],
        values: tuple[str, ...],
        listed: list[str],
        named: Mapping[str, str],
        outcome: Outcome[Sequence[str]],
    ) -> Seen:
        return Seen(whole, values, listed, named, outcome)

    forms = ("whole", "values", "listed", "named", "outcome")
    bound = merge.bind("merge", inputs=dict.fromkeys(forms, "triage"))
    graph = Graph([triage, bound], {"files": Any, "change": str})
    seen = (await run(graph, {"files": FILES, "change": "pr"})).value("merge")
    present = ["pr:alpha", "pr:gamma", "pr:delta"]
    assert len(seen.whole) == len(FILES)
    assert seen.values == tuple(present)
    assert seen.listed == present
    assert seen.named == dict(zip(("a.py", "c.py", "d.py"), present, strict=True))
    assert seen.outcome.value == tuple(present)
    assert seen.outcome.status is Status.PARTIAL


def gives(annotation: Any, name: str = "files") -> Node:
    def made() -> Any:
        raise AssertionError

    return Node(name=name, run=made, output=annotation)


async def per_file(file: int) -> str:
    raise AssertionError(file)


async def total(each_file: int) -> int:
    raise AssertionError(each_file)


async def names(each_file: Mapping[str, int]) -> int:
    raise AssertionError(each_file)


PER_FILE = node(per_file, name="each_file", each={"file": "files"})


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ([PER_FILE], "missing input 'files' of 'each_file'"),
        ([gives(int), PER_FILE], "'files' gives int, which is no collection 'each_file' could map"),
        (
            [gives(tuple[str, ...]), PER_FILE],
            "'files' gives items of str, but 'file' of 'each_file' expects items of int",
        ),
        ([gives(dict[str, int]), PER_FILE, node(total)], "but 'each_file' of 'total' expects int"),
        (
            [gives(list[int]), PER_FILE, node(names)],
            "'each_file' gives items of str, but 'each_file' of 'names' expects items of",
        ),
        (
            [gives(list[int]), Node(name="n", run=total, each=Each(over={"fil": "files"}))],
            "'n' has no parameter 'fil'",
        ),
        ([Node(name="n", run=total, each=Each(over={}))], "'n' maps over nothing"),
        (
            [gives(Any), PER_FILE.bind("n", each=Each(over={"file": "files"}, parallel=0))],
            "the parallel of 'n' is 0, but must be at least 1",
        ),
    ],
    ids=["missing", "no collection", "item", "whole", "all items", "parameter", "empty", "option"],
)
def test_a_map_that_cannot_work_is_named_when_the_graph_is_built(
    nodes: list[Node], problem: str
) -> None:
    with pytest.raises(GraphError) as caught:
        Graph(nodes)
    assert problem in str(caught.value)


def test_an_unknown_parameter_of_a_map_is_named_with_the_nearest() -> None:
    with pytest.raises(GraphError, match="has no parameter 'fiel'; did you mean 'file'"):
        node(per_file, each={"fiel": "files"})


def test_a_map_that_fits_is_built() -> None:
    Graph([gives(dict[str, int]), PER_FILE, node(lambda each_file: each_file, name="any")])
    Graph([gives(Items[bool]), PER_FILE])
    Graph([gives(Any), PER_FILE])
