"""A graph as a node of another: one queue, one record, and everything kept apart."""

from typing import Any

import anyio
import pytest

from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import Nested, nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted
from tests.dag.pack import PACK, both, ended, lint, types


@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_a_subgraph_runs_under_the_name_of_its_node() -> None:
    told: list[Event] = []

    @node
    async def merge(pack: str, code: str) -> str:
        return f"{code}: {pack}"

    graph = Graph([nested("pack", PACK, gives="both"), merge], {"code": str})
    done = await run(graph, {"code": "abc"}, on_event=told.append)
    assert done.value("merge") == "abc: 3 1"
    settled = [event.node for event in told if isinstance(event, NodeSettled)]
    assert settled == ["pack/lint", "pack/types", "pack/both", "pack", "merge"]
    started = [event.node for event in told if isinstance(event, NodeStarted)]
    assert started == ["pack", "pack/lint", "pack/types", "pack/both", "merge"]
    inner = done.outcomes["pack"].inner
    assert inner is not None
    assert inner.value("both") == "3 1"
    assert inner.waves == (("lint", "types"), ("both",))


@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_a_trouble_inside_that_did_not_cost_the_value_makes_it_partial() -> None:
    outcome = await ended(nested("pack", PACK, gives="both"), code="")
    assert (outcome.status, outcome.value) == (Status.PARTIAL, "0 None")
    assert outcome.reason == "types failed (ValueError: no code, attempt 1 of 1)"


@pytest.mark.anyio
async def test_without_a_giver_the_value_is_that_of_all_sinks() -> None:
    pair = Graph([lint, types], {"code": str})
    assert (await ended(nested("pack", pair))).value == {"lint": 3, "types": 1}
    failed = await ended(nested("pack", pair), code="")
    assert failed.status is Status.FAILED
    assert failed.reason == (
        "ValueError: no code, attempt 1 of 1; "
        "inside: types failed (ValueError: no code, attempt 1 of 1)"
    )


class Flaky:
    """A graph of two nodes whose second fails the first `times` times."""

    def __init__(self, times: int) -> None:
        self.calls: list[str] = []
        self.left = times
        parts = [Node(name="one", run=self.one), node(self.two)]
        self.graph = Graph(parts)

    async def one(self) -> int:
        self.calls.append("one")
        return 1

    async def two(self, one: int) -> int:
        self.calls.append("two")
        if self.left:
            self.left -= 1
            raise ConnectionError("gone")
        return one + 1


def skip_it(_error: Exception) -> FailureKind:
    return FailureKind.TEST_BUG


FAILURES: dict[str, tuple[Policy, Status, Any, int]] = {
    "raise": (Policy(), Status.FAILED, None, 1),
    "retry": (
        Policy(retry=Retry(on=(ConnectionError,), attempts=2, base=0)),
        Status.SUCCEEDED,
        2,
        2,
    ),
    "fallback": (Policy(fallback=Fallback(value=7)), Status.FELL_BACK, 7, 1),
    "skip": (
        Policy(classify=skip_it, routes={FailureKind.TEST_BUG: Route.SKIP}),
        Status.SKIPPED,
        None,
        1,
    ),
    "backup": (
        Policy(backups=(Backup(name="plain", run=lambda: 9),)),
        Status.REROUTED,
        9,
        1,
    ),
}


@pytest.mark.parametrize("how", FAILURES)
@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_the_policy_of_the_node_answers_the_failure_of_its_graph(how: str) -> None:
    policy, status, value, runs = FAILURES[how]
    flaky = Flaky(1)
    done = await run(Graph([nested("pack", flaky.graph, gives="two", policy=policy)]))
    outcome = done.outcomes["pack"]
    assert (outcome.status, outcome.value) == (status, value)
    assert flaky.calls == ["one", "two"] * runs
    assert len(outcome.attempts) == runs + (how == "backup")


@pytest.mark.anyio
@pytest.mark.feature("S23")
async def test_two_instances_of_one_graph_keep_everything_apart() -> None:
    seen: list[str] = []

    @node
    async def own(code: str, context: Context) -> list[str]:
        seen.append(context.node)
        await anyio.sleep(0.001)
        return [code]

    @node
    async def changed(own: list[str]) -> list[str]:
        own.append("x")
        return own

    shared = Graph([own, changed], {"code": str})
    nodes = [
        nested("a", shared, gives="changed", inputs={"code": "first"}),
        nested("b", shared, gives="changed", inputs={"code": "second"}),
    ]
    done = await run(Graph(nodes, {"first": str, "second": str}), {"first": "1", "second": "2"})
    assert (done.value("a"), done.value("b")) == (["1", "x"], ["2", "x"])
    assert seen == ["a/own", "b/own"]
    assert done.outcomes["a"].inner is not None
    assert done.outcomes["a"].inner.value("own") == ["1"]


@pytest.mark.anyio
@pytest.mark.feature("E26")
async def test_a_subgraph_maps_over_items_and_its_nodes_name_the_item() -> None:
    told: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, NodeSettled):
            told.append(event.node)

    pack = nested(
        "pack", PACK, gives="both", inputs={"code": "files"}, each=Each(over={"code": "files"})
    )
    graph = Graph([pack], {"files": Any})
    done = await run(graph, {"files": {"a.py": "abc", "b.py": ""}}, on_event=listen)
    items = done.value("pack")
    assert items.by_key == {"a.py": "3 1", "b.py": "0 None"}
    assert [each.outcome.status for each in items] == [Status.SUCCEEDED, Status.PARTIAL]
    assert done.outcomes["pack"].status is Status.PARTIAL
    assert sorted(told) == sorted(
        [
            *(
                f"pack[{key}]/{name}"
                for key in ("a.py", "b.py")
                for name in ("lint", "types", "both")
            ),
            *("pack[a.py]", "pack[b.py]", "pack"),
        ]
    )
    assert items.items[0].outcome.inner.value("lint") == 3


@pytest.mark.anyio
async def test_a_map_inside_a_subgraph_inside_a_subgraph_has_its_path_and_lineage() -> None:
    ids: list[tuple[str, str]] = []

    @node(each={"file": "files"})
    async def read(file: str, context: Context) -> str:
        ids.append((context.node, context.item))
        return file

    inner = nested("inner", Graph([read], {"files": Any}))
    outer = nested("outer", Graph([inner], {"files": Any}))
    await run(Graph([outer], {"files": Any}), {"files": {"a": "x"}}, labels={"files": "pr#1"})
    assert ids == [("outer/inner/read[a]", "pr#1/a")]


def test_a_subgraph_that_cannot_be_one_is_named() -> None:
    with pytest.raises(GraphError, match="'pack' has no node 'bth'; did you mean 'both'"):
        nested("pack", PACK, gives="bth")
    with pytest.raises(GraphError, match="'pack' has no input 'cod'; did you mean 'code'"):
        nested("pack", PACK, inputs={"cod": "x"})
    with pytest.raises(GraphError, match="missing input 'code' of 'pack'"):
        Graph([nested("pack", PACK)])
    with pytest.raises(GraphError, match="'code' gives int, but 'code' of 'pack' expects str"):
        Graph([nested("pack", PACK)], {"code": int})
    with pytest.raises(TypeError, match="runs inside a run"):
        Nested(graph=PACK)(code="x")


def test_two_subgraphs_of_equal_parts_are_equal() -> None:
    other = Graph([both, types, lint], {"code": str})
    assert nested("pack", PACK, gives="both") == nested("pack", other, gives="both")
    assert nested("pack", PACK, gives="both") != nested("pack", other, gives="lint")
