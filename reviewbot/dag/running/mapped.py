"""One node over its items: a unit for each, and one outcome of them all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from reviewbot.dag.edge import Edge
from reviewbot.dag.items import Each, Item, Items
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome, Status
from reviewbot.dag.running.amounts import total
from reviewbot.dag.running.ending import Ending
from reviewbot.dag.running.error import describe
from reviewbot.dag.running.events import NodeSettled, NodeStarted
from reviewbot.dag.running.scheduler import Scheduler, unstarted
from reviewbot.dag.running.spread import Portion
from reviewbot.dag.running.unit import Surroundings, Unit

_SHOWN = 5  # items that a reason names at most


class Home(Protocol):
    """The graph that the node is part of."""

    around: Surroundings
    scheduler: Scheduler

    def portions(self, node: Node) -> tuple[Portion, ...]:
        """What the node is mapped over."""
        ...

    def received(self, edges: Iterable[Edge]) -> dict[str, Any]:
        """One argument per edge."""
        ...

    def ending_for(self, name: str) -> Ending | None:
        """Why the node may not go on."""
        ...

    def push(self, unit: Unit) -> None:
        """Queue the unit of an item."""
        ...

    def end(self, name: str, outcome: Outcome[Any]) -> None:
        """The node ended."""
        ...


class Mapped:
    """The items of one node while they are worked on."""

    def __init__(self, home: Home, unit: Unit, each: Each) -> None:
        self.around = home.around
        self._home = home
        self._unit = unit
        self._node = unit.node
        self._each = each
        self._constant = [edge for edge in unit.node.edges if edge.parameter not in each.over]
        self._began = home.around.now()
        self._portions: tuple[Portion, ...] = ()
        self._places: dict[Unit, int] = {}
        self._outcomes: dict[int, Outcome[Any]] = {}
        self._next = 0
        self._working = 0
        self._is_feeding = False

    def begin(self) -> None:
        """Queue the items, or end at once when there are none."""
        scheduler, unit = self._home.scheduler, self._unit
        if scheduler.recording is not None:
            scheduler.recording.started(unit.path, unit.node, self._began)
        if scheduler.tell is not None:
            scheduler.tell(NodeStarted(node=unit.path, at=self._began))
        try:
            self._portions = self._home.portions(self._node)
        except Exception as error:  # noqa: BLE001 - the wall of a node: keys are a stranger's code
            self._fail(error)
        else:
            self._feed()

    def _fail(self, error: Exception) -> None:
        failed: Outcome[Any] = Outcome(
            node=self._node.name,
            status=Status.FAILED,
            reason=describe(error),
            started=self._began,
            error=error,
        )
        self._home.end(self._node.name, failed)

    def _feed(self) -> None:
        """Queue items up to the limit of how many are worked on at once; end after the last."""
        if self._is_feeding:
            return
        self._is_feeding = True
        most = self._each.parallel or len(self._portions)
        while self._next < len(self._portions) and self._working < most:
            place = self._next
            self._next += 1
            self._start(place)
        self._is_feeding = False
        if len(self._outcomes) == len(self._portions):
            self._home.end(self._node.name, self._together())

    def _start(self, place: int) -> None:
        portion, unit = self._portions[place], self._of(place)
        outcome = self._decided(place, portion, unit)
        self._places[unit] = place
        self._working += 1
        if outcome is None:
            self._home.push(unit)
        else:
            self.settle(unit, outcome)

    def _of(self, place: int) -> Unit:
        whole, portion = self._unit, self._portions[place]
        key = portion.key
        return Unit(
            self,
            self._node,
            f"{whole.name}[{key}]",
            f"{whole.path}[{key}]",
            (*whole.key, place),
            whole.lane,
            portion.id,
        )

    def _decided(self, place: int, portion: Portion, unit: Unit) -> Outcome[Any] | None:
        """The outcome an item ends with at once, None when it is to be run."""
        at, recording = self.around.now(), self._home.scheduler.recording
        known = None if recording is None else recording.known(unit.path, self._node)
        if known is not None:
            return known
        ending = self._home.ending_for(self._node.name)
        if ending is not None:
            return unstarted(unit.name, ending, at)
        limit = self._each.limit
        if limit is not None and place >= limit:
            why = f"not done: only {limit} items are"
            return Outcome(node=unit.name, status=Status.SKIPPED, reason=why, started=at)
        return portion.skipped(unit.name, at)

    def arguments(self, unit: Unit) -> dict[str, Any]:
        """What the node is called with for this item."""
        portion = self._portions[self._places[unit]]
        return {**self._home.received(self._constant), **portion.arguments()}

    def ending(self, _unit: Unit) -> Ending | None:
        """Why no item may go on, or start."""
        return self._home.ending_for(self._node.name)

    def settle(self, unit: Unit, outcome: Outcome[Any]) -> None:
        """An item ended."""
        scheduler = self._home.scheduler
        if scheduler.recording is not None:
            outcome = scheduler.recording.settled(unit.path, self._node, outcome)
            scheduler.recording.committed(lambda: None)
        if scheduler.tell is not None:
            scheduler.tell(NodeSettled(node=unit.path, outcome=outcome))
        self._outcomes[self._places[unit]] = outcome
        self._working -= 1
        self._feed()

    def _together(self) -> Outcome[Any]:
        ordered = [self._outcomes[place] for place in range(len(self._portions))]
        items = Items(
            tuple(
                Item(key=portion.key, id=portion.id, outcome=outcome, sources=portion.sources)
                for portion, outcome in zip(self._portions, ordered, strict=True)
            )
        )
        whole = combined(self._node.name, ordered)
        return replace(
            whole,
            value=items,
            started=self._began,
            seconds=max(0.0, self.around.now() - self._began),
        )


def combined(name: str, outcomes: Sequence[Outcome[Any]]) -> Outcome[Any]:
    """The one outcome of a node's items, without its value and times.

    Succeeded when all items did; fell back, rerouted, or cached, when all have a value but some
    came that way; partial when some have none, or are partial themselves; when none has a value,
    the worst of what became of them. Without items a node has succeeded.
    """
    missing = [one for one in outcomes if not one.ok]
    worst = _worst({one.status for one in (missing or outcomes)}, len(outcomes))
    status = Status.PARTIAL if 0 < len(missing) < len(outcomes) else worst
    notable = missing or [one for one in outcomes if one.status is status and one.reason]
    error = next((one for one in missing if one.error is not None), None)
    return Outcome(
        node=name,
        status=status,
        reason=_reason(missing, notable, len(outcomes)),
        answered_by=name if len(missing) < len(outcomes) or not outcomes else "",
        error=None if error is None else error.error,
        kind=None if error is None else error.kind,
        spent=total(*(one.spent for one in outcomes)),
        resumed=bool(outcomes) and all(one.resumed for one in outcomes),
    )


def _worst(found: set[Status], count: int) -> Status:
    order = (
        Status.FAILED,
        Status.TIMED_OUT,
        Status.CANCELLED,
        Status.SKIPPED,
        Status.PARTIAL,
        Status.FELL_BACK,
        Status.REROUTED,
    )
    if count and found == {Status.CACHED}:
        return Status.CACHED
    return next((status for status in order if status in found), Status.SUCCEEDED)


def _reason(missing: Sequence[object], notable: Sequence[Outcome[Any]], count: int) -> str:
    if not notable:
        return ""
    shown = ", ".join(str(one) for one in notable[:_SHOWN])
    more = f" and {len(notable) - _SHOWN} more" if len(notable) > _SHOWN else ""
    return f"{len(missing)} of {count} missing: {shown}{more}" if missing else f"{shown}{more}"
