"""What is wrong is said in one clear line; what misbehaves costs itself and nobody else."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Fallback, Invariant, Policy
from reviewbot.dag.retry import Answer, Jitter, Retry, Tried
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.runner import run
from reviewbot.testing import JumpingClock, left_over, present


async def lint(types: int) -> int:
    return types


async def types(lint: int) -> int:
    return lint


async def said() -> str:
    return "ok"


async def counted(said: int) -> int:
    return said


async def merge(lnt: int) -> int:
    return lnt


async def alone() -> int:
    return 1


@pytest.mark.feature("E27")
@pytest.mark.parametrize(
    ("works", "line"),
    [
        ([lint, types], "check: cycle: lint -> types -> lint"),
        ([alone, merge], "check: missing input 'lnt' of 'merge'"),
        ([alone, alone], "check: duplicate node 'alone'"),
        ([said, counted], "check: 'said' gives str, but 'said' of 'counted' expects int"),
    ],
    ids=["a cycle", "a missing name", "a name given twice", "a type that does not fit"],
)
def test_a_wrong_graph_is_told_in_one_line(works: list[Callable[..., Any]], line: str) -> None:
    with pytest.raises(GraphError) as caught:
        Graph(map(node, works))
    assert str(caught.value) == line


def refuse(*_given: object) -> Any:
    raise TypeError("unusable")


def confused(tried: Tried) -> Answer:
    return tried  # type: ignore[return-value] # that is the case


async def crash() -> int:
    raise ConnectionError("gone")


def hooked(hook: Callable[[Tried], Answer]) -> Policy:
    return Policy(retry=Retry(on=(ConnectionError,), base=0, jitter=Jitter.NONE, on_retry=hook))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("work", "policy", "told"),
    [
        (crash, hooked(refuse), "TypeError: unusable"),
        (crash, hooked(confused), "Tried"),
        (crash, Policy(classify=refuse), "TypeError: unusable"),
        (crash, Policy(fallback=Fallback(make=refuse)), "the fallback failed too: TypeError"),
        (alone, Policy(invariants=(Invariant(name="odd", holds=refuse),)), "'odd'"),
    ],
    ids=["a hook", "a hook's answer", "a classifier", "a fallback", "an invariant"],
)
async def test_a_broken_part_of_a_policy_is_its_nodes_failure_and_named(
    work: Callable[[], Awaitable[int]], policy: Policy, told: str
) -> None:
    done = await run(Graph([node(work, name="broken", policy=policy), node(alone)]))
    outcome = done.outcomes["broken"]
    assert outcome.status is Status.FAILED
    assert told in " ".join((outcome.reason, *done.warnings))
    assert done.value("alone") == 1


@pytest.mark.anyio
async def test_a_condition_that_raises_is_its_nodes_failure_and_named() -> None:
    def large(alone: int) -> bool:
        """the change is large"""
        return bool(alone > "x")  # type: ignore[operator] # that is the case

    async def report(alone: int) -> int:
        return alone

    async def tell(report: Outcome[int]) -> str:
        return report.reason

    done = await run(Graph([node(alone), node(report, when=large), node(tell)]))
    assert done.outcomes["report"].status is Status.FAILED
    assert done.value("tell").startswith("its condition (the change is large) raised TypeError")


@pytest.mark.anyio
async def test_a_plain_function_that_blocks_holds_up_its_dependents_only() -> None:
    def block() -> int:
        time.sleep(0.1)
        return 1

    @node
    async def after(alone: int) -> float:
        return time.perf_counter() + 0 * alone

    before = present()
    began = time.perf_counter()
    done = await run(Graph([node(block), node(alone), after]))
    assert done.value("after") - began < 0.1
    assert done.value("block") == 1
    assert await left_over(before) == ()


@pytest.mark.anyio
@pytest.mark.parametrize("jumps", [(-1.0,), (-3600.0,), (5.0, -7.0)])
async def test_a_clock_that_goes_backwards_spoils_times_and_nothing_else(
    jumps: tuple[float, ...],
) -> None:
    async def after(alone: int) -> int:
        return alone + 1

    policy = Policy(timeout=5, total=5)
    graph = Graph([node(alone, policy=policy), node(after, policy=policy)])
    done = await run(graph, clock=JumpingClock(jumps), deadline=5)
    assert done.value("after") == 2
    assert done.ended == ""


@pytest.mark.feature("E22")
def test_a_cancellation_of_asyncios_own_ends_the_run_like_any_other() -> None:
    calls: list[str] = []

    async def hang() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            calls.append("stopped")

    async def bounded() -> bool:
        try:
            async with asyncio.timeout(0.02):
                await run(Graph([Node(name="a", run=hang), Node(name="b", run=hang)]))
        except TimeoutError:
            return len(asyncio.all_tasks()) == 1
        return False

    assert asyncio.run(bounded())
    assert calls == ["stopped", "stopped"]
