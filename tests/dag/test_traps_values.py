"""What others were seen to do with values, items and results, and what we do instead."""

import logging
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from benchmarks.engine.shapes import chain
from benchmarks.engine.worker import Counter
from benchmarks.peers.ours import graph_of
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.dag.runner import run


# soak's work per node grows with the graph: 13.6 ms in a chain of 100.
@pytest.mark.feature("E29")
def test_the_work_per_node_does_not_grow_with_the_graph() -> None:
    def calls(length: int) -> float:
        graph, counted = graph_of(chain(length), Counter().body), 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event == "call"

        async def profiled() -> None:
            sys.setprofile(count)
            try:
                await run(graph)
            finally:
                sys.setprofile(None)

        anyio.run(profiled)
        return counted / length

    calls(100)  # imports
    assert calls(800) < 1.2 * calls(100)


# soak shuffles its documents with the global random state, and the order of sets shows in results.
@pytest.mark.feature("E11")
def test_the_order_of_a_result_depends_on_no_seed() -> None:
    script = """
import anyio
from benchmarks.engine.shapes import layers
from benchmarks.peers.ours import graph_of
from reviewbot.dag.runner import run

ran = []

async def body(name, **_needs):
    ran.append(name)

done = anyio.run(lambda: run(graph_of(layers(4, 6, skip=True), body), max_parallel=1))
print(*ran, *done.outcomes)
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1


# soak draws from the global random state: whoever seeded it gets other numbers afterwards.
@pytest.mark.anyio
async def test_the_global_random_state_is_nobodys_business() -> None:
    async def flaky() -> int:
        raise ConnectionError

    retry = Retry(on=(ConnectionError,), attempts=3, base=0.0001)
    before = random.getstate()
    await run(Graph([node(flaky, policy=Policy(retry=retry))]))
    assert random.getstate() == before


# dagengine warns on the console, Hamilton logs a traceback and a request to join its Slack.
@pytest.mark.anyio
async def test_a_failure_is_told_to_the_caller_and_to_nobody_else(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def crash() -> int:
        raise ValueError

    with caplog.at_level(logging.DEBUG, logger="reviewbot"):
        await run(Graph([node(crash)]))
    assert (capfd.readouterr(), caplog.records) == (("", ""), [])


# DAGFlow runs two independent nodes of 0.3 s one after the other.
@pytest.mark.feature("E07")
def test_what_is_independent_runs_at_the_same_time(virtual: Any) -> None:
    async def sleep() -> None:
        await anyio.sleep(0.3)

    graph = Graph(Node(name=name, run=sleep) for name in ("lint", "types"))
    assert virtual(lambda: run(graph, clock=virtual.clock)).seconds == pytest.approx(0.3)


def plain() -> int:
    return 1


async def coroutine() -> int:
    return 1


def gives_a_coroutine() -> Any:
    return coroutine()


# DAGFlow hands a coroutine object to whoever wants the value of an `async def`.
@pytest.mark.parametrize("work", [plain, coroutine, gives_a_coroutine])
@pytest.mark.anyio
@pytest.mark.feature("E20")
async def test_whoever_needs_a_value_gets_the_value(work: Callable[[], Any]) -> None:
    async def add(one: int) -> int:
        return one + 1

    done = await run(Graph([Node(name="one", run=work), node(add)]))
    assert done.value("add") == 2


# DAGFlow gives the last node's output only; SynapseKit one state that everybody writes into.
@pytest.mark.anyio
@pytest.mark.feature("E17")
async def test_every_node_has_its_result_and_none_can_overwrite_anothers() -> None:
    async def lint() -> dict[str, int]:
        return {"found": 1}

    async def types(lint: dict[str, int]) -> dict[str, int]:
        lint["found"] = 9
        return {"found": 2}

    done = await run(Graph([node(lint), node(types)]))
    assert {name: outcome.value for name, outcome in done.outcomes.items()} == {
        "lint": {"found": 1},
        "types": {"found": 2},
    }
