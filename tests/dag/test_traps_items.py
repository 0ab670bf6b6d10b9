"""What others were seen to do with items, subgraphs, caches and resumed runs, and what we do."""

from typing import Any

import anyio
import pytest

from reviewbot.dag.context import Context
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items, grouped
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Cache, Cost, Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.testing.fakes.record import MemoryRecord, MemoryValues


@node(each={"file": "files"})
async def length(file: str) -> int:
    if not file:
        raise ValueError("empty")
    return len(file)


# DAGFlow: one bad item of four fails the whole batch.
@pytest.mark.anyio
async def test_one_bad_item_costs_one_result() -> None:
    files = {"a": "x", "b": "", "c": "xyz", "d": "xy"}
    done = await run(Graph([length], {"files": dict[str, str]}), {"files": files})
    assert done.outcomes["length"].status is Status.PARTIAL
    assert done.value("length").by_key == {"a": 1, "c": 3, "d": 2}


# DAGFlow joins by position, whatever its `key_attr` says; dagengine by index.
@pytest.mark.anyio
async def test_results_of_items_are_joined_by_key_and_not_by_position() -> None:
    @node(each={"file": "files", "note": "notes"})
    async def both(file: str, note: str | None) -> str:
        return f"{file}+{note}"

    given = {"files": {"a": "A", "b": "B", "c": "C"}, "notes": {"c": "3", "a": "1"}}
    done = await run(Graph([both], dict.fromkeys(given, dict[str, str])), given)
    assert done.value("both").by_key == {"a": "A+1", "b": "B+None", "c": "C+3"}


# DAGFlow maps once: nothing can be mapped over what a mapping node gave.
@pytest.mark.anyio
async def test_what_was_mapped_is_grouped_and_mapped_again() -> None:
    @node
    async def by_length(length: Items[int]) -> Any:
        return grouped(length, lambda number: "odd" if number % 2 else "even")

    @node(each={"group": "by_length"})
    async def total(group: Any) -> int:
        return sum(group.members)

    files = {"a": "x", "b": "xx", "c": "xxx"}
    graph = Graph([length, by_length, total], {"files": dict[str, str]})
    assert (await run(graph, {"files": files})).value("total").by_key == {"odd": 4, "even": 2}


# dagengine runs all dimensions over everything before any over the sections: 208 ms, not 100.
def test_a_node_that_maps_and_one_that_does_not_run_at_the_same_time(virtual: Any) -> None:
    @node(each={"file": "files"})
    async def triage(file: str) -> str:
        await anyio.sleep(0.1)
        return file

    @node
    async def types() -> None:
        await anyio.sleep(0.1)

    graph = Graph([triage, types], {"files": tuple})
    done = virtual(lambda: run(graph, {"files": ("a", "b")}, clock=virtual.clock))
    assert done.seconds == pytest.approx(0.1)


# dagengine: a failed dimension over everything ends nothing, a failed one over sections does.
@pytest.mark.anyio
async def test_a_failure_means_the_same_whether_its_node_maps_or_not() -> None:
    async def crash() -> int:
        raise ValueError

    async def further(length: Items[int]) -> int:
        return len(length)

    async def after(crash: int) -> int:
        return crash

    graph = Graph([length, node(further), node(crash), node(after)], {"files": tuple})
    done = await run(graph, {"files": ("", "")})
    assert {name: str(outcome.status) for name, outcome in done.outcomes.items()} == {
        "length": "failed",
        "crash": "failed",
        "further": "skipped",
        "after": "skipped",
    }


# DAGFlow keeps one value per node, so that two inputs in turn drive each other out, and never
# finds a kept None or False again.
@pytest.mark.parametrize("value", [1, None, False])
@pytest.mark.anyio
async def test_kept_values_of_several_inputs_stand_side_by_side_whatever_they_are(
    value: object,
) -> None:
    async def work(change: str) -> object:
        return value if change else None

    graph = Graph([node(work, policy=Policy(cache=Cache()))], {"change": str})
    values = MemoryValues()
    ends = [
        (await run(graph, {"change": change}, values=values)).outcomes["work"]
        for change in ("a", "b", "a", "b")
    ]
    assert [len(end.attempts) for end in ends] == [1, 1, 0, 0]
    assert [end.status for end in ends] == ["succeeded", "succeeded", "cached", "cached"]
    assert [end.value for end in ends] == [value] * 4


