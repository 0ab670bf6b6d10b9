"""The workers of a run: whoever is free takes the best unit there is."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import anyio
from anyio.abc import TaskGroup

from reviewbot.dag.run import Outcome
from reviewbot.dag.running.ending import Ending
from reviewbot.dag.running.events import Event, NodeStarted
from reviewbot.dag.running.guard import Guard
from reviewbot.dag.running.leash import Leash
from reviewbot.dag.running.plan import Plans
from reviewbot.dag.running.ready import Ready
from reviewbot.dag.running.recording import Recording
from reviewbot.dag.running.unit import Surroundings, Unit

T = TypeVar("T")

_SHARE = 64  # units that one worker runs at most


class Whole(Protocol):
    """A unit's work that is done by other units; it has the last word on the outcome."""

    def completed(self, outcome: Outcome[Any]) -> Outcome[Any]:
        """The outcome with what the parts add to it."""
        ...

    def abandon(self) -> None:
        """Nobody works any more."""
        ...


class Scheduler:
    """One queue for the nodes, items and subgraphs of a run, and the tasks that work it off.

    A worker is a task that runs one unit after another, because a task per unit costs more than a
    short node does. So what a node sets in a context variable it has to reset.
    """

    around: Surroundings

    def __init__(self, ready: Ready, plans: Plans, tell: Callable[[Event], None] | None) -> None:
        self.ready = ready
        self.plans = plans
        self.tell = tell
        self.recording: Recording | None = None
        self.wholes: dict[Unit, Whole] = {}
        self._resuming: dict[Unit, anyio.Event] = {}
        self._tasks: TaskGroup | None = None
        self._is_starting = False
        self.is_abandoned = False
        self._around_inner: Surroundings | None = None

    @property
    def around_inner(self) -> Surroundings:
        """The surroundings of units inside subgraphs: they can be cut off with their subgraph."""
        if self._around_inner is None:
            self._around_inner = replace(self.around, interruptible=True)
        return self._around_inner

    async def work_off(self, begin: Callable[[], None]) -> None:
        """Run what `begin` puts into the queue, and all that follows from it, to the end.

        No node runs in the caller's task: what cancels that from outside would hit the node.
        """
        async with anyio.create_task_group() as self._tasks:
            begin()
            self.recruit()

    def spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start a task that the run waits for."""
        if self._tasks is not None:
            self._tasks.start_soon(self._mourned, work)

    async def _mourned(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except BaseException:
            self.abandon()
            raise

    async def _work(self) -> None:
        """Run ready units; a worker that did its share leaves the rest to a fresh one.

        Whoever takes a unit first sees to it that somebody takes the next. Leaving gives the event
        loop its turn, also when no node ever waits for anything.
        """
        self._is_starting = False
        ready, leash = self.ready, Leash(self.around.new_scope)
        try:
            for _ in range(_SHARE):
                unit = ready.take()
                if unit is None:
                    break
                if self._resuming and self._resumes(unit):
                    continue
                self.recruit()
                owner, unit.leash = unit.owner, leash
                if self.tell is not None or self.recording is not None:
                    self._announce(unit)
                outcome = await Guard(unit, owner.around).outcome()
                ready.release(unit)
                if self.wholes and unit in self.wholes:
                    outcome = self.wholes.pop(unit).completed(outcome)
                owner.settle(unit, outcome)
        except BaseException as error:
            self.abandon()
            leash.left(error)
            raise
        try:
            leash.left(None)
        except RuntimeError as error:
            self.around.warn(f"a node left a cancel scope of its own open: {first_line(error)}")
        self.recruit()

    def abandon(self) -> None:
        """The run itself is cancelled: nobody works any more, so nobody may wait for the end."""
        self.is_abandoned = True
        for whole in self.wholes.values():
            whole.abandon()

    def recruit(self) -> None:
        """Start one more worker if there is work for it; it will see to the next one."""
        if not self._is_starting and self._tasks is not None and self.ready:
            self._is_starting = True
            self._tasks.start_soon(self._work)

    def _announce(self, unit: Unit) -> None:
        at = self.around.now()
        if self.recording is not None:
            self.recording.started(unit.path, unit.node, at)
        if self.tell is not None:
            self.tell(NodeStarted(node=unit.path, at=at))

    async def apart(self, unit: Unit, work: Callable[[], Awaitable[T]]) -> T:
        """Wait for `work`; the unit's slot and resources are others' meanwhile."""
        self.ready.release(unit)
        self.recruit()
        resumed = anyio.Event()
        try:
            value = await work()
            self._resuming[unit] = resumed
            self.ready.push(unit)
            self.recruit()
            await resumed.wait()
        finally:
            if not resumed.is_set():
                self._resuming.pop(unit, None)
                self.ready.remove(lambda one: one is unit)
                self.ready.retake(unit)
        return value

    def _resumes(self, unit: Unit) -> bool:
        """Whether this unit was only waiting to go on; it does, with the slot just taken."""
        resumed = self._resuming.pop(unit, None)
        if resumed is None:
            return False
        resumed.set()
        return True

    def sweep(self) -> None:
        """Cut off every unit that may not go on, now: those that wait and those at work."""
        resuming = self._resuming
        for unit in self.ready.remove(
            lambda unit: unit not in resuming and unit.owner.ending(unit) is not None
        ):
            ending = unit.owner.ending(unit)
            if ending is not None:
                self.wholes.pop(unit, None)
                unit.owner.settle(unit, unstarted(unit.name, ending, self.around.now()))
        for unit, scope in tuple(self.around.scopes.items()):
            if unit.owner.ending(unit) is not None:
                scope.cancel()
        self.recruit()


def first_line(error: Exception) -> str:
    """What the error says, without the advice that may follow."""
    return next(iter(str(error).splitlines()), "")


def unstarted(name: str, ending: Ending, at: float) -> Outcome[Any]:
    """The outcome of what an ending kept from starting."""
    why = f"{ending.why} before it started"
    return Outcome(node=name, status=ending.waiting, reason=why, started=at)
