"""Running a graph: the one function others call."""

from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.locks import waiting_in_circles
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Run
from reviewbot.dag.running.execution import Execution
from reviewbot.dag.running.ledger import check_costs
from reviewbot.dag.running.options import Changes, Options

DEFAULTS = Options()


async def run(
    graph: Graph,
    inputs: Mapping[str, Any] | None = None,
    options: Options = DEFAULTS,
    **changes: Unpack[Changes],
) -> Run:
    """Run every node of the graph as soon as what it needs has settled; never raise for a node.

    Nodes, the items of nodes that map, and the nodes of subgraphs wait in one queue, under the same
    limits; a node that maps and a subgraph hold no slot themselves. `changes` are laid over the
    `options`.

    When the deadline passes, or `stop` is set, or a failure's route says so, the run ends early by
    one rule: nodes at work are cancelled (timed out, or cancelled), nodes that wait never start
    (skipped, or cancelled), and only *closing* nodes still run, for at most `grace` seconds: those
    whose every dependency is asked for as an Outcome or is itself closing, such as merge and
    decide. Items that have ended by then are kept. Where there is neither a deadline nor a `stop`
    a failure's route can keep nodes from starting, but those at work finish.
    Cancelling the scope around `run` cancels everything at once and gives no Run: that is what
    `stop` is for.

    Raises:
        GraphError: an input or a label that is missing or unknown, an estimate in a budget that
            there is not, subgraphs whose locks could wait for each other or that are backups;
            before any node starts.
        ValueError: a limit that lets nothing start, a budget below zero.
    """
    chosen = options.but(**changes) if changes else options
    given = dict(inputs or {})
    _check_inputs(graph, given, chosen.labels)
    noted = dict(_noted(graph))
    _check_subgraphs(graph, noted)
    check_costs(noted, chosen.budgets)
    execution = Execution(graph, given, chosen)
    return await execution.run()


def _check_inputs(graph: Graph, given: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    missing = [f"input {name!r} is not given" for name in graph.inputs if name not in given]
    extra = [
        f"unknown {kind} {name!r}{nearest(name, graph.inputs)}"
        for kind, names in (("input", given), ("label of input", labels))
        for name in names
        if name not in graph.inputs
    ]
    if missing or extra:
        raise GraphError([*missing, *extra], phase="start")


def _check_subgraphs(graph: Graph, noted: Mapping[str, Node]) -> None:
    backups = [
        f"backup {backup.name!r} of {path!r} is a subgraph; only a node of its own can be one"
        for path, node in noted.items()
        for backup in node.policy.backups
        if isinstance(backup.run, Nested)
    ]
    circles = waiting_in_circles(graph)
    if backups or circles:
        raise GraphError([*backups, *circles], phase="start")


def _noted(graph: Graph, prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Nodes that cost something or have backups, by path, also those of subgraphs."""
    for name, node in graph.nodes.items():
        policy = node.policy
        if policy.cost is not None or policy.backups:
            yield prefix + name, node
        if isinstance(node.run, Nested):
            yield from _noted(node.run.graph, f"{prefix}{name}/")
