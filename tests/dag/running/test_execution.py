"""A run from outside: its options, what is decided before it starts, what nodes may know of it."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from typing import Any, get_type_hints

import anyio
import pytest

import reviewbot.dag as engine
from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Cost, Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, Logged, NodeStarted, RunSettled, RunStarted
from reviewbot.dag.running.options import Changes, Options


@node
async def one() -> int:
    return 1


@pytest.mark.anyio
@pytest.mark.feature("U04")
async def test_options_are_one_value_that_changes_are_laid_over() -> None:
    @node
    async def tell(context: Context) -> str:
        return f"{context.run} {context.shared['who']}"

    options = Options(name="nightly", shared={"who": "A"}, max_parallel=2)
    assert (await run(Graph([tell]), options=options)).value("tell") == "nightly A"
    changed = await run(Graph([tell]), options=options, name="again")
    assert (changed.name, changed.value("tell")) == ("again", "again A")
    with pytest.raises(FrozenInstanceError):
        options.name = "other"  # type: ignore[misc] # that it cannot be set is what is tested


def test_every_option_can_be_given_as_a_keyword() -> None:
    assert set(get_type_hints(Changes)) == {each.name for each in fields(Options)}


def test_the_words_of_the_engine_are_one_import() -> None:
    assert all(hasattr(engine, name) for name in engine.__all__)
    assert engine.run is run


@pytest.mark.anyio
@pytest.mark.feature("S11")
async def test_what_all_nodes_share_is_read_only() -> None:
    given = {"title": "fix"}

    @node
    async def writer(context: Context) -> str:
        context.shared["title"] = "mine"  # type: ignore[index] # that this raises is what is tested
        return "written"

    @node
    async def reader(context: Context, writer: Outcome[str]) -> str:
        return f"{context.shared['title']} {writer.status}"

    done = await run(Graph([writer, reader]), shared=given)
    assert done.outcomes["writer"].reason.startswith("TypeError: 'mappingproxy' object does not")
    assert done.value("reader") == "fix failed"
    assert given == {"title": "fix"}


@pytest.mark.anyio
@pytest.mark.feature("S11")
async def test_a_node_knows_its_place_and_attempt_and_is_heard() -> None:
    told: list[Event] = []

    @node(policy=Policy(retry=Retry(on=(ConnectionError,), base=0)))
    async def ask(context: Context) -> int:
        context.log(f"{context.node}, attempt {context.attempt}")
        if context.attempt == 1:
            raise ConnectionError
        return context.attempt

    await run(Graph([nested("pack", Graph([ask]))]), on_event=told.append)
    said = [(event.node, event.text) for event in told if isinstance(event, Logged)]
    assert said == [("pack/ask", f"pack/ask, attempt {number}") for number in (1, 2)]


@node(when=lambda languages: "python" in languages)
async def python() -> str:
    return "python"


@node(when=lambda languages: "rust" in languages)
async def rust() -> str:
    return "rust"


@node(when=lambda python: python == "python")
async def deeper(python: str) -> str:
    return python


@node
async def report(python: str | None, rust: str | None) -> tuple[str | None, ...]:
    return python, rust


@pytest.mark.anyio
@pytest.mark.feature("E41")
async def test_what_the_inputs_decide_is_decided_and_told_before_any_node_starts() -> None:
    told: list[Event] = []
    graph = Graph([python, rust, deeper, report], {"languages": tuple})
    done = await run(graph, {"languages": ("python",)}, on_event=told.append, name="r")
    assert isinstance(told[0], RunStarted)
    assert told[0].run == "r"
    assert told[0].graph.skipped == {"rust": "condition not met: condition"}
    assert not [event for event in told[1:] if isinstance(event, RunStarted)]
    assert [event.node for event in told if isinstance(event, NodeStarted)] == [
        "python",
        "deeper",
        "report",
    ]
    assert isinstance(told[-1], RunSettled)
    assert done.value("report") == ("python", None)
    assert str(done.outcomes["rust"]) == "rust skipped (condition not met: condition)"
    assert graph.skipped == {}


@pytest.mark.anyio
@pytest.mark.feature("E41")
async def test_a_condition_on_inputs_that_raises_fails_its_node_alone() -> None:
    def broken(languages: tuple[str, ...]) -> bool:
        raise LookupError(languages)

    troubled = node(one.run, name="troubled", when=broken)
    done = await run(Graph([troubled, one], {"languages": tuple}), {"languages": ()})
    assert done.outcomes["troubled"].status is Status.FAILED
    assert "its condition (broken) raised LookupError" in done.outcomes["troubled"].reason
    assert done.value("one") == 1


@pytest.mark.anyio
async def test_defaults_lie_under_the_policy_of_every_node_also_inside_subgraphs() -> None:
    calls: list[str] = []

    def flaky(name: str) -> Any:
        async def fail_once() -> int:
            calls.append(name)
            if calls.count(name) == 1:
                raise ConnectionError
            return 1

        return fail_once

    once, twice = (Policy(retry=Retry(on=(OSError,), attempts=n, base=0)) for n in (1, 2))
    inner = Graph(
        [Node(name="other", run=flaky("other")), Node(name="own", run=flaky("own"), policy=once)]
    )
    graph = Graph([Node(name="plain", run=flaky("plain")), nested("pack", inner)])
    done = await run(graph, defaults=twice)
    assert sorted(calls) == ["other", "other", "own", "plain", "plain"]
    assert done.outcomes["plain"].ok
    inside = done.outcomes["pack"].inner
    assert inside is not None
    assert [outcome.ok for outcome in inside.outcomes.values()] == [True, False]
    assert graph.nodes["plain"].policy.retry is None


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"labels": {"chnage": "x"}}, "unknown label of input 'chnage'; did you mean 'change'"),
        ({"budgets": {"usd": 1.0}}, "'pack/ask': there is no budget 'tokens'"),
    ],
    ids=["label", "budget"],
)
@pytest.mark.anyio
async def test_options_that_do_not_fit_the_graph_are_refused_before_it_starts(
    options: Any, problem: str
) -> None:
    priced = Policy(cost=Cost(estimate={"tokens": 1}))
    inner = Graph([node(one.run, name="ask", policy=priced)])
    with pytest.raises(GraphError, match=problem):
        await run(Graph([nested("pack", inner)], {"change": str}), {"change": ""}, **options)


class Backwards:
    """A clock that is set back by a second at every look."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        self.time -= 1
        return self.time

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


