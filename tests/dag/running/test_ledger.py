"""Budgets are never exceeded as long as estimates hold, and everything used is accounted for."""

import math
from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Cost, Fallback, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeStarted, Spent
from reviewbot.dag.running.ledger import Ledger, Reservation
from tests.dag.running.scripted import Failed, Scripted, Ticking, ended

CENT = Cost(estimate={"usd": 0.01})
BOTH = Cost(estimate={"usd": 0.02, "tokens": 400})

amounts = st.fixed_dictionaries(
    {}, optional={"usd": st.sampled_from([0.0, 0.1, 0.3]), "tokens": st.integers(0, 5)}
)
steps = st.lists(
    st.tuples(st.sampled_from(["ask", "tell", "settle", "drop"]), amounts), max_size=30
)


@given(steps=steps, picks=st.lists(st.integers(0, 99), min_size=200, max_size=200))
@settings(max_examples=100, deadline=None)
@pytest.mark.feature("E09")
def test_spent_and_reserved_stay_within_the_budget_in_any_interleaving(
    steps: list[tuple[str, Mapping[str, float]]], picks: list[int]
) -> None:
    budgets = {"usd": 1.0, "tokens": 12.0}
    ledger, held, open_ = Ledger(budgets), list[Reservation](), list[Reservation]()
    asked = [ledger.request({"usd": 0.2})]
    for (step, wanted), pick in zip(steps, picks, strict=False):
        held.extend(each.reservation for each in asked if each.reservation is not None)
        asked = [each for each in asked if each.reservation is None and not each.refusal]
        open_ = [each for each in held if not each.is_settled]
        if step == "ask":
            asked.append(ledger.request(wanted, priority=pick % 3))
        elif step == "drop" and asked:
            asked.pop(pick % len(asked)).withdraw()
        elif open_ and step == "tell":
            chosen = open_[pick % len(open_)]
            chosen.spend({name: left * (pick / 99) for name, left in chosen.held.items()})
        elif open_:
            open_[pick % len(open_)].settle(is_called=pick % 4 > 0)
        for name, budget in budgets.items():
            total = ledger.spent.get(name, 0.0) + ledger.reserved.get(name, 0.0)
            assert total <= budget + 1e-6
        for each in asked:
            is_answered = each.reservation is not None or each.refusal
            assert is_answered or not ledger.fits(each.amounts)
    held.extend(each.reservation for each in asked if each.reservation is not None)
    while open_ := [each for each in held if not each.is_settled]:
        open_[0].settle()
        held.extend(each.reservation for each in asked if each.reservation not in {*held, None})  # type: ignore[misc] # None is left out
    assert ledger.reserved == {}


@pytest.mark.feature("E09")
def test_who_waits_is_served_by_priority_then_in_turn_and_overtaken_by_who_wants_less() -> None:
    ledger = Ledger({"usd": 1.0})
    first = ledger.reserve({"usd": 0.9})
    plain, large = ledger.request({"usd": 0.5}), ledger.request({"usd": 0.95})
    urgent, small = ledger.request({"usd": 0.5}, priority=1), ledger.request({"usd": 0.1})
    assert small.reservation is not None
    first.settle(is_called=False)
    assert urgent.reservation is not None
    assert (plain.reservation, large.reservation) == (None, None)
    urgent.reservation.settle()
    small.reservation.settle(is_called=False)
    assert plain.reservation is not None
    assert large.refusal == "needs 0.95 usd, but 0.5 of 1 are left"


@pytest.mark.parametrize(
    ("told", "charged"),
    [
        ([], {"usd": 0.02, "tokens": 400}),
        ([{"usd": 0.01}], {"usd": 0.01, "tokens": 400}),
        ([{"usd": 0.01, "tokens": 1}, {"tokens": 2}], {"usd": 0.01, "tokens": 3}),
        ([{"usd": 0.5, "tokens": 900}], {"usd": 0.5, "tokens": 900}),
        ([{"usd": 0, "tokens": 0}], {"usd": 0, "tokens": 0}),
        ([{"calls": 2}], {"calls": 2, "usd": 0.02, "tokens": 400}),
    ],
    ids=str,
)
@pytest.mark.feature("E09")
def test_an_attempt_is_charged_what_it_told_else_its_estimate(
    told: list[dict[str, float]], charged: dict[str, float]
) -> None:
    ledger = Ledger({"usd": 1.0, "tokens": 1000})
    reservation = ledger.reserve({"usd": 0.02, "tokens": 400})
    for each in told:
        reservation.spend(each)
    assert reservation.settle() == charged
    assert ledger.spent == {name: amount for name, amount in charged.items() if amount}
    assert ledger.reserved == {}


