"""A frozen Run out of rows: subgraphs in their nodes, items in theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reviewbot.dag.items import Items
from reviewbot.dag.journal.codec.annotations import shape_of
from reviewbot.dag.journal.codec.text import decoded, loaded
from reviewbot.dag.journal.earlier import Earlier, linked
from reviewbot.dag.journal.links import LINKS, Link
from reviewbot.dag.journal.outcomes import outcome_of
from reviewbot.dag.journal.rows import AttemptRow, NodeRow, ProcessRow, RunRow
from reviewbot.dag.run import Outcome, Run

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
        self._settled = Earlier(picture.nodes, picture.attempts)
        self._last = max((each.number for each in picture.processes), default=1)

    def run(self, home: str, links: Mapping[str, Link]) -> Run:
        """What has settled of the graph at this place."""
        found = {name: self._outcome(home + name, link.inner) for name, link in links.items()}
        return linked(found, {name: link.needs for name, link in links.items()})

    def _outcome(self, path: str, inner: Mapping[str, Link] | None) -> Outcome[Any] | None:
        row = self._settled.row(path)
        if row is None:
            return None
        attempts = self._settled.attempts(row)
        outcome = outcome_of(row, None, lambda at: self._outcome(at, inner), attempts)
        outcome = replace(outcome, resumed=row.process < self._last)
        if inner is None or isinstance(outcome.value, Items):
            return outcome
        return replace(outcome, inner=self.run(f"{path}/", inner))