def times(done: Run) -> list[float]:
    found = [done.seconds]
    for outcome in done.outcomes.values():
        found += [outcome.seconds, *(attempt.seconds for attempt in outcome.attempts)]
        if isinstance(outcome.value, Items):
            found += [each.outcome.seconds for each in outcome.value]
        if outcome.inner is not None:
            found += times(outcome.inner)
    return found


@pytest.mark.anyio
async def test_nothing_ever_takes_less_than_no_time() -> None:
    @node(each={"each_of": "many"})
    async def mapped(each_of: int) -> int:
        return each_of

    graph = Graph([one, mapped, nested("pack", Graph([one]))], {"many": tuple})
    done = await run(graph, {"many": (1, 2)}, clock=Backwards())
    assert all(outcome.ok for outcome in done.outcomes.values())
    assert min(times(done)) == 0.0


@pytest.mark.anyio
async def test_a_seed_repeats_the_delays() -> None:
    async def fail() -> int:
        raise ConnectionError

    retry = Policy(retry=Retry(on=(ConnectionError,), attempts=4, base=0.001))

    async def delays(seed: int) -> list[float]:
        done = await run(Graph([Node(name="n", run=fail, policy=retry)]), seed=seed)
        return [attempt.delay for attempt in done.outcomes["n"].attempts]

    assert await delays(1) == await delays(1) != await delays(2)


@pytest.mark.anyio
@pytest.mark.feature("E61")
async def test_two_runs_of_one_graph_with_maps_and_subgraphs_share_nothing() -> None:
    @node(each={"file": "files"})
    async def read(file: str) -> str:
        await anyio.sleep(0.001)
        return file

    graph = Graph([nested("pack", Graph([read], {"files": Mapping}))], {"files": Mapping})
    found: dict[str, Any] = {}

    async def play(key: str) -> None:
        found[key] = (await run(graph, {"files": {key: key}})).value("pack")["read"].by_key

    async with anyio.create_task_group() as tasks:
        for key in "abc":
            tasks.start_soon(play, key)
    assert found == {key: {key: key} for key in "abc"}