@pytest.mark.parametrize("wrong", [{"usd": -1.0}, {"usd": math.nan}], ids=str)
def test_amounts_below_zero_are_no_amounts(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        Ledger(wrong)
    with pytest.raises(ValueError, match="is no amount"):
        Ledger({"usd": 1}).reserve({}).spend(wrong)


async def priced(nodes: int, cost: Cost, budgets: Mapping[str, float], **options: Any) -> Run:
    """Nodes that each use what they cost, and look whether the others leave them room."""

    async def work() -> int:
        await anyio.lowlevel.checkpoint()
        return 1

    policy = Policy(cost=cost)
    graph = Graph([node(work, name=f"n{place}", policy=policy) for place in range(nodes)])
    return await run(graph, budgets=budgets, **options)


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_nodes_wait_for_room_and_the_last_that_do_not_fit_are_skipped_with_the_amounts() -> (
    None
):
    done = await priced(6, BOTH, {"usd": 0.07, "tokens": 10_000})
    assert len(done.with_status(Status.SUCCEEDED)) == 3
    assert {outcome.reason for outcome in done.with_status(Status.SKIPPED)} == {
        "needs 0.02 usd, but 0.01 of 0.07 are left"
    }
    assert all(not outcome.attempts for outcome in done.with_status(Status.SKIPPED))
    assert done.spent == {"usd": pytest.approx(0.06), "tokens": 1200}
    assert done.outcomes["n0"].spent == BOTH.estimate


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_who_waits_for_room_holds_no_slot_and_others_overtake() -> None:
    order: list[str] = []

    def saying(name: str, policy: Policy) -> Node:
        async def work() -> str:
            order.append(name)
            await anyio.wait_all_tasks_blocked()
            return name

        return node(work, name=name, policy=policy)

    half = Policy(cost=Cost(estimate={"usd": 0.6}))
    graph = Graph(
        [
            saying("a", half.merged(Policy(priority=3))),
            saying("b", half.merged(Policy(priority=2))),
            saying("free", Policy(priority=1)),
        ]
    )
    cheap = await run(graph, budgets={"usd": 2}, max_parallel=2)
    assert (order[:2], cheap.spent) == (["a", "b"], {"usd": 1.2})

    order.clear()

    async def less(context: Context) -> str:
        order.append("a")
        context.spend(usd=0.1)
        await anyio.wait_all_tasks_blocked()
        return "a"

    first = node(less, name="a", policy=half.merged(Policy(priority=3)))
    others = [graph.nodes["b"], graph.nodes["free"]]
    told: list[Event] = []
    done = await run(
        Graph([first, *others]), budgets={"usd": 1}, max_parallel=2, on_event=told.append
    )
    assert order == ["a", "free", "b"]
    assert [each.node for each in told if isinstance(each, NodeStarted)] == ["a", "b", "free"]
    assert done.spent == {"usd": 0.7}


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_every_end_of_an_attempt_settles_what_it_reserved() -> None:
    async def hang() -> int:
        await anyio.sleep(3600)
        return 1

    async def telling(context: Context) -> int:
        context.spend(usd=0.005)
        return await hang()

    works = {"fails": Scripted(Failed()), "answers": Scripted(1), "hangs": hang, "tells": telling}
    policy = Policy(cost=CENT, timeout=0.01)
    graph = Graph([node(work, name=name, policy=policy) for name, work in works.items()])
    done = await run(graph, budgets={"usd": 1})
    assert {name: dict(outcome.spent) for name, outcome in done.outcomes.items()} == {
        "fails": {"usd": 0.01},
        "answers": {"usd": 0.01},
        "hangs": {"usd": 0.01},
        "tells": {"usd": 0.005},
    }
    assert done.spent == {"usd": pytest.approx(0.035)}

    cut = await run(Graph([graph.nodes["tells"]]), budgets={"usd": 1}, deadline=0.001)
    assert cut.spent == {"usd": 0.005}


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_each_attempt_is_paid_for_and_one_too_many_is_not_made() -> None:
    retry = Retry(on=(Failed,), attempts=5, base=1, jitter=Jitter.NONE)
    work = Scripted(Failed())
    told: list[Event] = []
    outcome = await ended(
        work,
        Policy(retry=retry, cost=CENT),
        budgets={"usd": 0.025},
        clock=Ticking(),
        on_event=told.append,
    )
    assert (work.calls, outcome.status, outcome.spent) == (2, Status.FAILED, {"usd": 0.02})
    assert outcome.reason == (
        "Failed: no, attempt 2 of 5; lint: needs 0.01 usd, but 0.005 of 0.025 are left"
    )
    assert [(each.node, each.total) for each in told if isinstance(each, Spent)] == [
        ("lint", {"usd": 0.01}),
        ("lint", {"usd": 0.02}),
    ]


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_who_cannot_be_paid_for_is_answered_by_a_cheaper_one() -> None:
    work, local = Scripted("model"), Scripted("patterns")
    dear = Backup(name="dear", run=Scripted("dear"), cost=Cost(estimate={"usd": 9}))
    policy = Policy(cost=Cost(estimate={"usd": 2}), backups=(dear, Backup(name="p", run=local)))
    outcome = await ended(work, policy, budgets={"usd": 1})
    assert (work.calls, outcome.status, outcome.value) == (0, Status.REROUTED, "patterns")
    assert outcome.reason == "p answered: needs 2 usd, but 1 of 1 are left"

    policy = Policy(cost=Cost(estimate={"usd": 2}), fallback=Fallback(value=()))
    assert (await ended(work, policy, budgets={"usd": 1})).status is Status.FELL_BACK


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_an_estimate_may_depend_on_the_arguments_and_a_broken_one_is_its_nodes_failure() -> (
    None
):
    async def ask(prompt: str) -> str:
        return prompt

    def asking(name: str, estimate: Any) -> Node:
        return node(ask, name=name, policy=Policy(cost=Cost(estimate=estimate)))

    def by_length(prompt: str) -> Mapping[str, float]:
        return {"tokens": len(prompt)}

    def broken(prompt: str) -> Mapping[str, float]:
        raise KeyError(prompt)

    graph = Graph(
        [
            asking("ask", by_length),
            asking("broken", broken),
            asking("unknown", lambda prompt: {"token": len(prompt)}),
            asking("negative", lambda prompt: {"tokens": -len(prompt)}),
        ],
        {"prompt": str},
    )
    done = await run(graph, {"prompt": "abc"}, budgets={"tokens": 10})
    assert done.spent == {"tokens": 3}
    why = "failed (the estimate of its cost:"
    assert [str(outcome) for outcome in done.outcomes.values() if not outcome.ok] == [
        f"broken {why} KeyError: 'abc')",
        f"unknown {why} ValueError: there is no budget 'token'; did you mean 'tokens'?)",
        f"negative {why} ValueError: -3 tokens is no amount: it must be zero or more)",
    ]


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_costs_that_cannot_be_weighed_are_named_before_any_node_starts() -> None:
    work = Scripted(1)
    inner = Graph([node(work, name="inner", policy=Policy(cost=Cost(estimate={"uds": 1})))])
    dear = (Backup(name="dear", run=work, cost=Cost(estimate={"tokens": 1})),)
    other = node(work, name="other", policy=Policy(cost=CENT, backups=dear))
    graph = Graph([nested("pack", inner, policy=Policy(cost=CENT)), other])
    with pytest.raises(GraphError) as caught:
        await run(graph, budgets={"usd": 1})
    assert caught.value.problems == (
        "the cost of 'pack' is that of its nodes; it has none of its own",
        "'pack/inner': there is no budget 'uds'; did you mean 'usd'?",
        "'other': there is no budget 'tokens'",
    )
    assert work.calls == 0


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_without_budgets_nothing_is_refused_and_everything_is_added_up() -> None:
    done = await priced(5, Cost(estimate={"usd": 1, "tokens": 7}), {})
    assert done.spent == {"usd": 5, "tokens": 35}


@pytest.mark.anyio
@pytest.mark.feature("E09")
async def test_what_one_overspends_is_charged_in_full_and_keeps_others_out() -> None:
    async def greedy(context: Context) -> int:
        context.spend(usd=0.5)
        context.spend(usd=0.49)
        return 1

    first = node(greedy, policy=Policy(cost=CENT, priority=1))
    second = node(Scripted(1), name="second", policy=Policy(cost=BOTH))
    done = await run(Graph([first, second]), budgets={"usd": 1, "tokens": 1000}, max_parallel=1)
    assert done.spent == {"usd": 0.99}
    assert done.outcomes["second"].reason == "needs 0.02 usd, but 0.01 of 1 are left"


class Counting(Ledger):
    """Counts how often it looks whether something fits."""

    looked = 0

    def fits(self, amounts: Mapping[str, float]) -> bool:
        self.looked += 1
        return super().fits(amounts)


def test_a_long_queue_of_different_wishes_costs_no_more_to_serve_than_a_short_one() -> None:
    ledger = Counting({"usd": 5.0})
    held = [ledger.reserve({"usd": 1.0}) for _ in range(5)]
    asked = [ledger.request({"usd": 0.5 + place / 10_000}) for place in range(2_000)]
    ledger.looked = 0
    held[0].settle(is_called=False)
    assert [each.reservation is not None for each in asked[:3]] == [True, False, False]
    assert ledger.looked < 50


@pytest.mark.parametrize("is_granted", [False, True])
@pytest.mark.feature("E09")
def test_who_wants_no_more_holds_nothing_and_gets_nothing(*, is_granted: bool) -> None:
    ledger = Ledger({"usd": 1.0})
    first = ledger.reserve({"usd": 0.9})
    gone, next_ = ledger.request({"usd": 0.8}), ledger.request({"usd": 0.7})
    if is_granted:
        first.settle(is_called=False)
        assert gone.reservation is not None
        gone.withdraw()
    else:
        gone.withdraw()
        first.settle(is_called=False)
    assert next_.reservation is not None
    assert ledger.reserved == {"usd": pytest.approx(0.7)}


@pytest.mark.feature("E09")
def test_what_is_told_after_the_end_of_an_attempt_is_charged_all_the_same() -> None:
    ledger = Ledger({"usd": 1.0})
    other, late = ledger.reserve({"usd": 0.5}), ledger.reserve({"usd": 0.25})
    late.settle(is_called=False)
    late.spend({"usd": 0.125})
    assert (ledger.spent, ledger.reserved) == ({"usd": 0.125}, {"usd": 0.5})
    other.settle(is_called=False)
