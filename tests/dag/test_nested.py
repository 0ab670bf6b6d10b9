"""A graph as a node of another: one queue, one record, and everything kept apart."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import Nested, nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Cost, Fallback, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted


@node
async def lint(code: str) -> int:
    return len(code)


@node
async def types(code: str) -> int:
    if not code:
        raise ValueError("no code")
    return 1


@node
async def both(lint: int, types: int | None) -> str:
    return f"{lint} {types}"


PACK = Graph([lint, types, both], {"code": str})


async def ended(node_: Node, code: Any = "abc", **options: Any) -> Outcome[Any]:
    graph = Graph([node_], {"code": Any})
    return (await run(graph, {"code": code}, **options)).outcomes[node_.name]


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


def lane_user(log: list[str], name: str) -> Callable[..., Any]:
    async def use() -> str:
        log.append(f"+{name}")
        await anyio.sleep(0.001)
        log.append(f"-{name}")
        return name

    return use


@pytest.mark.anyio
@pytest.mark.feature("E10")
async def test_nodes_inside_and_outside_share_one_limit_and_a_subgraph_holds_no_slot() -> None:
    working = peak = 0

    async def work() -> None:
        nonlocal working, peak
        working += 1
        peak = max(peak, working)
        for _ in range(30):  # everybody else does what they can do now
            await checkpoint()
        working -= 1

    inner = Graph(Node(name=f"i{place}", run=work) for place in range(4))
    middle = Graph([nested("deep", inner), Node(name="m", run=work)])
    nodes = [nested("a", middle), nested("b", inner), Node(name="o", run=work)]
    done = await run(Graph(nodes), max_parallel=2)
    assert {outcome.status for outcome in done.outcomes.values()} == {Status.SUCCEEDED}
    assert peak == 2
    assert (await run(Graph(nodes), max_parallel=1)).value("a")["m"] is None


@pytest.mark.anyio
@pytest.mark.feature("E13")
async def test_a_subgraph_holds_its_locks_until_its_last_node_has_ended() -> None:
    log: list[str] = []
    inner = Graph(
        [Node(name="x", run=lane_user(log, "x")), Node(name="y", run=lane_user(log, "y"))]
    )
    locked = Policy(exclusive=("cache",))
    outside = Node(name="z", run=lane_user(log, "z"), policy=locked)
    await run(Graph([nested("a", inner, policy=locked), outside]))
    assert log[-2:] == ["+z", "-z"] or log[:2] == ["+z", "-z"]
    assert sorted(log) == ["+x", "+y", "+z", "-x", "-y", "-z"]


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


def test_a_subgraph_that_runs_out_of_time_takes_its_nodes_with_it(virtual: Any) -> None:
    calls: list[str] = []

    async def slow() -> int:
        calls.append("slow")
        await anyio.sleep(10)
        calls.append("late")
        return 1

    @node
    async def after(slow: int) -> int:
        calls.append("after")
        return slow

    @node
    async def quick() -> int:
        return 2

    inner = Graph([Node(name="slow", run=slow), after, quick])
    pack = nested("pack", inner, policy=Policy(timeout=1))

    @node
    async def merge(pack: Outcome[Any]) -> str:
        return pack.reason

    async def play() -> Run:
        return await run(Graph([pack, merge]), clock=virtual.clock)

    done = virtual(play)
    assert calls == ["slow"]
    assert done.seconds == pytest.approx(1)
    outcome = done.outcomes["pack"]
    assert outcome.status is Status.TIMED_OUT
    assert {name: str(one) for name, one in outcome.inner.outcomes.items()} == {
        "slow": "slow cancelled ('pack' was cut off, attempt 1 of 1)",
        "after": "after cancelled ('pack' was cut off before it started)",
        "quick": "quick succeeded",
    }
    assert done.value("merge").startswith("timeout 1 s, attempt 1 of 1; inside: after cancelled")


def test_the_end_of_a_run_reaches_the_nodes_of_subgraphs(virtual: Any) -> None:
    async def wait() -> None:
        await anyio.sleep(100)

    inner = Graph([Node(name="one", run=wait), Node(name="two", run=wait)])
    nodes = [nested("pack", Graph([nested("deep", inner)])), Node(name="late", run=wait)]

    async def play() -> Run:
        return await run(Graph(nodes), deadline=3, max_parallel=1, clock=virtual.clock)

    done = virtual(play)
    assert done.seconds == pytest.approx(3)
    assert done.outcomes["pack"].status is Status.TIMED_OUT
    deep = done.outcomes["pack"].inner.outcomes["deep"]
    assert str(deep.inner.outcomes["two"]) == (
        "two skipped (run deadline of 3 s before it started)"
    )


@pytest.mark.anyio
async def test_cancelling_the_scope_around_a_run_ends_its_subgraphs_too() -> None:
    async def wait() -> None:
        await anyio.sleep(3600)

    inner = Graph([Node(name="one", run=wait), Node(name="two", run=wait)])
    graph = Graph([nested("pack", Graph([nested("deep", inner)]))])
    with anyio.move_on_after(0.02) as scope, anyio.fail_after(5):
        await run(graph, max_parallel=1)
    assert scope.cancelled_caught


@pytest.mark.anyio
async def test_what_the_nodes_inside_spent_is_what_their_node_spent() -> None:
    async def ask(context: Context) -> int:
        context.spend(usd=0.25)
        return 1

    priced = Policy(cost=Cost(estimate={"usd": 0.5}))
    inner = Graph([node(ask, name="a", policy=priced), node(ask, name="b", policy=priced)])
    done = await run(Graph([nested("pack", inner)]), budgets={"usd": 0.8})
    assert done.outcomes["pack"].spent == {"usd": 0.5}
    assert done.spent == {"usd": 0.5}


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


def locked(name: str, *locks: str) -> Node:
    return Node(name=name, run=lint.run, policy=Policy(exclusive=locks))


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        (
            [nested("a", Graph([locked("x", "one")]), policy=Policy(exclusive=("one",)))],
            "locks of subgraphs wait for each other: one -> one",
        ),
        (
            [
                nested("a", Graph([locked("x", "two")]), policy=Policy(exclusive=("one",))),
                nested(
                    "b",
                    Graph([nested("deep", Graph([locked("x", "one")]))]),
                    policy=Policy(exclusive=("two",)),
                ),
            ],
            "locks of subgraphs wait for each other: one -> two -> one",
        ),
    ],
    ids=["one subgraph", "two subgraphs"],
)
@pytest.mark.anyio
@pytest.mark.feature("E13")
async def test_locks_that_could_wait_for_each_other_are_named_before_the_run(
    nodes: list[Node], problem: str
) -> None:
    with pytest.raises(GraphError, match=problem):
        await run(Graph(nodes))


@pytest.mark.anyio
async def test_a_subgraph_cannot_be_a_backup_because_it_would_hold_a_slot() -> None:
    backed = Policy(backups=(Backup(name="pack", run=Nested(graph=PACK)),))
    with pytest.raises(GraphError, match="backup 'pack' of 'lint' is a subgraph"):
        await run(Graph([lint.bind("lint", policy=backed)], {"code": str}), {"code": ""})
