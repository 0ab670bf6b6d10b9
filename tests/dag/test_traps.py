"""What others were seen to do with a graph, and what we do instead: one test per trap.

The systems and their versions are named in docs/benchmarks.md; each test says what it replaces.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import pytest

from benchmarks.engine.shapes import chain, layers
from benchmarks.engine.worker import Counter, failure
from benchmarks.peers.ours import gathering, graph_of, told
from reviewbot.dag.branch import branch
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry, Stop, Tried
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run


def sleeper(seconds: float, **_needs: object) -> Callable[..., Any]:
    async def sleep(**_given: object) -> float:
        await anyio.sleep(seconds)
        return seconds

    return sleep


async def crash(**_needs: object) -> int:
    raise ValueError("boom")


async def merge(**parts: Outcome[Any]) -> dict[str, str]:
    return {name: str(part.status) for name, part in parts.items()}


# SynapseKit counts no dependencies: 7,125 executions of these 982 nodes, the last one 19 times.
@pytest.mark.anyio
@pytest.mark.feature("E02")
async def test_a_join_fires_once_however_its_inputs_arrive() -> None:
    counter = Counter()
    graph = graph_of(layers(20, 49, skip=True), counter.body)
    await run(graph)
    assert counter.count == len(graph.nodes) == 982


# SynapseKit and Hamilton: a bare exception without a name, and the sibling goes on as an orphan.
# LangGraph, Haystack, pydantic-graph: the sibling is cancelled. Nobody's merge runs.
@pytest.mark.feature("E43")
@pytest.mark.feature("E44")
def test_the_caller_gets_a_result_that_names_the_failure_and_keeps_the_sibling(
    virtual: Any,
) -> None:
    seen = virtual(lambda: failure(gathering, told))
    assert (seen.caller, seen.named, seen.sibling, seen.merged) == (
        *("a result", "yes"),
        *("finished", True),
    )


# SynapseKit stops after 100 steps ("Check for infinite loops") and cannot compile a chain of 1,500.
@pytest.mark.anyio
@pytest.mark.feature("E29")
async def test_a_chain_of_any_length_runs_to_its_end() -> None:
    counter = Counter()
    done = await run(graph_of(chain(1_500), counter.body))
    assert (counter.count, done.outcomes["n1499"].status) == (1_500, Status.SUCCEEDED)


# SynapseKit: an answer without a case silently ends the graph.
@pytest.mark.feature("E39")
def test_an_answer_that_no_branch_maps_is_an_error_before_the_run() -> None:
    def clean(findings: int) -> bool:
        return not findings

    with pytest.raises(GraphError, match="branch 'clean' maps no False"):
        branch(clean, {True: [node(crash, name="approve")]})


# dagengine: levels are barriers, and inside one all of a kind run before all of another.
# soak, LangGraph and SynapseKit wait for the slowest of a wave, DAGFlow for everybody before.
@pytest.mark.feature("E03")
@pytest.mark.feature("E04")
def test_nobody_waits_for_a_neighbour(virtual: Any) -> None:
    async def triage(lint: float) -> float:
        await anyio.sleep(0.1)
        return lint

    nodes = [node(sleeper(0.1), name="lint"), node(sleeper(0.2), name="types"), node(triage)]
    done = virtual(lambda: run(Graph(nodes), clock=virtual.clock))
    assert done.seconds == pytest.approx(0.2)


# dagengine: a hook that says "no further attempt" is not obeyed, the provider is called four times.
@pytest.mark.anyio
@pytest.mark.feature("E52")
async def test_a_hook_that_says_stop_is_obeyed() -> None:
    calls: list[int] = []

    async def provider() -> int:
        calls.append(1)
        raise ConnectionError

    def stop(_tried: Tried) -> Stop:
        return Stop("not worth it")

    retry = Retry(on=(ConnectionError,), attempts=4, base=0, on_retry=stop)
    done = await run(Graph([node(provider, policy=Policy(retry=retry))]))
    assert (len(calls), done.outcomes["provider"].status) == (1, Status.FAILED)


# dagengine: the provider is still called after the timeout, and a timer delays the exit by 60 s.
@pytest.mark.feature("E53")
def test_after_a_timeout_nothing_is_called_and_nobody_waits_for_a_timer(virtual: Any) -> None:
    calls: list[float] = []

    async def provider() -> int:
        calls.append(anyio.current_time())
        await anyio.sleep(3600)
        return 1

    policy = Policy(total=2.5, timeout=1, retry=Retry(on=(TimeoutError,), attempts=9, base=0))
    quick = node(sleeper(0), name="quick", policy=Policy(timeout=60))

    async def ended() -> tuple[float, int]:
        begun = anyio.current_time()
        await run(Graph([node(provider, policy=policy), quick]), clock=virtual.clock)
        seconds, called = anyio.current_time() - begun, len(calls)
        await anyio.sleep(100)
        return seconds, called

    assert virtual(ended) == (2.5, len(calls))


# dagengine: what needs a failed result runs with the error object as its input, and is billed.
@pytest.mark.anyio
@pytest.mark.feature("E46")
async def test_what_needs_a_failed_value_does_not_run() -> None:
    ran: list[object] = []

    async def billed(lint: Any) -> int:
        ran.append(lint)
        return 1

    done = await run(Graph([Node(name="lint", run=crash), node(billed)]))
    assert (ran, done.outcomes["billed"].status) == ([], Status.SKIPPED)


# dagengine: asked before the first run, its analytics say that no node depends on another.
@pytest.mark.feature("E05")
def test_a_graph_knows_its_links_before_it_runs() -> None:
    graph = graph_of(chain(3), Counter().body)
    assert graph.waves() == (("n0",), ("n1",), ("n2",))
    assert graph.critical_path({"n0": 1, "n1": 2, "n2": 3}) == (("n0", "n1", "n2"), 6)


# dagengine keeps the state of a run on the engine, where a second run finds it.
@pytest.mark.anyio
@pytest.mark.feature("E61")
async def test_runs_of_one_graph_at_the_same_time_see_their_own_inputs() -> None:
    async def twice(change: int) -> int:
        await anyio.sleep(0.001)
        return 2 * change

    graph, found = Graph([node(twice)], {"change": int}), dict[int, int]()

    async def one(change: int) -> None:
        found[change] = (await run(graph, {"change": change})).value("twice")

    async with anyio.create_task_group() as tasks:
        for change in (1, 2, 3):
            tasks.start_soon(one, change)
    assert found == {1: 2, 2: 4, 3: 6}


# dagengine parses an answer and never looks whether it is what was promised.
@pytest.mark.anyio
@pytest.mark.feature("E57")
async def test_an_answer_that_is_not_what_was_promised_reaches_nobody() -> None:
    async def lint() -> list[str]:
        return "all good"  # type: ignore[return-value] # the lie is the point

    async def count(lint: list[str]) -> int:
        return len(lint)

    done = await run(Graph([node(lint), node(count)]))
    assert done.outcomes["lint"].reason.startswith("gave str, promised list[str]")
    assert done.outcomes["count"].status is Status.SKIPPED


# The gem-team article's executor: "Deadlock detected", lint's result is lost, merge never runs.
@pytest.mark.anyio
@pytest.mark.feature("E43")
async def test_a_failed_node_with_a_dependent_is_no_deadlock() -> None:
    async def triage(security: int) -> int:
        return security

    nodes = [node(sleeper(0), name="lint"), Node(name="security", run=crash), node(triage)]
    done = await run(Graph([*nodes, node(merge, needs=("lint", "security", "triage"))]))
    assert done.value("merge") == {
        "lint": "succeeded",
        "security": "failed",
        "triage": "skipped",
    }


# The gem-team article's executor: an error raised before there is anything to wait for ends it all.
@pytest.mark.anyio
@pytest.mark.feature("E44")
async def test_an_error_raised_at_once_is_the_nodes_own() -> None:
    def at_once(**_needs: object) -> Any:
        raise RuntimeError("no coroutine yet")

    done = await run(Graph([Node(name="a", run=at_once), node(sleeper(0), name="b")]))
    assert [outcome.status for outcome in done.outcomes.values()] == ["failed", "succeeded"]


# The gem-team article's executor looks at its abort signal between waves only; soak's `cancel`
# raises AttributeError.
@pytest.mark.feature("E56")
def test_a_run_that_is_stopped_stops_the_node_at_work(virtual: Any) -> None:
    async def stopped() -> Any:
        stop = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_set_after, 3, stop)
            return await run(graph, stop=stop, clock=virtual.clock)

    graph = Graph([node(sleeper(3600), name="slow"), node(merge, needs=("slow",))])
    done = virtual(stopped)
    assert done.value("merge") == {"slow": "cancelled"}
    assert done.seconds == pytest.approx(3)


async def _set_after(seconds: float, event: anyio.Event) -> None:
    await anyio.sleep(seconds)
    event.set()


# The gem-team article's executor gives a failure to the first node that is not yet done.
@pytest.mark.feature("E45")
def test_each_failure_stands_with_the_node_it_came_from(virtual: Any) -> None:
    async def fail(name: str, seconds: float) -> int:
        await anyio.sleep(seconds)
        raise ValueError(name)

    late, early = partial(fail, "late", 2), partial(fail, "early", 1)
    done = virtual(lambda: run(Graph([Node(name="late", run=late), Node(name="early", run=early)])))
    assert {name: str(each.error) for name, each in done.outcomes.items()} == {
        "late": "late",
        "early": "early",
    }


# gem-team retries three times without a pause; so does SynapseKit's subgraph.
@pytest.mark.feature("E50")
def test_a_retry_waits_longer_every_time(virtual: Any) -> None:
    retry = Retry(on=(ValueError,), attempts=4, base=1, jitter=Jitter.NONE)
    graph = Graph([Node(name="a", run=crash, policy=Policy(retry=retry))])
    done = virtual(lambda: run(graph, clock=virtual.clock))
    assert [attempt.delay for attempt in done.outcomes["a"].attempts] == [0, 1, 2, 4]


# soak: the maximum runtime counts anew for every batch.
@pytest.mark.feature("E54")
def test_a_deadline_counts_once_for_the_whole_run(virtual: Any) -> None:
    async def after(**_needs: object) -> int:
        await anyio.sleep(4)
        return 1

    nodes = [node(after, name=f"n{i}", needs=(f"n{i - 1}",) if i else ()) for i in range(5)]
    done = virtual(lambda: run(Graph(nodes), deadline=10, clock=virtual.clock))
    assert [each.status for each in done.outcomes.values()] == [
        *("succeeded", "succeeded", "timed out"),
        *("skipped", "skipped"),
    ]
    assert done.seconds == pytest.approx(10)


# soak skips a node whose error is missing in its table: nobody learns that it failed.
@pytest.mark.anyio
@pytest.mark.feature("E43")
async def test_an_error_nobody_knows_is_a_failure_and_no_skip() -> None:
    class UnheardOfError(Exception):
        pass

    async def odd() -> int:
        raise UnheardOfError

    assert (await run(Graph([node(odd)]))).outcomes["odd"].status is Status.FAILED
