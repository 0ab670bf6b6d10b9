"""The one place that writes: every effect at most once, whatever becomes of the answer.

A lost answer is not a lost effect. What is to be made once is sent again only after complete lists,
read after the first sending has ended, have shown twice that it is not there; where no such list
can be had, we stop and say so. What is to be brought into a state is looked at, and asked for again
when it does not stand. Nothing else in the house sends a verb that writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import anyio

from reviewbot.github.answer import Port
from reviewbot.github.call import Call
from reviewbot.github.classify import meaning_of
from reviewbot.github.intents import Intent, Intents, IntentState, digest_of
from reviewbot.github.meaning import AnswerKind, Effect, Meaning
from reviewbot.github.patience import Patience
from reviewbot.github.written import Change, Creation, Reroute, Written, given_up, refusal

_TIME_IS_UP = "the time of this run is up"
_UNREADABLE = "it cannot be read whether it stands"
_TOO_OFTEN = "sent as often as may be, in vain"


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes on one pull request.

    Attributes:
        port: to the forge.
        intents: where it is kept what is about to be sent.
        scope: of those intents.
        deadline: of everything, as ``anyio.current_time`` counts.
        patience: how long and how often.
        trace: one line per pause and per answer that was no success.
        left: requests that may still be sent.
    """

    port: Port
    intents: Intents
    scope: str
    deadline: float
    patience: Patience = field(default_factory=Patience)
    trace: list[str] = field(default_factory=list)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.patience.writes

    async def create(self, creation: Creation) -> Written:
        """Make something, unless it is there; see ``Creation`` for who decides what."""
        before = self.intents.latest(self.scope, creation.kind, creation.key)
        number = self._intend(creation.kind, creation.key, creation.call)
        doubt = before is not None and before.is_open
        return self._settled(number, await self._create(creation, doubt=doubt))

    async def change(self, change: Change) -> Written:
        """Bring something into a state."""
        number = self._intend(change.kind, change.key, change.call)
        return self._settled(number, await self._change(change))

    async def _create(self, creation: Creation, *, doubt: bool) -> Written:
        call, sent = creation.call, 0
        while sent < self.patience.posts:
            end = await self._found(creation, doubt=doubt, sent=sent) or await creation.may()
            if end is not None:
                return end
            meaning, sent = await self._send(call), sent + 1
            if meaning.ok:
                return Written(how="sent", id=_id_in(meaning.value), meaning=meaning)
            doubt = doubt or meaning.effect is not Effect.NO
            if meaning.effect is Effect.NO:
                way = await self._way_on(call, meaning, creation.reroute, sent)
                if isinstance(way, Written):
                    return way
                call = way
        found = await self._found(creation, doubt=doubt, sent=sent)
        return found or given_up(_TOO_OFTEN, doubt=doubt)

    async def _found(self, creation: Creation, *, doubt: bool, sent: int) -> Written | None:
        """The thing when it is there, None when it is not.

        With a doubt we look twice, for the effect of a lost answer can land after the first look.
        """
        for pause in self.patience.settle if doubt else (0.0,):
            if not await self._pause(pause, f"is {creation.kind} {creation.key} there?"):
                return given_up(_TIME_IS_UP, doubt=doubt)
            sought = await creation.find()
            if sought.ids:
                return Written(how="found" if doubt or sent else "stood", id=sought.ids[0])
            if sought.gap:
                return given_up(f"what stands there cannot be read: {sought.gap}", doubt=doubt)
        return None

    async def _change(self, change: Change) -> Written:
        for sent in range(1, self.patience.posts + 1):
            meaning = await self._send(change.call)
            if meaning.ok:
                return Written(how="sent", id=_id_in(meaning.value), meaning=meaning)
            end = await self._not_changed(change, meaning, sent)
            if end is not None:
                return end
        return given_up(_TOO_OFTEN, doubt=True)

    async def _not_changed(self, change: Change, meaning: Meaning, sent: int) -> Written | None:
        """The end of the matter, or None when it is to be asked for again."""
        if meaning.kind is AnswerKind.RATE:
            return await self._waited(meaning, sent)
        doubt = meaning.effect is not Effect.NO
        if doubt and not await self._pause(self.patience.settle[0], f"does {change.kind} stand?"):
            return given_up(_TIME_IS_UP, doubt=True)
        stands = await change.stands()
        if stands:
            return Written(how="found" if doubt else "stood")
        if not doubt:
            return refusal(meaning)
        return None if stands is False else given_up(_UNREADABLE, doubt=True)

    async def _way_on(
        self, call: Call, meaning: Meaning, reroute: Reroute, sent: int
    ) -> Call | Written:
        """After a refusal: the same call when it was only too early, or what ``reroute`` says."""
        if meaning.kind is AnswerKind.RATE:
            return await self._waited(meaning, sent) or call
        if meaning.kind in {AnswerKind.AUTH, AnswerKind.TRANSIENT}:
            return refusal(meaning)
        return await reroute(meaning)

    async def _waited(self, meaning: Meaning, sent: int) -> Written | None:
        """Wait as a limit asks, longer each time; the end when that is longer than we have."""
        wait = (meaning.wait or self.patience.rate) * 2 ** (sent - 1)
        if await self._pause(wait, f"rate limit: {meaning.said};"):
            return None
        why = f"rate limit ({meaning.said}): run it again in {wait:.0f} seconds"
        return Written(how="refused", why=why, again=True, meaning=meaning)

    async def _send(self, call: Call) -> Meaning:
        """Send once, if the run's allowance and its time still have room for it."""
        until = min(self.deadline, anyio.current_time() + self.patience.call)
        if self.left <= 0 or anyio.current_time() >= self.deadline:
            why = _TIME_IS_UP if self.left > 0 else "the allowance of writes of this run is used up"
            return Meaning(kind=AnswerKind.TRANSIENT, effect=Effect.NO, headers={}, said=why)
        self.left -= 1
        meaning = meaning_of(call, await self.port.send(call, deadline=until))
        if not meaning.ok:
            self.trace.append(f"{call.verb} {call.path}: {meaning.said}")
        return meaning

    async def _pause(self, seconds: float, why: str) -> bool:
        """Wait, and say so; False, at once, when the run would be over before."""
        if anyio.current_time() + seconds >= self.deadline:
            return False
        if seconds > 0:
            self.trace.append(f"{why} after {seconds:.1f} s")
            await anyio.sleep(seconds)
        return True

    def _intend(self, kind: str, key: str, call: Call) -> int:
        digest = digest_of(call.body)
        return self.intents.intend(Intent(scope=self.scope, kind=kind, key=key, digest=digest))

    def _settled(self, number: int, written: Written) -> Written:
        self.intents.settle(number, _state(written), id_=written.id, receipt=written.why)
        return written


def _state(written: Written) -> IntentState:
    if written.stands:
        return "done"
    if written.how == "unknown":
        return "unknown"
    return "intended" if written.again else "refused"


def _id_in(value: object) -> int | None:
    number = value.get("id") if isinstance(value, Mapping) else None
    return number if isinstance(number, int) else None
