"""Running a graph: the one function others call."""

from collections.abc import Callable, Mapping
from random import SystemRandom
from typing import Any

import anyio

from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Run
from reviewbot.dag.running.clock import SYSTEM, Clock
from reviewbot.dag.running.events import Event, Listener
from reviewbot.dag.running.execution import Execution
from reviewbot.dag.running.ready import Ready


async def run(  # noqa: PLR0913 - the world comes in as arguments
    graph: Graph,
    inputs: Mapping[str, Any] | None = None,
    *,
    max_parallel: int | None = None,
    limits: Mapping[str, float] | None = None,
    estimates: Mapping[str, float] | None = None,
    deadline: float | None = None,
    grace: float = 30.0,
    stop: anyio.Event | None = None,
    clock: Clock = SYSTEM,
    random: Callable[[], float] | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Run:
    """Run every node of the graph as soon as what it needs has settled; never raise for a node.

    `limits` bound the sum of the nodes' resources, `max_parallel` their number; `estimates` are
    seconds per node and order the queue. When `deadline` (seconds) passes, or `stop` is set, the
    run ends early by one rule: nodes at work are cancelled (timed out, or cancelled), nodes that
    wait never start (skipped, or cancelled), and only *closing* nodes still run, for at most
    `grace` seconds: those whose every dependency is asked for as an Outcome or is itself closing,
    such as merge and decide. Cancelling the scope around `run` cancels everything at once and
    gives no Run: that is what `stop` is for.

    Raises:
        GraphError: an input that is missing or unknown; before any node starts.
        ValueError: a limit that lets nothing start.
    """
    given = dict(inputs or {})
    _check_inputs(graph, given)
    listener = None if on_event is None else Listener(on_event)
    ready = Ready(graph, estimates or {}, limits or {}, max_parallel)
    execution = Execution(graph, given, ready, clock, random or SystemRandom().random, listener)
    await execution.run(deadline, grace, stop)
    return execution.finished()


def _check_inputs(graph: Graph, given: Mapping[str, Any]) -> None:
    missing = [f"input {name!r} is not given" for name in graph.inputs if name not in given]
    extra = [
        f"unknown input {name!r}{nearest(name, graph.inputs)}"
        for name in given
        if name not in graph.inputs
    ]
    if missing or extra:
        raise GraphError([*missing, *extra], phase="start")
