"""The way to the forge in memory: events and faults by the number of the call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import anyio

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call
from tests.fakes.forge.weather import Fault, struck
from tests.fakes.forge.world import World


@dataclass(slots=True, kw_only=True)
class Forge:
    """A port to one world.

    Attributes:
        world: what stands there.
        faults: number of a call, from 0 → what happens to it.
        events: number of a call → what happens to the world before it.
        takes: seconds from sending to the answer; the effect is in the middle.
        sent: every call, in order.
        writes: of those, the ones that write.
    """

    world: World
    faults: Mapping[int, Fault] = field(default_factory=dict)
    events: Mapping[int, Callable[[World], None]] = field(default_factory=dict)
    takes: float = 0.0
    sent: list[Call] = field(default_factory=list)
    _late: list[tuple[float, Call]] = field(default_factory=list, init=False)

    @property
    def writes(self) -> list[Call]:
        return [each for each in self.sent if each.writes]

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Ask once; a second caller gets its turn in between."""
        number = len(self.sent)
        self.sent.append(call)
        await anyio.sleep(self.takes / 2)
        self.land()
        if number in self.events:
            self.events[number](self.world)
        fault = self.faults.get(number)
        if fault is None:
            answer = self.world.apply(call)
            await anyio.sleep(self.takes / 2)
            return answer
        if call.writes and fault.effect == "before":
            self.world.apply(call)
        if call.writes and fault.effect == "late":
            self._late.append((anyio.current_time() + fault.delay, call))
        return await struck(fault, deadline, is_list=not call.writes)

    def land(self, *, everything: bool = False) -> None:
        """Let late effects land whose time has come."""
        due = [each for each in self._late if everything or each[0] <= anyio.current_time()]
        self._late = [each for each in self._late if each not in due]
        for _, call in due:
            self.world.apply(call)
