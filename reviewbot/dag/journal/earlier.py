"""What earlier processes left of a run, as outcomes of its nodes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from reviewbot.dag import topology
from reviewbot.dag.items import Items
from reviewbot.dag.journal.outcomes import outcome_of
from reviewbot.dag.journal.rows import WORKING, AttemptRow, NodeRow, escaped
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome, Run
from reviewbot.dag.topology import Names


class Earlier:
    """Rows by path, with the attempts of the process that wrote each."""

    def __init__(self, rows: Iterable[NodeRow] = (), attempts: Iterable[AttemptRow] = ()) -> None:
        self._rows = {row.path: row for row in rows if row.status != WORKING}
        self._attempts: dict[tuple[str, int], list[Attempt]] = {}
        for row in attempts:
            self._attempts.setdefault((row.path, row.process), []).append(_attempt(row))

    def row(self, path: str) -> NodeRow | None:
        """The row of a node or item that has settled."""
        return self._rows.get(escaped(path))

    def attempts(self, row: NodeRow) -> tuple[Attempt, ...]:
        """The attempts that led to a row: of a subgraph that was tried again, the last time's."""
        found = self._attempts.get((row.path, row.process), [])
        firsts = [at for at, one in enumerate(found) if (one.number, one.by) == (1, found[0].by)]
        return tuple(found[firsts[-1] :]) if firsts else ()

    def outcome(self, path: str, node: Node) -> Outcome[Any] | None:
        """How the node or item ended, with its items or the run of its own graph.

        Raises:
            CodecError: the row, or one that belongs to it, is not one of such a node.
        """
        row = self.row(path)
        if row is None:
            return None
        item_at = partial(self._item, node)
        found = replace(outcome_of(row, node, item_at, self.attempts(row)), resumed=True)
        if isinstance(node.run, Nested) and not isinstance(found.value, Items):
            return replace(found, inner=self._inner(path, node.run))
        return found

    def _item(self, node: Node, path: str) -> Outcome[Any] | None:
        return self.outcome(path, node)

    def _inner(self, path: str, nested: Nested) -> Run:
        graph = nested.graph
        found = {name: self.outcome(f"{path}/{name}", graph.nodes[name]) for name in graph.order}
        return linked(found, graph.needs)


def linked(found: Mapping[str, Outcome[Any] | None], wanted: Mapping[str, Names]) -> Run:
    """The run of what has settled, in topological order; its links lead only to that."""
    outcomes: dict[str, Outcome[Any]] = {}
    needs: dict[str, Names] = {}
    for name, outcome in found.items():
        if outcome is not None:
            needs[name] = tuple(each for each in wanted[name] if each in outcomes)
            outcomes[name] = outcome
    return Run(
        outcomes=outcomes,
        seconds=max((one.started + one.seconds for one in outcomes.values()), default=0.0),
        needs=needs,
        dependents=topology.inverted(needs),
        waves=_waves(needs),
    )


def _waves(needs: Mapping[str, Names]) -> tuple[Names, ...]:
    wave = topology.waves(needs, needs)
    found: list[list[str]] = [[] for _ in range(max(wave.values(), default=-1) + 1)]
    for name, number in wave.items():
        found[number].append(name)
    return tuple(map(tuple, found))


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        number=row.number,
        by=row.by,
        started=row.started,
        seconds=row.seconds,
        error=row.error,
        delay=row.delay,
    )
