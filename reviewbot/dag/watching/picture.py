"""What a run looks like right now, as lines: the pure half of the live view."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from reviewbot.dag.diagram.signs import SIGNS
from reviewbot.dag.diagram.walk import above
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Outcome
from reviewbot.dag.running.events import (
    AttemptFailed,
    AttemptStarted,
    Event,
    NodeSettled,
    NodeStarted,
    RunStarted,
    Spent,
)
from reviewbot.dag.trace.describe import amounts

WAITING, WORKING, PAUSING = "◦", "▶", "↻"


@dataclass(slots=True, kw_only=True)
class Place:
    """A node as it stands: waiting, at work since `since`, pausing between attempts, or ended.

    `done` and `failed` count its items, `within` is what of its subgraph is at work.
    """

    name: str
    wave: int
    needs: tuple[str, ...] = ()
    sign: str = WAITING
    since: float | None = None
    told: str = ""
    outcome: Outcome[object] | None = None
    done: int = 0
    failed: int = 0
    within: dict[str, float] = field(default_factory=dict)


class Picture:
    """The nodes of a run by wave, kept up to date by events."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._total: Mapping[str, float] = {}

    def take(self, event: Event) -> None:
        """Bring the picture up to date."""
        match event:
            case RunStarted(graph=graph):
                self._places = _places(graph)
            case NodeStarted(node=node, at=at):
                self._started(node, at)
            case AttemptStarted(node=node, by=by, number=number):
                self._attempt(node, by, number)
            case AttemptFailed(node=node, attempt=attempt, retry_in=wait) if wait is not None:
                self._pauses(node, f"{attempt.error}; again in {wait:.1f} s")
            case Spent(total=total):
                self._total = total
            case NodeSettled(node=node, outcome=outcome):
                self._settled(node, outcome)

    def _started(self, path: str, at: float) -> None:
        owner = self._owner(path)
        if owner is None:
            owner = self._places.setdefault(path, Place(name=path, wave=1))
        if owner.name == path:
            owner.sign, owner.since = WORKING, at
        else:
            owner.within[path.removeprefix(owner.name)] = at

    def _attempt(self, path: str, by: str, number: int) -> None:
        place = self._places.get(path)
        if place is not None:
            place.sign = WORKING
            other = "" if by == place.name else f"by {by}"
            place.told = " ".join(filter(None, [other, f"attempt {number}" if number > 1 else ""]))

    def _pauses(self, path: str, told: str) -> None:
        place = self._places.get(path)
        if place is not None:
            place.sign, place.told = PAUSING, told

    def _settled(self, path: str, outcome: Outcome[object]) -> None:
        owner = self._owner(path)
        if owner is None:
            owner = self._places.setdefault(path, Place(name=path, wave=1))
        if owner.name == path:
            owner.sign, owner.outcome, owner.told = SIGNS[outcome.status], outcome, outcome.reason
            return
        inside = path.removeprefix(owner.name)
        owner.within.pop(inside, None)
        if inside.startswith("[") and inside.endswith("]"):
            owner.done += 1
            owner.failed += not outcome.ok

    def _owner(self, path: str) -> Place | None:
        """The node of the outermost graph that this path is, or is inside of."""
        if path in self._places:
            return self._places[path]
        return next((self._places[one] for one in above(path) if one in self._places), None)

    def lines(self, now: float, width: int = 80, height: int = 24) -> tuple[str, ...]:
        """The picture at `now` (seconds since the start), in at most `height` lines of `width`.

        Where there is no room for all nodes, those at work are shown first, then those that did
        not simply succeed, then those that wait; a line says how many are left out.
        """
        places = list(self._places.values())
        shown = _chosen(places, max(1, height - 2))
        column = max((_columns(place.name) for place in shown), default=0)
        column = min(column, max(8, width // 3))
        lines = [*_rows(shown, column, now, self._places)]
        if len(shown) < len(places):
            lines.append(f"        … {len(places) - len(shown):,} more")
        lines.append(self._sum(places, now))
        return tuple(cut(line, width) for line in lines)

    def _sum(self, places: list[Place], now: float) -> str:
        ended = sum(place.outcome is not None for place in places)
        working = sum(place.since is not None and place.outcome is None for place in places)
        used = f" · {amounts(self._total)}" if self._total else ""
        return f"{ended} of {len(places)} ended · {working} at work · {now:.1f} s{used}"


def _places(graph: Graph) -> dict[str, Place]:
    return {
        name: Place(name=name, wave=number, needs=graph.needs[name])
        for number, wave in enumerate(graph.waves(), start=1)
        for name in wave
    }


def _chosen(places: list[Place], most: int) -> list[Place]:
    if len(places) <= most:
        return places
    urgent = sorted(range(len(places)), key=lambda index: (_urgency(places[index]), index))
    return [places[index] for index in sorted(urgent[: max(1, most - 1)])]


def _urgency(place: Place) -> int:
    if place.outcome is None:
        return 2 if place.since is None else 0
    return 3 if not place.outcome.reason else 1


def _rows(
    places: list[Place], column: int, now: float, known: Mapping[str, Place]
) -> Iterator[str]:
    wave = 0
    for place in places:
        label = f"wave {place.wave}" if place.wave != wave else ""
        wave = place.wave
        name = cut(place.name, column)
        yield f"{label:8}{place.sign} {_padded(name, column)} {_said(place, now, known)}".rstrip()


def _said(place: Place, now: float, known: Mapping[str, Place]) -> str:
    if place.outcome is not None:
        took = f"{place.outcome.seconds:7.1f} s" if place.since is not None else " " * 9
        used = f"  {amounts(place.outcome.spent)}" if place.outcome.spent else ""
        status = place.outcome.status.value
        return f"{took}  {status}{f': {place.told}' if place.told else ''}{_items(place)}{used}"
    if place.since is None:
        return " " * 11 + _waits(place, known)
    inside = ", ".join(name.lstrip("/") for name in place.within)
    told = "  ".join(filter(None, [place.told, inside]))
    return f"{max(0.0, now - place.since):7.1f} s  {told}{_items(place)}"


def _items(place: Place) -> str:
    failed = f", {place.failed} of them failed" if place.failed else ""
    return f"  {place.done} items{failed}" if place.done else ""


def _waits(place: Place, known: Mapping[str, Place]) -> str:
    """Whom it still waits for; nobody means the queue."""
    missing = [name for name in place.needs if name in known and known[name].outcome is None]
    return f"waits for {', '.join(missing)}" if missing else "waits for its turn"


def cut(text: str, width: int) -> str:
    """At most this many columns of the text on one line, in which nothing steers the terminal."""
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    if _columns(clean) <= width:
        return clean
    found, used = [], 0
    for character in clean:
        used += _columns(character)
        if used > width - 1:
            break
        found.append(character)
    return "".join(found) + "…"


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - _columns(text))


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
