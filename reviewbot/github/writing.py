"""The one place that writes: every effect at most once, whatever becomes of the answer.

A lost answer is not a lost effect. What is to be made once is sent again only after complete lists,
read after the first sending has ended, have shown twice that it is not there; where no such list
can be had, we stop and say so. What is to be brought into a state is looked at, and asked for again
when it does not stand. Nothing else in the house sends a verb that writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import anyio

from reviewbot.github.call import Call
from reviewbot.github.intents import Intent, Intents, IntentState, digest_of
from reviewbot.github.meaning import AnswerKind, Effect, Meaning
from reviewbot.github.sending import TIME_IS_UP, Sender
from reviewbot.github.written import Change, Creation, Written, given_up, refusal

_UNREADABLE = "it cannot be read whether it stands"
_TOO_OFTEN = "sent as often as may be, in vain"
_AT_ONCE = (0.0,)
_ENDS = frozenset({AnswerKind.AUTH, AnswerKind.TRANSIENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes on one pull request.

    Attributes:
        sender: to the forge.
        intents: where it is kept what is about to be sent.
        scope: of those intents.
        read_at: when what stands was read in this run, as ``anyio.current_time`` counts, or None.
    """

    sender: Sender
    intents: Intents
    scope: str
    read_at: float | None = None

    async def create(self, creation: Creation) -> Written:
        """Make something, unless it is there; see ``Creation`` for who decides what."""
        before = self.intents.latest(self.scope, creation.kind, creation.key)
        number = self._intend(creation.kind, creation.key, creation.call)
        doubt = before is not None and before.is_open
        making = _Making(sender=self.sender, creation=creation, call=creation.call, doubt=doubt)
        is_known = before is None and creation.listed and self._was_just_read()
        return self._settled(number, await making.ended(look=not is_known))

    async def change(self, change: Change) -> Written:
        """Bring something into a state."""
        number = self._intend(change.kind, change.key, change.call)
        return self._settled(number, await _changed(self.sender, change))

    def _was_just_read(self) -> bool:
        """Whether what was decided follows from lists that nobody had time to add to."""
        now, listed = anyio.current_time(), self.sender.patience.listed
        return self.read_at is not None and now - self.read_at <= listed

    def _intend(self, kind: str, key: str, call: Call) -> int:
        digest = digest_of(call.body)
        return self.intents.intend(Intent(scope=self.scope, kind=kind, key=key, digest=digest))

    def _settled(self, number: int, written: Written) -> Written:
        self.intents.settle(number, _state(written), id_=written.id, receipt=written.why)
        return written


@dataclass(slots=True, kw_only=True)
class _Making:
    """Something on its way to be made.

    Attributes:
        sender: to the forge.
        creation: what is to be made.
        call: what is sent next.
        doubt: whether something was sent whose effect may still land.
        sent: how often something was sent.
    """

    sender: Sender
    creation: Creation
    call: Call
    doubt: bool
    sent: int = 0

    async def ended(self, *, look: bool) -> Written:
        """Look, send, look again, until it is there or there is no way.

        Args:
            look: also before it is sent for the first time.
        """
        patience = self.sender.patience
        first = patience.settle if self.doubt else _AT_ONCE
        end = await self._found(first) if look else None
        while end is None:
            end = await self.creation.may()
            if end is None and self.sent == patience.posts:
                end = given_up(_TOO_OFTEN, doubt=self.doubt)
            if end is None:
                end = await self._sent()
        return end

    async def _sent(self) -> Written | None:
        self.sent += 1
        meaning = await self.sender.send(self.call)
        if meaning.ok:
            return Written(how="sent", id=_id_in(meaning.value), meaning=meaning)
        self.doubt = self.doubt or meaning.effect is not Effect.NO
        if meaning.kind is AnswerKind.RATE:
            return await self.sender.limited(meaning, self.sent) or await self._found(_AT_ONCE)
        if meaning.effect is Effect.NO and meaning.kind in _ENDS:
            return refusal(meaning)
        return await self._found(self._looks(meaning)) or await self._rerouted(meaning)

    def _looks(self, meaning: Meaning) -> tuple[float, ...]:
        """How often to look before anything is sent again.

        The effect of a lost answer can land after the first look. And GitHub was seen to refuse a
        review with 422 and to keep it all the same (max-sixty/tend#252).
        """
        settle = self.sender.patience.settle
        if self.doubt:
            return settle
        return (0.0, *settle[:1]) if meaning.kind is AnswerKind.VALIDATION else _AT_ONCE

    async def _found(self, looks: tuple[float, ...]) -> Written | None:
        """The thing when it is there, None when each look showed that it is not."""
        creation = self.creation
        for pause in looks:
            if not await self.sender.pause(pause, f"look for {creation.kind} {creation.key}"):
                return given_up(TIME_IS_UP, doubt=self.doubt)
            sought = await creation.find()
            if sought.ids:
                is_ours = self.doubt or self.sent > 0
                return Written(how="found" if is_ours else "stood", id=sought.ids[0])
            if sought.gap:
                why = f"what stands there cannot be read: {sought.gap}"
                return given_up(why, doubt=self.doubt or self.sent > 0)
        return None

    async def _rerouted(self, meaning: Meaning) -> Written | None:
        if meaning.effect is not Effect.NO:
            return None
        way = await self.creation.reroute(meaning)
        if isinstance(way, Written):
            return way
        self.call = way
        return None


async def _changed(sender: Sender, change: Change) -> Written:
    for sent in range(1, sender.patience.posts + 1):
        meaning = await sender.send(change.call)
        if meaning.ok:
            return Written(how="sent", id=_id_in(meaning.value), meaning=meaning)
        end = await _waited(sender, change, meaning, sent)
        if end is not None:
            return end
    return given_up(_TOO_OFTEN, doubt=True)


async def _waited(sender: Sender, change: Change, meaning: Meaning, sent: int) -> Written | None:
    """Wait as a limit asks; what would add up is looked at before it is asked for again."""
    if meaning.kind is not AnswerKind.RATE:
        return await _stands(sender, change, meaning)
    end = await sender.limited(meaning, sent)
    if end is None and change.adds and await change.stands():
        return Written(how="found")
    return end


async def _stands(sender: Sender, change: Change, meaning: Meaning) -> Written | None:
    """What became of a change that failed, or None when it has to be asked for again."""
    doubt = meaning.effect is not Effect.NO
    settle = sender.patience.settle
    stands: bool | None = None
    for pause in (settle if change.adds else settle[:1]) if doubt else _AT_ONCE:
        if not await sender.pause(pause, f"look for {change.kind} {change.key}"):
            return given_up(TIME_IS_UP, doubt=True)
        stands = await change.stands()
        if stands:
            return Written(how="found" if doubt else "stood")
    if not doubt:
        return refusal(meaning)
    return None if stands is False else given_up(_UNREADABLE, doubt=True)


def _state(written: Written) -> IntentState:
    if written.stands:
        return "done"
    if written.how == "unknown":
        return "unknown"
    return "intended" if written.again else "refused"


def _id_in(value: object) -> int | None:
    number = value.get("id") if isinstance(value, Mapping) else None
    return number if isinstance(number, int) else None
