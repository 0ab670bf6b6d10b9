"""A subgraph at work: in one queue with all others, and ended with what is around it."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested, nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Cost, Policy
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.pack import PACK, lint


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