# SynapseKit goes on at the entry point (A B C, then A B C again); every step of dagengine's durable
# run reads the state the run began with.
@pytest.mark.anyio
@pytest.mark.feature("S03")
async def test_a_resumed_run_goes_on_where_it_stopped_with_the_values_it_had() -> None:
    ran: list[str] = []
    broken = [True]

    async def a() -> int:
        ran.append("a")
        return 1

    async def b(a: int) -> int:
        ran.append("b")
        return a + 1

    async def c(b: int) -> int:
        ran.append("c")
        if broken.pop():
            raise ConnectionError
        return b + 1

    graph, record = Graph([node(a), node(b), node(c)]), MemoryRecord()
    assert not (await run(graph, record=record)).outcomes["c"].ok
    broken.append(False)
    done = await run(graph, record=record.again())
    assert (ran, done.value("c")) == (["a", "b", "c", "c"], 3)
    assert [name for name, outcome in done.outcomes.items() if outcome.resumed] == ["a", "b"]


# SynapseKit's subgraph is tried again without a pause.
def test_a_subgraph_is_tried_again_after_the_delay_of_its_policy(virtual: Any) -> None:
    calls: list[float] = []

    async def flaky() -> int:
        calls.append(anyio.current_time())
        if len(calls) < 3:
            raise ConnectionError
        return 1

    retry = Retry(on=(ConnectionError,), attempts=3, base=2, jitter=Jitter.NONE)
    pack = nested("pack", Graph([node(flaky)]), gives="flaky", policy=Policy(retry=retry))
    done = virtual(lambda: run(Graph([pack]), clock=virtual.clock))
    assert done.value("pack") == 1
    assert [at - calls[0] for at in calls] == [0, 2, 6]


# SynapseKit's checkpoints of two subgraphs of one name hit each other (its issue 252).
@pytest.mark.anyio
async def test_two_places_of_one_subgraph_keep_their_results_apart() -> None:
    @node
    async def check(language: str) -> str:
        return f"checked {language}"

    inner = Graph([check], {"language": str})
    packs = [
        nested(name, inner, gives="check", inputs={"language": name.removesuffix("_pack")})
        for name in ("python_pack", "rust_pack")
    ]
    record, given = MemoryRecord(), {"python": "Python", "rust": "Rust"}
    done = await run(Graph(packs, dict.fromkeys(given, str)), given, record=record)
    assert [done.value(pack.name) for pack in packs] == ["checked Python", "checked Rust"]
    assert {"python_pack/check", "rust_pack/check"} <= set(record.told("settled"))


# SynapseKit writes what parallel nodes spend into one list: who spent what is anybody's guess.
@pytest.mark.anyio
async def test_what_each_of_two_parallel_nodes_spends_is_its_own() -> None:
    async def spend(context: Context, *, usd: float) -> None:
        context.spend(usd=usd)
        await anyio.sleep(0.001)
        context.spend(usd=usd)

    async def cheap(context: Context) -> None:
        await spend(context, usd=1)

    async def dear(context: Context) -> None:
        await spend(context, usd=10)

    policy = Policy(cost=Cost(estimate={"usd": 50}))
    graph = Graph(node(each, policy=policy) for each in (cheap, dear))
    done = await run(graph, budgets={"usd": 100})
    assert {name: dict(each.spent) for name, each in done.outcomes.items()} == {
        "cheap": {"usd": 2},
        "dear": {"usd": 20},
    }
    assert done.spent == {"usd": 22}


# dagengine tries none of the fallbacks it was given when it goes through its gateway; an analyzer
# that answers in another's place is named by nobody.
@pytest.mark.anyio
@pytest.mark.feature("E48")
async def test_a_backup_is_tried_and_named() -> None:
    async def bandit() -> str:
        raise FileNotFoundError

    policy = Policy(backups=(Backup(name="patterns", run=lambda: "found"),))
    done = await run(Graph([Node(name="security", run=bandit, policy=policy)]))
    outcome = done.outcomes["security"]
    assert (outcome.status, outcome.value, outcome.answered_by) == (
        *(Status.REROUTED, "found"),
        "patterns",
    )
