"""Policies mean the same for items of a map and for nodes of subgraphs as for plain nodes."""

from functools import partial
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.context import Context
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Breaker, Cache, Cost, Policy
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, Spent
from tests.dag.running.scripted import Failed, Scripted, Shelf, Ticking

FILES = {"files": tuple[str, ...]}
FILE = Each(over={"file": "files"}, key=str)
calls: list[str] = []


async def triage(file: str) -> str:
    calls.append(file)
    return file.upper()


async def fails(file: str) -> str:
    calls.append(file)
    raise OSError(file)


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


async def mapped(work: Any, policy: Policy, *files: str, **options: Any) -> Run:
    each = node(work, name="triage", policy=policy, each=FILE)
    return await run(Graph([each], FILES), {"files": files}, max_parallel=1, **options)


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_each_item_is_kept_for_itself() -> None:
    shelf = Shelf()
    await mapped(triage, Policy(cache=Cache()), "a", "b", "c", values=shelf)
    calls.clear()
    done = await mapped(triage, Policy(cache=Cache()), "c", "x", "a", values=shelf)
    assert (done.value("triage").values, calls) == (("C", "X", "A"), ["x"])


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_each_item_is_paid_for_and_those_there_is_nothing_left_for_are_named() -> None:
    policy = Policy(cost=Cost(estimate=lambda file: {"tokens": len(file)}))
    done = await mapped(triage, policy, "aaa", "bbbb", "c", budgets={"tokens": 5})
    outcome = done.outcomes["triage"]
    assert (outcome.status, calls, done.spent) == (Status.PARTIAL, ["aaa", "c"], {"tokens": 4})
    assert "needs 4 tokens, but 2 of 5 are left" in outcome.reason
    assert outcome.spent == {"tokens": 4}


@pytest.mark.anyio
@pytest.mark.feature("E55")
async def test_items_share_a_breaker_with_one_another_and_with_subgraphs() -> None:
    policy = Policy(breaker=Breaker(key="model", failures=2))
    inner = Graph([node(triage, name="inner", policy=policy)], {"file": str})
    each = node(fails, name="each", policy=policy.merged(Policy(priority=1)), each=FILE)
    graph = Graph(
        [each, nested("pack", inner, gives="inner", inputs={"file": "last"})],
        {**FILES, "last": str},
    )
    given_ = {"files": ("a", "b", "c"), "last": "d"}
    done = await run(graph, given_, max_parallel=1, clock=Ticking())
    assert calls == ["a", "b"]
    assert "breaker 'model' is open" in done.outcomes["pack"].reason
    assert done.breakers == {"model": "open"}


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_an_escalation_inside_a_subgraph_ends_the_whole_run() -> None:
    late = Scripted(1)
    inner = Graph([node(Scripted(Failed(FailureKind.ESCALATE)), name="inner")])

    @node
    async def then(pack: Outcome[object], other: int) -> str:
        return f"{pack.status}, {other}"

    @node
    async def merge(pack: Outcome[object], then: Outcome[str]) -> str:
        return f"{pack.status}, {then.status}"

    slow = node(late, name="other", policy=Policy(priority=-1))
    graph = Graph([nested("pack", inner, gives="inner"), slow, then, merge])
    done = await run(graph, max_parallel=1)
    assert done.ended == "pack/inner failed: Failed: no, attempt 1 of 1"
    assert late.calls == 0
    assert done.value("merge") == "failed, cancelled"


@pytest.mark.anyio
@pytest.mark.feature("E59")
async def test_a_subgraph_may_be_skipped_by_its_route() -> None:
    inner = Graph([node(Scripted(Failed(FailureKind.PLATFORM_SPECIFIC)), name="inner")])
    policy = Policy(routes={FailureKind.PLATFORM_SPECIFIC: Route.SKIP})
    done = await run(Graph([nested("pack", inner, gives="inner", policy=policy)]))
    outcome = done.outcomes["pack"]
    assert (outcome.status, outcome.kind) == (Status.SKIPPED, FailureKind.PLATFORM_SPECIFIC)


prices = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sets(st.integers(0, 5), max_size=2)),
    min_size=1,
    max_size=8,
)


def priced(estimate: int, share: int, needs: set[int], place: int) -> Node:
    """A node that uses at most what it says, in two parts, with others at work in between."""

    async def work(context: Context, **_needs: object) -> int:
        used = min(share, estimate)
        context.spend(units=used // 2)
        await checkpoint()
        if used:
            context.spend(units=used - used // 2)
        return place

    edges = (
        Edge(parameter=f"n{other}", node=f"n{other}", kind=EdgeKind.OUTCOME)
        for other in needs
        if other < place
    )
    return Node(
        name=f"n{place}",
        run=work,
        edges=tuple(edges),
        context="context",
        policy=Policy(cost=Cost(estimate={"units": estimate})),
    )


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@given(
    prices=prices,
    budget=st.integers(0, 12),
    max_parallel=st.integers(1, 4),
    inside=st.booleans(),
)
@settings(max_examples=40, deadline=None)
@pytest.mark.feature("E09")
def test_no_run_spends_more_than_its_budget_and_none_waits_for_ever(
    backend: str,
    prices: list[tuple[int, int, set[int]]],
    budget: int,
    *,
    max_parallel: int,
    inside: bool,
) -> None:
    graph = Graph(priced(*price, place) for place, price in enumerate(prices))
    whole = Graph([nested("pack", graph), *graph.nodes.values()]) if inside else graph
    told: list[Event] = []
    play = partial(
        run,
        whole,
        budgets={"units": budget},
        max_parallel=max_parallel,
        on_event=told.append,
    )
    done: Run = anyio.run(play, backend=backend)
    spent = 0.0
    for event in told:
        if isinstance(event, Spent):
            spent = event.total.get("units", 0.0)
            assert spent <= budget
        is_whole = isinstance(event, NodeSettled) and event.node == "pack"
        if isinstance(event, NodeSettled) and event.outcome.error is not None and not is_whole:
            assert event.outcome.status is Status.SKIPPED
            assert event.outcome.reason.startswith("needs")
            estimate = prices[int(event.node[-1])][0]
            assert spent + estimate > budget
    assert done.spent.get("units", 0.0) == spent
    ends = {outcome.status for name, outcome in done.outcomes.items() if name != "pack"}
    assert ends <= {Status.SUCCEEDED, Status.SKIPPED}
