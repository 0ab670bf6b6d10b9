"""Reading from GitHub: what may be asked again is, as often and as late as its kind allows."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import anyio

from reviewbot.github.answer import Port
from reviewbot.github.call import Call
from reviewbot.github.classify import meaning_of
from reviewbot.github.failure import failure_of
from reviewbot.github.links import next_page, page_number
from reviewbot.github.meaning import AnswerKind, Meaning

_TRIES: Mapping[AnswerKind, int] = {
    AnswerKind.TRANSIENT: 4,
    AnswerKind.STUMBLED: 4,
    AnswerKind.GARBAGE: 3,
    AnswerKind.RATE: 4,
}
_MOST_PAGES = 100

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A list as far as it could be read.

    Attributes:
        items: in GitHub's order, each once.
        complete: False when a page failed or was left out; nothing may follow from what is *not*
            in such a list.
        why: one line for an incomplete list.
        kind: of the answer that made it incomplete, if it was one.
    """

    items: tuple[Record, ...]
    complete: bool = True
    why: str = ""
    kind: AnswerKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Asks until there is an answer, time is up, or asking again is no use.

    Attributes:
        port: to GitHub.
        deadline: of everything that is read, as ``anyio.current_time`` counts.
        first: seconds before the second try; doubled for each further one.
        jitter: what part of a pause is really waited, from 0 to 1.
        retries: one line for each time that something was asked again.
    """

    port: Port
    deadline: float
    first: float = 1.0
    jitter: Callable[[], float] = random.random
    retries: list[str] = field(default_factory=list)

    async def ask(self, call: Call) -> Meaning:
        """The meaning of the last answer, good or not."""
        tries = 1
        meaning = await self._once(call)
        while tries < _TRIES.get(meaning.kind, 1):
            pause = self._pause(meaning, tries)
            if anyio.current_time() + pause >= self.deadline:
                break
            self.retries.append(f"{call.verb} {call.path}: {meaning.said}; after {pause:.1f} s")
            await anyio.sleep(pause)
            meaning = await self._once(call)
            tries += 1
        return meaning

    async def read(self, call: Call) -> Meaning:
        """A good answer.

        Raises:
            ForgeRefused: the token or the address is wrong.
            ForgeError: GitHub is away, limits us, or does not make sense.
        """
        meaning = await self.ask(call)
        if not meaning.ok:
            raise failure_of(call, meaning)
        return meaning

    async def read_all(self, call: Call, *, under: str = "", key: str = "id") -> Pages:
        """All pages of a list; a page that fails makes it incomplete, and raises nothing.

        Args:
            call: for the first page.
            under: where the list stands in an object, or empty when it is the answer.
            key: what tells its items apart; the list may move between two pages.
        """
        found: dict[object, Record] = {}
        for number in range(1, _MOST_PAGES + 1):
            meaning = await self.ask(call)
            items = _items(meaning, under, key) if meaning.ok else None
            if items is None:
                why = f"page {number} of {call.path}: {meaning.said}"
                return replace(_incomplete(found, why), kind=meaning.kind)
            found |= {item[key]: item for item in items if item[key] not in found}
            url = next_page(meaning.headers)
            if url is None:
                return Pages(items=tuple(found.values()))
            if not items or page_number(url) not in {None, number + 1}:
                return _incomplete(found, f"a page after page {number} of {call.path} is missing")
            call = replace(call, path=url, params={})
        return _incomplete(found, f"{call.path}: more than {_MOST_PAGES} pages")

    async def _once(self, call: Call) -> Meaning:
        return meaning_of(call, await self.port.send(call, deadline=self.deadline))

    def _pause(self, meaning: Meaning, tries: int) -> float:
        """Half of our own pauses is jitter; GitHub's are kept to the second, and doubled."""
        if meaning.wait is not None:
            return float(meaning.wait * 2 ** (tries - 1))
        return float(self.first * 2 ** (tries - 1) * (0.5 + self.jitter() / 2))


def _items(meaning: Meaning, under: str, key: str) -> list[Record] | None:
    """The items of a page, or None when it is no list of things that can be told apart."""
    value = meaning.value.get(under) if isinstance(meaning.value, Mapping) else meaning.value
    if not isinstance(value, list):
        return None
    items = list(_records(value, key))
    return items if len(items) == len(value) else None


def _records(values: list[object], key: str) -> Iterator[Record]:
    return (each for each in values if isinstance(each, dict) and _tells(each.get(key)))


def _tells(value: object) -> bool:
    return isinstance(value, int | str) and value != ""


def _incomplete(found: Mapping[object, Record], why: str) -> Pages:
    return Pages(items=tuple(found.values()), complete=False, why=why)
