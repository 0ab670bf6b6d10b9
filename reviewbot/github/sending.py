"""One request that writes, within the time and the allowance of a run, and the pauses."""

from dataclasses import dataclass, field

import anyio

from reviewbot.github.answer import Answer, Port
from reviewbot.github.call import Call
from reviewbot.github.classify import meaning_of
from reviewbot.github.meaning import AnswerKind, Effect, Meaning
from reviewbot.github.patience import Patience
from reviewbot.github.written import Written

TIME_IS_UP = "the time of this run is up"
_USED_UP = "this run may not write more often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A port where no single call takes all the time of a run."""

    port: Port
    seconds: float

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Ask once, for so many seconds at most."""
        until = min(deadline, anyio.current_time() + self.seconds)
        return await self.port.send(call, deadline=until)


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends for ``writing``, and for nobody else.

    Attributes:
        port: to the forge.
        deadline: of everything, as ``anyio.current_time`` counts.
        patience: how long and how often.
        trace: one line per pause and per answer that was no success.
        left: requests that may still be sent.
    """

    port: Port
    deadline: float
    patience: Patience = field(default_factory=Patience)
    trace: list[str] = field(default_factory=list)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.patience.writes

    async def send(self, call: Call) -> Meaning:
        """Send once; when that cannot be, the meaning says that nothing was sent."""
        if self.left <= 0 or anyio.current_time() >= self.deadline:
            said = TIME_IS_UP if self.left > 0 else _USED_UP
            return Meaning(kind=AnswerKind.TRANSIENT, effect=Effect.NO, headers={}, said=said)
        self.left -= 1
        meaning = meaning_of(call, await self.port.send(call, deadline=self.deadline))
        if not meaning.ok:
            self.trace.append(f"{call.verb} {call.path}: {meaning.said}")
        return meaning

    async def pause(self, seconds: float, why: str) -> bool:
        """Wait, and say so; False, at once, when the run would be over before."""
        if anyio.current_time() + seconds >= self.deadline:
            return False
        if seconds > 0:
            self.trace.append(f"{why} after {seconds:.1f} s")
            await anyio.sleep(seconds)
        return True

    async def limited(self, meaning: Meaning, sent: int) -> Written | None:
        """Wait as a rate limit asks, longer each time; the end when there is no time for it.

        Args:
            meaning: what the limit says.
            sent: how often it was sent.
        """
        wait = (meaning.wait or self.patience.rate) * 2 ** (sent - 1)
        if await self.pause(wait, f"rate limit ({meaning.said}): again"):
            return None
        why = f"rate limit ({meaning.said}): run it again in {wait:.0f} seconds"
        return Written(how="refused", why=why, again=True, meaning=meaning)
