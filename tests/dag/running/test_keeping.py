"""The same work on the same content is done once, whoever asks and in whatever order."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import anyio
import pytest

from reviewbot.dag.context import Context
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Cache, Cost, Fallback, Invariant, Policy
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.promise import Partial
from tests.dag.running.scripted import Shelf

KEPT = Policy(cache=Cache())


class Broken(Shelf):
    """Values on a disk that is gone."""

    async def get(self, _key: str, _node: Node) -> tuple[Any] | None:
        raise OSError("no such disk")

    async def put(self, _key: str, _node: Node, _value: Any) -> None:
        raise OSError("no such disk")


class Stuck(Shelf):
    """Values on a disk that never answers."""

    async def get(self, _key: str, _node: Node) -> tuple[Any] | None:
        await anyio.sleep(3600)
        return None


calls: list[str] = []


async def lint(change: Any) -> Any:
    calls.append(str(change))
    return change


async def strict(change: Any) -> Any:
    calls.append(f"strictly {change}")
    return change


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


async def linted(
    change: Any,
    values: Shelf,
    policy: Policy = KEPT,
    work: Callable[..., Any] = lint,
    **options: Any,
) -> Outcome[Any]:
    done = await run_of(change, values, policy, work, **options)
    return done.outcomes["lint"]


async def run_of(
    change: Any, values: Shelf, policy: Policy, work: Callable[..., Any], **options: Any
) -> Run:
    graph = Graph([node(work, name="lint", policy=policy)], {"change": Any})
    return await run(graph, {"change": change}, values=values, **options)


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_alternating_inputs_do_not_evict_one_another() -> None:
    shelf = Shelf()
    outcomes = [await linted(change, shelf) for change in ("a", "b", "a", "b", "a")]
    assert calls == ["a", "b"]
    assert [outcome.value for outcome in outcomes] == ["a", "b", "a", "b", "a"]
    hit = outcomes[-1]
    assert (str(hit), hit.attempts, hit.answered_by) == ("lint cached", (), "lint")


@pytest.mark.parametrize("value", [None, False, 0, "", ()], ids=repr)
@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_a_value_that_looks_like_none_is_kept_too(value: object) -> None:
    shelf = Shelf()
    outcomes = [await linted(value, shelf) for _ in range(2)]
    assert [(each.status, each.value) for each in outcomes] == [
        (Status.SUCCEEDED, value),
        (Status.CACHED, value),
    ]


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({}, Status.CACHED),
        ({"change": {"b": 2, "a": 1}}, Status.CACHED),
        ({"change": {"a": 1, "b": 3}}, Status.SUCCEEDED),
        ({"change": {"a": 1, "b": 2.0}}, Status.SUCCEEDED),
        ({"work": strict}, Status.SUCCEEDED),
        ({"work": partial(lint)}, Status.SUCCEEDED),
        ({"policy": Policy(cache=Cache(version="2"))}, Status.SUCCEEDED),
        ({"policy": Policy(cache=Cache(), timeout=5)}, Status.CACHED),
    ],
    ids=[
        "same",
        "other order",
        "other content",
        "other type",
        "other code",
        "a partial",
        "version",
        "policy",
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_the_key_is_the_code_its_version_and_the_content_of_its_arguments(
    other: Mapping[str, Any], status: Status
) -> None:
    shelf = Shelf()
    usual: dict[str, Any] = {"change": {"a": 1, "b": 2}}
    await linted(values=shelf, **usual)
    again = await linted(values=shelf, **{**usual, **other})
    assert again.status is status


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_a_key_of_ones_own_says_which_content_matters() -> None:
    def by_name(arguments: Mapping[str, Any]) -> str:
        return str(arguments["change"]["name"])

    shelf, policy = Shelf(), Policy(cache=Cache(key=by_name))
    await linted({"name": "a", "seen": 1}, shelf, policy)
    again = await linted({"name": "a", "seen": 2}, shelf, policy)
    assert (again.status, again.value) == (Status.CACHED, {"name": "a", "seen": 1})


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_failures_substitutes_and_parts_are_never_kept() -> None:
    async def fails(change: str) -> str:
        raise OSError(change)

    async def part(change: str) -> Any:
        return Partial(change, "b.py")

    shelf = Shelf()
    await linted("a", shelf, KEPT, fails)
    await linted("a", shelf, Policy(cache=Cache(), fallback=Fallback(value="b")), fails)
    await linted("a", shelf, Policy(cache=Cache(), backups=(Backup(name="b", run=lint),)), fails)
    assert (await linted("a", shelf, KEPT, part)).status is Status.PARTIAL
    assert shelf.kept == {}


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_a_hit_costs_nothing_and_a_kept_value_must_keep_the_promises() -> None:
    shelf = Shelf()
    priced = Policy(cache=Cache(), cost=Cost(estimate={"usd": 1}))
    await linted("a", shelf, priced)
    again = await run_of("a", shelf, priced, lint, budgets={"usd": 0.5})
    assert (again.outcomes["lint"].status, again.spent) == (Status.CACHED, {})

    short = Invariant(name="short", holds=lambda value: len(value) < 3)
    promised = Policy(cache=Cache(), invariants=(short,))
    for key in shelf.kept:
        shelf.kept[key] = "something long"
    done = await run_of("a", shelf, promised, lint)
    assert (done.outcomes["lint"].status, done.value("lint")) == (Status.SUCCEEDED, "a")
    told = "lint: the kept value is not used: invariant 'short' is violated"
    assert done.warnings == (told,)


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_what_has_no_content_or_no_place_to_be_kept_just_runs_and_is_told() -> None:
    done = await run_of(calls.append, Shelf(), Policy(cache=Cache()), lint)
    assert done.outcomes["lint"].status is Status.SUCCEEDED

    async def opened(change: Any) -> str:
        return str(type(change))

    lock = anyio.Lock()
    done = await run_of(lock, Shelf(), KEPT, opened)
    assert done.outcomes["lint"].status is Status.SUCCEEDED
    (told,) = done.warnings
    assert told.startswith("lint: its value cannot be kept: ")

    gone = await run_of("a", Broken(), KEPT, lint)
    assert gone.value("lint") == "a"
    assert gone.warnings == ("lint: the kept values: OSError: no such disk",)


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_looking_is_part_of_the_nodes_time_and_ends_with_the_run() -> None:
    policy = Policy(cache=Cache(), total=0.005)
    outcome = await linted("a", Stuck(), policy)
    assert (outcome.status, outcome.reason) == (Status.TIMED_OUT, "total 0.005 s")
    ended = await linted("a", Stuck(), deadline=0.005)
    assert (ended.status, ended.reason) == (Status.TIMED_OUT, "run deadline of 0.005 s")
    assert calls == []


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_the_context_of_a_node_is_no_part_of_its_content() -> None:
    async def asks(change: str, context: Context) -> str:
        calls.append(context.run)
        return change

    shelf = Shelf()
    for name in ("first", "second"):
        await linted("a", shelf, KEPT, asks, name=name)
    assert calls == ["first"]


@pytest.mark.anyio
@pytest.mark.feature("S05")
async def test_a_subgraph_is_kept_as_a_whole() -> None:
    shelf, change = Shelf(), {"change": Any}
    inner = Graph([node(lint, name="inner")], change)
    graph = Graph([nested("pack", inner, gives="inner", policy=KEPT)], change)
    runs = [await run(graph, {"change": "a"}, values=shelf) for _ in range(2)]
    assert [done.outcomes["pack"].status for done in runs] == [Status.SUCCEEDED, Status.CACHED]
    assert calls == ["a"]


@pytest.mark.anyio
async def test_without_a_place_to_keep_values_a_cache_changes_nothing() -> None:
    graph = Graph([node(lint, policy=KEPT)], {"change": Any})
    done = await run(graph, {"change": "a"})
    assert (done.value("lint"), done.warnings) == ("a", ())
