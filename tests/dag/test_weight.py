"""The engine is light: quick to import, and free where there is nothing to schedule."""

import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.runner import run

LOADED = "import sys; before = set(sys.modules); import {}; print(*set(sys.modules) - before)"


def loaded(*modules: str) -> set[str]:
    code = LOADED.format(", ".join(modules))
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return {name.partition(".")[0] for name in answer.stdout.split()}


@pytest.mark.feature("E62")
def test_importing_the_engine_imports_anyio_and_the_standard_library_only() -> None:
    fresh = loaded("reviewbot.dag.runner", "reviewbot.dag.branch", "reviewbot.dag.diagram.lines")
    anyios = {"anyio", "typing_extensions", "sniffio"}
    assert fresh - sys.stdlib_module_names - anyios == {"reviewbot"}


async def work() -> int:
    """About as long as the shortest tool: a millisecond of CPU."""
    until = time.process_time() + 0.001
    while time.process_time() < until:
        pass
    return 1


@pytest.mark.feature("E62")
def test_a_graph_of_one_node_costs_no_more_than_calling_it() -> None:
    graph = Graph([node(work)])

    async def through_the_engine() -> object:
        return await run(graph)

    async def timed(call: Callable[[], Awaitable[object]]) -> float:
        taken = []
        for _ in range(30):
            begun = time.process_time()
            await call()
            taken.append(time.process_time() - begun)
        return min(taken)

    bare, engine = anyio.run(timed, work), anyio.run(timed, through_the_engine)
    assert engine - bare < 0.002  # a tenth of what the quickest tool takes to start
