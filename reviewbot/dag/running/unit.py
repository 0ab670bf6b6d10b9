"""What waits in the queue and is run under a guard, and what the run gives it to work with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import anyio

from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome
from reviewbot.dag.running.alarm import Alarm
from reviewbot.dag.running.clock import Clock
from reviewbot.dag.running.ending import RunEndedError
from reviewbot.dag.running.events import Event

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

    def arguments(self, unit: "Unit") -> dict[str, Any]:
        """What the node is called with; made anew for every attempt."""
        ...

    def ended(self, unit: "Unit") -> RunEndedError | None:
        """Why the unit may not go on; None while it may."""
        ...

    def settle(self, unit: "Unit", outcome: Outcome[Any]) -> None:
        """The unit ended."""
        ...


@dataclass(slots=True, eq=False)
class Unit:
    """A node, or a node for one item, that is to be run.

    `name` is its name in its graph (`lint`, `triage[a.py]`), `path` its name in the run
    (`pack/lint`), `item` the id of the item. Units are queued by `key`, least first.
    """

    owner: Owner
    node: Node
    name: str
    path: str
    key: Key
    lane: Lane
    item: str = ""

    def arguments(self) -> dict[str, Any]:
        """What the node is called with; made anew for every attempt."""
        return self.owner.arguments(self)

    def ended(self) -> RunEndedError | None:
        """Why the unit may not go on; None while it may."""
        return self.owner.ended(self)


async def _nowhere(_unit: Unit, _amounts: object) -> None:
    """Without budgets everybody is admitted."""


def _nothing(*_told: object) -> None:
    """Without a run nobody is told."""


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """What a guard is given by the run: time, chance, and how to tell, wait and be interrupted.

    `zero` is the clock's reading at the start of the run. `pause` waits without holding the unit's
    slot. `alarm` cancels scopes in time. When `interruptible`, the unit may be cut off: the scope
    in force for each is in `scopes`. `admit` waits for room in the budgets and reserves it; `freed`
    says that there may be more room now. `end` ends the run early, `warn` tells its reader.
    """

    clock: Clock
    random: Callable[[], float]
    zero: float
    tell: Callable[[Event], None] | None
    pause: Callable[[Unit, float], Awaitable[None]]
    admit: Callable[[Unit, Mapping[str, float]], Awaitable[None]] = _nowhere
    freed: Callable[[], None] = _nothing
    end: Callable[[str], None] = _nothing
    warn: Callable[[str], None] = _nothing
    run: str = ""
    shared: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    alarm: Alarm = field(default_factory=Alarm)
    interruptible: bool = False
    scopes: dict[Unit, anyio.CancelScope] = field(default_factory=dict)

    # The backend's own class: `anyio.CancelScope` looks the backend up again for every scope.
    new_scope: Callable[[], anyio.CancelScope] = field(
        default_factory=lambda: type(anyio.CancelScope())
    )

    def now(self) -> float:
        """Seconds since the run began."""
        return self.clock.now() - self.zero
