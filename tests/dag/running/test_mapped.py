"""The items of a node: each on its own, within every limit, and one outcome of them all."""

from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Fallback, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted
from tests.dag.mapping import FILES, keyed, mapped, odd, triage


@pytest.mark.anyio
@pytest.mark.feature("E31")
@pytest.mark.feature("E35")
async def test_one_failing_item_of_four_leaves_three_results_and_a_reason_that_names_it() -> None:
    outcome = await mapped(triage, {"files": FILES, "change": "pr"})
    assert outcome.status is Status.PARTIAL
    assert outcome.reason == (
        "1 of 4 missing: triage[b.py] failed (ValueError: torn page, attempt 1 of 1)"
    )
    assert outcome.value.values == ("pr:alpha", "pr:gamma", "pr:delta")
    assert [each.key for each in outcome.value.missing] == ["b.py"]
    assert [each.key for each in outcome.value] == list(FILES)


@pytest.mark.parametrize(
    ("many", "policy", "status"),
    [
        ((), Policy(), Status.SUCCEEDED),
        ((1, 3), Policy(), Status.SUCCEEDED),
        ((1, 2), Policy(), Status.PARTIAL),
        ((2, 4), Policy(), Status.FAILED),
        ((1, 2), Policy(fallback=Fallback(value=0)), Status.FELL_BACK),
        ((2, 3), Policy(backups=(Backup(name="even", run=lambda one: one),)), Status.REROUTED),
    ],
    ids=["none", "all well", "one fails", "all fail", "one falls back", "one is rerouted"],
)
@pytest.mark.anyio
@pytest.mark.feature("E35")
async def test_what_became_of_the_items_is_what_became_of_the_node(
    many: tuple[int, ...], policy: Policy, status: Status
) -> None:
    outcome = await mapped(odd.bind("odd", policy=policy), {"many": many})
    assert outcome.status is status
    assert len(outcome.value) == len(many)
    assert (outcome.reason == "") == (status is Status.SUCCEEDED)


@pytest.mark.anyio
async def test_the_whole_policy_holds_for_each_item_on_its_own() -> None:
    calls: list[int] = []

    async def flaky(one: int) -> int:
        calls.append(one)
        if one == 2 and calls.count(2) < 3:
            raise ConnectionError(one)
        if one == 3:
            await anyio.sleep(3600)
        return one

    policy = Policy(timeout=0.05, retry=Retry(on=(ConnectionError,), attempts=3, base=0))
    mapping = node(flaky, each={"one": "many"}, policy=policy)
    outcome = await mapped(mapping, {"many": (1, 2, 3)})
    assert keyed(outcome.value) == {
        "0": (Status.SUCCEEDED, 1),
        "1": (Status.SUCCEEDED, 2),
        "2": (Status.TIMED_OUT, None),
    }
    assert [len(each.outcome.attempts) for each in outcome.value] == [1, 3, 1]


@pytest.mark.anyio
async def test_a_limit_names_the_items_that_are_not_done() -> None:
    limited = node(odd.run, name="odd", each=Each(over={"one": "many"}, limit=2))
    outcome = await mapped(limited, {"many": (1, 3, 5)})
    assert outcome.status is Status.PARTIAL
    assert outcome.value.values == (1, 3)
    assert outcome.reason == "1 of 3 missing: odd[2] skipped (not done: only 2 items are)"


@pytest.mark.parametrize(
    ("each", "options", "expected"),
    [
        (Each(over={"one": "many"}), {}, 6),
        (Each(over={"one": "many"}, parallel=2), {}, 2),
        (Each(over={"one": "many"}), {"max_parallel": 3}, 3),
        (Each(over={"one": "many"}), {"limits": {"llm": 4}}, 4),
    ],
    ids=["all", "the node's own", "the run's", "a resource"],
)
@pytest.mark.anyio
@pytest.mark.feature("E30")
async def test_items_work_at_once_within_every_limit(
    each: Each, options: dict[str, Any], expected: int
) -> None:
    working = peak = 0

    async def ask(one: int) -> int:
        nonlocal working, peak
        working += 1
        peak = max(peak, working)
        for _ in range(30):  # everybody else does what they can do now
            await checkpoint()
        working -= 1
        return one

    mapping = node(ask, each=each, policy=Policy(resources={"llm": 1}))
    outcome = await mapped(mapping, {"many": tuple(range(6))}, **options)
    assert outcome.value.values == tuple(range(6))
    assert peak == expected


@pytest.mark.feature("E35")
def test_items_that_ended_before_the_deadline_are_kept(virtual: Any) -> None:
    @node(each={"seconds": "times"})
    async def wait(seconds: float) -> float:
        await anyio.sleep(seconds)
        return seconds

    @node
    async def merge(wait: Outcome[tuple[float, ...]]) -> tuple[float, ...]:
        return wait.value or ()

    graph = Graph([wait, merge], {"times": Any})

    async def play() -> Run:
        times = {"times": (1.0, 50.0, 2.0, 3.0)}
        return await run(graph, times, deadline=4, max_parallel=2, clock=virtual.clock)

    done = virtual(play)
    assert done.value("merge") == (1.0, 2.0)
    assert done.outcomes["wait"].status is Status.PARTIAL
    assert [str(each.outcome) for each in done.outcomes["wait"].value.missing] == [
        "wait[1] timed out (run deadline of 4 s, attempt 1 of 1)",
        "wait[3] timed out (run deadline of 4 s, attempt 1 of 1)",
    ]


@pytest.mark.anyio
async def test_events_name_every_item_by_its_path() -> None:
    told: list[Event] = []
    await mapped(odd, {"many": (1, 3)}, on_event=told.append)
    assert [event.node for event in told if isinstance(event, NodeStarted)] == [
        "odd",
        "odd[0]",
        "odd[1]",
    ]
    assert [event.node for event in told if isinstance(event, NodeSettled)] == [
        "odd[0]",
        "odd[1]",
        "odd",
    ]


@given(
    values=st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5), max_size=6),
    failing=st.sets(st.integers(0, 5)),
    max_parallel=st.integers(1, 3),
    parallel=st.none() | st.integers(1, 3),
)
@settings(max_examples=40, deadline=None)
@pytest.mark.feature("E35")
def test_conservation_every_item_comes_out_once_in_order_whatever_fails(
    values: dict[str, int], failing: set[int], max_parallel: int, parallel: int | None
) -> None:
    async def work(one: int) -> int:
        if one in failing:
            raise ValueError(one)
        await checkpoint()
        return one * 10

    mapping = node(work, each=Each(over={"one": "many"}, parallel=parallel))

    async def play() -> Any:
        return await mapped(mapping, {"many": values}, max_parallel=max_parallel)

    found = anyio.run(play).value
    assert [each.key for each in found] == list(values)
    assert found.by_key == {k: v * 10 for k, v in values.items() if v not in failing}
    assert [each.key for each in found.missing] == [k for k, v in values.items() if v in failing]


@pytest.mark.anyio
async def test_a_chain_of_maps_over_nothing_needs_no_recursion() -> None:
    first = node(odd.run, name="m0", each={"one": "many"})
    rest = (first.bind(f"m{i}", each={"one": f"m{i - 1}"}) for i in range(1, 1500))
    done = await run(Graph([first, *rest], {"many": Any}), {"many": ()})
    assert done.outcomes["m1499"].status is Status.SUCCEEDED
    assert str(done) == "Run(1500 succeeded)"
