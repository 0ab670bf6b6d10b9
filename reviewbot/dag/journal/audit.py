"""Two runs beside each other: the first node that did something else, and since when."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from reviewbot.dag.journal.reader import RecordedNode, RecordedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Where two runs part: the node, in which of its facts, and what they were.

    `what` is "status", "value", "inputs", "code", or "presence" for a node that only one run has.
    """

    path: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path} differs in {self.what}: {self.before[:12]} became {self.after[:12]}"


def deviations(before: RecordedRun, after: RecordedRun) -> Iterator[Deviation]:
    """Every node and item that is not the same in both, in the order of the graph.

    Who merely received something else is among them, after those who gave it.
    """
    order = {name: place for place, name in enumerate({**before.run.needs, **after.run.needs})}
    nodes = {**after.nodes, **before.nodes}
    for path in sorted(nodes, key=lambda each: (*_place(each, order), nodes[each].started, each)):
        found = _deviation(path, before.nodes.get(path), after.nodes.get(path))
        if found is not None:
            yield found


def deviation(before: RecordedRun, after: RecordedRun) -> Deviation | None:
    """The first node that deviated; None when both runs did the same.

    It is a cause: it received the same and gave something else, is other code, or is in one of them
    only. Where there is no such node, because the runs began with other inputs, it is the first
    that received something else.
    """
    found = tuple(deviations(before, after))
    return next((each for each in found if each.what != "inputs"), next(iter(found), None))


def _place(path: str, order: Mapping[str, int]) -> tuple[int, bool]:
    """Where the node, or the one that it is inside of, is in the graph; parts come first."""
    if path in order:
        return order[path], True
    cuts = (at for at, letter in enumerate(path) if letter in "/[")
    home = next((path[:at] for at in cuts if path[:at] in order), "")
    return order.get(home, len(order)), False


def _deviation(
    path: str, before: RecordedNode | None, after: RecordedNode | None
) -> Deviation | None:
    if before is None or after is None:
        was, now = (_ABSENT if each is None else _PRESENT for each in (before, after))
        return Deviation(path=path, what="presence", before=was, after=now)
    for what, fact in _FACTS.items():
        if fact(before) != fact(after):
            return Deviation(path=path, what=what, before=fact(before), after=fact(after))
    return None


_ABSENT, _PRESENT = "absent", "present"

# What it received comes before what it made of that: who received something else is no cause.
_FACTS: Mapping[str, Callable[[RecordedNode], str]] = {
    "code": attrgetter("code"),
    "inputs": attrgetter("inputs"),
    "status": attrgetter("status"),
    "value": attrgetter("digest"),
}
