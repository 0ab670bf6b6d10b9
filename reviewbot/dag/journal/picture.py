"""A frozen Run out of rows: subgraphs in their nodes, items in theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reviewbot.dag import topology
from reviewbot.dag.items import Items
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.text import decoded, loaded
from reviewbot.dag.journal.links import LINKS, Link
from reviewbot.dag.journal.outcomes import outcome_of
from reviewbot.dag.journal.rows import WORKING, AttemptRow, NodeRow, ProcessRow, RunRow
from reviewbot.dag.run import Attempt, Outcome, Run

_TOLD = shape_of(dict[str, Any])
_AMOUNTS = shape_of(dict[str, float])
_TEXTS = shape_of(dict[str, str])
_LINES = shape_of(list[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The rows of one run."""

    run: RunRow
    nodes: tuple[NodeRow, ...]
    attempts: tuple[AttemptRow, ...]
    processes: tuple[ProcessRow, ...]


def pictured(picture: Picture) -> Run:
    """The run as far as it has settled; links lead only to what has.

    Raises:
        CodecError: a text is not what it should be.
    """
    row = picture.run
    told = decoded(loaded(row.told), _TOLD)
    return replace(
        _Graphs(picture).run("", decoded(loaded(row.links), LINKS)),
        name=row.name,
        seconds=row.seconds,
        ended=row.ended,
        spent=decoded(told.get("spent", {}), _AMOUNTS),
        breakers=decoded(told.get("breakers", {}), _TEXTS),
        warnings=tuple(decoded(told.get("warnings", []), _LINES)),
    )


class _Graphs:
    """The graphs of a run by their place in it: empty, `pack/`, `pack[a.py]/`."""

    def __init__(self, picture: Picture) -> None:
        self._rows = {row.path: row for row in picture.nodes if row.status != WORKING}
        self._attempts: dict[tuple[str, int], list[Attempt]] = {}
        self._last = max((each.number for each in picture.processes), default=1)
        for row in picture.attempts:
            self._attempts.setdefault((row.path, row.process), []).append(_attempt(row))

    def run(self, home: str, links: Mapping[str, Link]) -> Run:
        """What has settled of the graph at this place."""
        outcomes: dict[str, Outcome[Any]] = {}
        needs: dict[str, tuple[str, ...]] = {}
        for name, link in links.items():
            outcome = self._outcome(home + name, link.inner)
            if outcome is not None:
                needs[name] = tuple(each for each in link.needs if each in outcomes)
                outcomes[name] = outcome
        return Run(
            outcomes=outcomes,
            seconds=max((one.started + one.seconds for one in outcomes.values()), default=0.0),
            needs=needs,
            dependents=topology.inverted(needs),
            waves=_waves(needs),
        )

    def _outcome(self, path: str, inner: Mapping[str, Link] | None) -> Outcome[Any] | None:
        row = self._rows.get(path)
        if row is None:
            return None
        attempts = tuple(self._attempts.get((path, row.process), ()))
        outcome = outcome_of(row, None, lambda at: self._outcome(at, inner), attempts)
        outcome = replace(outcome, resumed=row.process < self._last)
        if inner is None or isinstance(outcome.value, Items):
            return outcome
        return replace(outcome, inner=self.run(f"{path}/", inner))


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        number=row.number,
        by=row.by,
        started=row.started,
        seconds=row.seconds,
        error=row.error,
        delay=row.delay,
    )


def _waves(needs: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    wave = topology.waves(tuple(needs), needs)
    found: list[list[str]] = [[] for _ in range(max(wave.values(), default=-1) + 1)]
    for name, number in wave.items():
        found[number].append(name)
    return tuple(map(tuple, found))
