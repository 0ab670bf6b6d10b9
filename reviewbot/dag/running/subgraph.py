"""A subgraph at work: each attempt runs its graph anew, in the queue of the run around it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import anyio

from reviewbot.dag.nested import Nested
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.running.amounts import total
from reviewbot.dag.running.ending import Ending
from reviewbot.dag.running.promise import Partial
from reviewbot.dag.running.scheduler import Scheduler
from reviewbot.dag.running.unit import Unit

_TROUBLES = frozenset({Status.FAILED, Status.TIMED_OUT, Status.CANCELLED, Status.PARTIAL})


class SubgraphError(Exception):
    """Indicates that the node that should give the value of a subgraph gave none."""


class Inner(Protocol):
    """The graph of a subgraph while it runs."""

    ending_of_all: Ending | None
    scheduler: Scheduler

    def begin(self) -> None:
        """Queue every node that needs nobody."""
        ...

    def finished(self) -> Run:
        """What happened."""
        ...


class Subgraph:
    """What the unit of a subgraph calls: `inside` makes the graph that is run."""

    def __init__(
        self,
        nested: Nested,
        inside: Callable[[Unit, Nested, Mapping[str, Any], Callable[[], None]], Inner],
        unit: Unit,
    ) -> None:
        self._nested = nested
        self._inside = inside
        self._unit = unit
        self._settled = anyio.Event()
        self._is_abandoned = False
        self._run: Run | None = None
        self._spent: Mapping[str, float] = {}

    async def __call__(self, **arguments: Any) -> Any:  # noqa: ANN401 - the graph's own value
        """Run the graph to its end and give its value.

        Cut off from outside it is not left before its nodes have ended.
        """
        self._settled = settled = anyio.Event()
        self._run = None
        inner = self._inside(self._unit, self._nested, arguments, settled.set)
        inner.begin()
        inner.scheduler.recruit()
        try:
            await settled.wait()
        except anyio.get_cancelled_exc_class():
            await self._cut(inner, settled)
            raise
        return given(self._nested, self._note(inner))

    async def _cut(self, inner: Inner, settled: anyio.Event) -> None:
        if inner.scheduler.is_abandoned:
            return
        why = f"{self._unit.name!r} was cut off"
        inner.ending_of_all = Ending(why=why, working=Status.CANCELLED, waiting=Status.CANCELLED)
        inner.scheduler.sweep()
        with anyio.CancelScope(shield=True):
            await settled.wait()
        if not self._is_abandoned:
            self._note(inner)

    def _note(self, inner: Inner) -> Run:
        self._run = run = inner.finished()
        self._spent = total(self._spent, *(one.spent for one in run.outcomes.values()))
        return run

    def abandon(self) -> None:
        """Nobody works any more: the run itself was cancelled."""
        self._is_abandoned = True
        self._settled.set()

    def completed(self, outcome: Outcome[Any]) -> Outcome[Any]:
        """The outcome with the inner run of the last attempt and what its nodes spent."""
        inside = "" if outcome.ok or self._run is None else _culprit(self._nested, self._run)
        return replace(
            outcome,
            inner=self._run,
            reason=f"{outcome.reason}; inside: {inside}" if inside else outcome.reason,
            spent=self._spent,
        )


def given(nested: Nested, run: Run) -> Any:  # noqa: ANN401 - the graph's own value
    """The value of a subgraph, as a `Partial` when some of its nodes failed but it has a value.

    Raises:
        SubgraphError: a node that should give the value has none, and no error either.
    """
    names = _givers(nested, run)
    for name in names:
        outcome = run.outcomes[name]
        if not outcome.ok:
            raise outcome.error or SubgraphError(str(outcome))
    value = (
        run.outcomes[nested.gives].value
        if nested.gives
        else {name: run.outcomes[name].value for name in names}
    )
    troubles = [str(one) for one in run.outcomes.values() if one.status in _TROUBLES]
    return Partial(value, ", ".join(troubles)) if troubles else value


def _givers(nested: Nested, run: Run) -> tuple[str, ...]:
    if nested.gives:
        return (nested.gives,)
    return tuple(name for name in run.outcomes if not run.dependents[name])


def _culprit(nested: Nested, run: Run) -> str:
    lost = (run.outcomes[name] for name in _givers(nested, run))
    return next((str(one) for one in lost if not one.ok), "")
