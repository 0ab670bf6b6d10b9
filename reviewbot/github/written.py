"""What is to be written on the forge, and what became of it, as values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from reviewbot.github.call import Call
from reviewbot.github.meaning import AnswerKind, Meaning

How = Literal["sent", "found", "stood", "refused", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of something that was to be written.

    Attributes:
        how: ``sent`` and answered; ``found`` although its answer was lost; ``stood`` there before;
            ``refused``: it is not there; ``unknown``: it may be, or may still come.
        id: the forge's number of it.
        why: one line for the reader, when it was not simply sent.
        again: whether the same command may do it another time.
        meaning: of the last answer, or None when nothing was sent.
    """

    how: How
    id: int | None = None
    why: str = ""
    again: bool = False
    meaning: Meaning | None = None

    @property
    def stands(self) -> bool:
        """Whether it is there now."""
        return self.how in {"sent", "found", "stood"}

    @property
    def kind(self) -> AnswerKind | None:
        """Of the last answer."""
        return None if self.meaning is None else self.meaning.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a look for our own item found.

    Attributes:
        ids: of all that have its key, oldest first.
        gap: why the list is incomplete, or empty; with a gap, no ids prove nothing.
    """

    ids: tuple[int, ...] = ()
    gap: str = ""


Ask = Callable[[], Awaitable[Written | None]]
Find = Callable[[], Awaitable[Sought]]
Reroute = Callable[[Meaning], Awaitable[Call | Written]]
Stands = Callable[[], Awaitable[bool | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """Something to be made once.

    Attributes:
        kind: of thing, for the intent.
        key: of the thing; ``find`` looks for it.
        call: makes it.
        find: looks for it among our own items.
        may: asked before each sending; what it answers ends the matter.
        reroute: asked after each refusal: another call, or the end of the matter.
        listed: whether such things are among what is read before anything is decided.
    """

    kind: str
    key: str
    call: Call
    find: Find
    may: Ask
    reroute: Reroute
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something to be brought into a state.

    Attributes:
        kind: of thing, for the intent.
        key: of the thing.
        call: brings it there.
        stands: whether it is there; None when that cannot be read.
        adds: asking for it twice gives it twice, so nothing may be on its way when it is asked for
            again.
    """

    kind: str
    key: str
    call: Call
    stands: Stands
    adds: bool = False


def refusal(meaning: Meaning) -> Written:
    """The end of a matter that has no other way."""
    again = meaning.kind in {AnswerKind.AUTH, AnswerKind.TRANSIENT}
    return Written(how="refused", why=meaning.said, again=again, meaning=meaning)


def given_up(why: str, *, doubt: bool) -> Written:
    """The end of a matter that another run may take up.

    Args:
        why: one line for the reader.
        doubt: whether something was sent that may have landed.
    """
    return Written(how="unknown" if doubt else "refused", why=why, again=True)
