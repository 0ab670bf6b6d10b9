"""Who starts next: by priority, then by what still hangs on it, within the limits."""

import random
import statistics
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import DEFAULT, Policy
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run
from reviewbot.dag.running.ending import Ending
from reviewbot.dag.running.plan import Plans
from reviewbot.dag.running.ready import Ready, ranked
from reviewbot.dag.running.unit import Surroundings, Unit

Needs = Mapping[str, tuple[str, ...]]


async def nothing(**_needs: object) -> None: ...


def graph_of(needs: Needs, policies: Mapping[str, Policy] | None = None) -> Graph:
    return Graph(
        Node(
            name=name,
            run=nothing,
            edges=tuple(Edge(parameter=other, node=other) for other in wanted),
            policy=(policies or {}).get(name, DEFAULT),
        )
        for name, wanted in needs.items()
    )


class Nobody:
    """The owner of units that are never run."""

    around: Surroundings

    def arguments(self, _unit: Unit) -> dict[str, Any]:
        return {}

    def ending(self, _unit: Unit) -> Ending | None:
        return None

    def settle(self, _unit: Unit, _outcome: Outcome[Any]) -> None: ...


class Queue:
    """The ready queue of a graph, by the names of its nodes."""

    def __init__(
        self, graph: Graph, limits: Mapping[str, float], max_parallel: int | None = None
    ) -> None:
        self.ready = Ready(limits, max_parallel)
        plan = Plans(self.ready, {}).of(graph)
        self.units = {
            name: Unit(Nobody(), node, name, name, (plan.ranks[name],), plan.lanes[name])
            for name, node in graph.nodes.items()
        }

    def push(self, names: Iterable[str]) -> None:
        for name in names:
            self.ready.push(self.units[name])

    def take(self) -> str | None:
        unit = self.ready.take()
        return None if unit is None else unit.name

    def release(self, name: str) -> None:
        self.ready.release(self.units[name])


@pytest.mark.parametrize(
    ("estimates", "policies", "order"),
    [
        ({}, {}, ("b", "a", "c", "d")),
        ({"a": 9.0, "b": 1.0, "c": 1.0, "d": 1.0}, {}, ("a", "b", "c", "d")),
        ({"a": 9.0}, {}, ("b", "a", "c", "d")),
        ({}, {"d": Policy(priority=1)}, ("d", "b", "a", "c")),
        ({}, {"b": Policy(priority=-1)}, ("a", "c", "d", "b")),
    ],
    ids=["unit weights", "estimates", "mean for the rest", "raised", "lowered"],
)
@pytest.mark.feature("E08")
def test_the_rank_is_priority_then_remaining_path_then_name(
    estimates: Mapping[str, float], policies: Mapping[str, Policy], order: tuple[str, ...]
) -> None:
    graph = graph_of({"d": (), "a": (), "b": (), "c": ("b",)}, policies)
    assert ranked(graph, estimates) == order


def test_a_node_that_lacks_a_resource_delays_nobody_else() -> None:
    policies = {
        "a": Policy(resources={"cpu": 2}, priority=3),
        "b": Policy(resources={"cpu": 2}, priority=2),
        "c": Policy(resources={"network": 1}, priority=1),
        "d": Policy(resources={"unlimited": 99}),
    }
    graph = graph_of(dict.fromkeys("abcd", ()), policies)
    ready = Queue(graph, {"cpu": 3, "network": 1})
    ready.push("dcba")
    assert [ready.take(), ready.take(), ready.take(), ready.take()] == ["a", "c", "d", None]
    assert not ready.ready
    ready.release("a")
    assert ready.take() == "b"


def test_a_node_that_wants_more_than_there_is_takes_all_there_is() -> None:
    policies = {"a": Policy(resources={"cpu": 64}), "b": Policy(resources={"cpu": 0.1})}
    ready = Queue(graph_of(dict.fromkeys("ab", ()), policies), {"cpu": 2})
    ready.push("ab")
    assert [ready.take(), ready.take()] == ["a", None]


def test_a_lock_is_not_the_resource_of_the_same_name() -> None:
    policies = {"a": Policy(exclusive=("cpu",)), "b": Policy(resources={"cpu": 1})}
    ready = Queue(graph_of(dict.fromkeys("ab", ()), policies), {"cpu": 1})
    ready.push("ab")
    assert [ready.take(), ready.take()] == ["a", "b"]


@pytest.mark.parametrize("limits", [{"cpu": 0.0}, {"cpu": -1.0}, {"cpu": float("nan")}], ids=str)
def test_a_limit_that_lets_nothing_start_is_refused(limits: Mapping[str, float]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Ready(limits, None)
    with pytest.raises(ValueError, match="above zero"):
        Ready({}, 0)


amounts = st.fixed_dictionaries({}, optional={"cpu": st.sampled_from([0.5, 1.0, 2.0, 9.0])})
locks = st.sets(st.sampled_from(["x", "y"])).map(lambda names: tuple(sorted(names)))
work = st.lists(st.builds(Policy, resources=amounts, exclusive=locks), min_size=1, max_size=12)


@given(work, st.integers(1, 5), st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_sum_of_what_was_taken_never_exceeds_a_limit(
    policies: list[Policy], max_parallel: int, cores: int, dice: random.Random
) -> None:
    named = {f"n{i}": policy for i, policy in enumerate(policies)}
    ready = Queue(graph_of(dict.fromkeys(named, ()), named), {"cpu": cores}, max_parallel)
    ready.push(named)
    working: list[str] = []
    for _ in named:
        while (taken := ready.take()) is not None:
            working.append(taken)
            held = [named[one] for one in working]
            assert len(working) <= max_parallel
            assert sum(min(p.resources.get("cpu", 0), cores) for p in held) <= cores
            assert all(sum(lock in p.exclusive for p in held) <= 1 for lock in "xy")
        assert working, "something waits, nothing works: stuck"
        ready.release(working.pop(dice.randrange(len(working))))


@pytest.mark.feature("E08")
@pytest.mark.feature("E06")
def test_four_workers_come_within_a_hair_of_the_possible(virtual: Any) -> None:
    dice = random.Random(3)  # noqa: S311 - the same graphs every time
    ratios = sorted(_ratio(virtual, dice, 4) for _ in range(500))
    assert statistics.median(ratios) <= 1.01
    assert ratios[474] <= 1.05


def _ratio(virtual: Any, dice: random.Random, workers: int) -> float:
    spans = {f"n{i}": dice.lognormvariate(0, 1) for i in range(40)}
    needs = {
        f"n{i}": tuple({f"n{dice.randrange(i)}" for _ in range(dice.randint(0, 3))}) if i else ()
        for i in range(40)
    }

    def sleeper(seconds: float) -> Any:
        async def sleep(**_needs: object) -> None:
            await virtual.clock.sleep(seconds)

        return sleep

    graph = Graph(
        Node(
            name=name,
            run=sleeper(spans[name]),
            edges=tuple(Edge(parameter=other, node=other) for other in wanted),
        )
        for name, wanted in needs.items()
    )

    async def timed() -> float:
        done = await run(graph, estimates=spans, max_parallel=workers, clock=virtual.clock)
        return done.seconds

    best = max(graph.critical_path(spans)[1], sum(spans.values()) / workers)
    return float(virtual(timed)) / best
