"""What waits in the queue and is run under a guard, and what the run gives it to work with."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import anyio

from reviewbot.dag.node import Node
from reviewbot.dag.run import Attempt, Outcome
from reviewbot.dag.running.alarm import Alarm
from reviewbot.dag.running.breaker import Breakers
from reviewbot.dag.running.clock import Clock
from reviewbot.dag.running.ending import Ending, RunEndedError
from reviewbot.dag.running.events import Event
from reviewbot.dag.running.leash import Leash
from reviewbot.dag.running.ledger import Ledger
from reviewbot.dag.running.record import Values

T = TypeVar("T")
Key: TypeAlias = tuple[int, ...]
Needs: TypeAlias = tuple[tuple[str, float], ...]


@dataclass(slots=True, eq=False)
class Lane:
    """Waiting units that need exactly the same resources; a heap, best first.

    `slots` is 0 for those that do no work themselves but wait for others who do.
    """

    needs: Needs
    slots: int = 1
    heap: list[tuple[Key, "Unit"]] = field(default_factory=list)


class Owner(Protocol):
    """Who put a unit into the queue and is told how it ended."""

    around: "Surroundings"

    def arguments(self, unit: "Unit") -> dict[str, Any]:
        """What the node is called with; made anew for every attempt."""
        ...

    def ending(self, unit: "Unit") -> Ending | None:
        """Why the unit may not go on, or not start; None while it may."""
        ...

    def settle(self, unit: "Unit", outcome: Outcome[Any]) -> None:
        """The unit ended."""
        ...


@dataclass(slots=True, eq=False)
class Unit:
    """A node, or a node for one item, that is to be run.

    `name` is its name in its graph (`lint`, `triage[a.py]`), `path` its name in the run
    (`pack/lint`), `item` the id of the item. Units are queued by `key`, least first.
    Whoever works on one holds it by the `leash`.
    """

    owner: Owner
    node: Node
    name: str
    path: str
    key: Key
    lane: Lane
    item: str = ""
    leash: Leash = field(init=False, repr=False)

    def arguments(self) -> dict[str, Any]:
        """What the node is called with; made anew for every attempt."""
        return self.owner.arguments(self)

    def ended(self) -> RunEndedError | None:
        """Why the unit may not go on; None while it may."""
        ending = self.owner.ending(self)
        return None if ending is None else RunEndedError(ending.why, ending.working)


def clock_of_the_backend() -> Callable[[], float]:
    """What `anyio.current_time` reads, for the event loop that runs now."""
    if anyio.get_cancelled_exc_class().__module__.startswith("asyncio"):
        loop = sys.modules["asyncio"].get_running_loop()  # loaded by now
        return cast("Callable[[], float]", loop.time)
    return anyio.current_time


def _nothing(*_told: object) -> None:
    """Without a run nobody is told."""


class Apart(Protocol):
    """Waits for what `work` waits for; the slot and the resources are others' meanwhile."""

    async def __call__(self, unit: Unit, work: Callable[[], Awaitable[T]], /) -> T:
        """What `work` gives, once the unit has its slot again."""
        ...


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What a guard is given by the run: time, chance, and how to tell, wait and be interrupted.

    `zero` is the clock's reading at the start of the run. `alarm` cancels scopes in time. When
    `interruptible`, the unit may be cut off: the scope in force for each is in `scopes`.
    `attempted` is told the path and every attempt that ended, `warn` what the run's reader must
    know, and `stop_run` ends the run early. A `ledger` without budgets only adds up.
    """

    clock: Clock
    random: Callable[[], float]
    zero: float
    tell: Callable[[Event], None] | None
    apart: Apart
    attempted: Callable[[str, Attempt], None] | None = None
    stop_run: Callable[[str], None] = _nothing
    warn: Callable[[str], None] = _nothing
    run: str = ""
    shared: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    ledger: Ledger = field(default_factory=lambda: Ledger({}))
    breakers: Breakers = field(default_factory=Breakers)
    values: Values | None = None
    alarm: Alarm = field(default_factory=Alarm)
    interruptible: bool = False
    scopes: dict[Unit, anyio.CancelScope] = field(default_factory=dict)

    # The backend's own clock and class: anyio looks the backend up again at every call.
    time: Callable[[], float] = field(default_factory=clock_of_the_backend)
    new_scope: Callable[[], anyio.CancelScope] = field(
        default_factory=lambda: type(anyio.CancelScope())
    )

    def now(self) -> float:
        """Seconds since the run began."""
        return self.clock.now() - self.zero

    async def pause(self, unit: Unit, seconds: float) -> None:
        """Wait between two attempts, without the slot and the resources."""
        await self.apart(unit, partial(self.clock.sleep, seconds))
