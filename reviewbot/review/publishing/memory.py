"""What a marker remembers from one run to the next: hex digits, commas and dots."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from reviewbot.review.rows import FindingRow

_MOST_TOLD = 400
_MOST_BLOCKING = 130
_BLOCKING = ("id", "node", "path")
_ID = 8
_ROOM = 3990
"""Characters that a marker's data may have, and a few less."""
_BLOCKING_ROOM = len(_BLOCKING) * (_ID + 1)


def short(text: str) -> str:
    """Eight hex digits for a word of ours; the words themselves never enter a marker."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_ID]


def abridged(identity: str) -> str:
    """The part of a finding's id that a marker keeps."""
    return identity[:_ID]


def entry(row: FindingRow) -> tuple[str, str, str]:
    """What a marker keeps of a finding that has to be looked for: abridged id, node and path."""
    return abridged(row.id), short(row.node), short(row.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryMemory:
    """What a summary remembers.

    Attributes:
        digest: of what it said, apart from times; equal digests need no edit.
        told: abridged ids of the findings that were said in it, or stood in a comment by then: were
            one of those deleted, somebody had read it.
    """

    digest: str = ""
    told: frozenset[str] = frozenset()

    @property
    def is_full(self) -> bool:
        """Whether more was told than is remembered."""
        return len(self.told) >= _MOST_TOLD

    @property
    def data(self) -> str:
        """As it stands in the marker."""
        return f"{self.digest}.{','.join(sorted(self.told))}"

    @classmethod
    def of(cls, digest: str, told: Iterable[str]) -> "SummaryMemory":
        """Remember as much as a marker holds, in the given order."""
        kept = list(dict.fromkeys(map(abridged, told)))[:_MOST_TOLD]
        return cls(digest=digest, told=frozenset(kept))

    @classmethod
    def parse(cls, data: str) -> "SummaryMemory":
        """Read a marker's data; what an older form wrote is nothing remembered."""
        digest, _, told = data.partition(".")
        return cls(digest=digest, told=frozenset(filter(None, told.split(","))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMemory:
    """What a review remembers.

    Attributes:
        blocking: abridged id, short node and short path of each finding that it blocks for.
        told: abridged keys of its comments, and abridged ids of the findings in those on causes.
            It was posted with all of them, so one that is gone was deleted by somebody who had
            read it.
    """

    blocking: frozenset[tuple[str, ...]] = frozenset()
    told: frozenset[str] = frozenset()

    @property
    def data(self) -> str:
        """As it stands in the marker."""
        return ",".join((*sorted(".".join(each) for each in self.blocking), *sorted(self.told)))

    @classmethod
    def of(cls, blocking: Iterable[FindingRow], told: Iterable[str] = ()) -> "ReviewMemory":
        """Remember as much as a marker holds, what was told in the given order.

        Equal findings give equal memories.
        """
        every = sorted(set(map(entry, blocking)))[:_MOST_BLOCKING]
        room = (_ROOM - len(every) * _BLOCKING_ROOM) // (_ID + 1)
        kept = list(dict.fromkeys(map(abridged, told)))[:room]
        return cls(blocking=frozenset(every), told=frozenset(kept))

    @classmethod
    def parse(cls, data: str) -> "ReviewMemory":
        """Read a marker's data; what an older form wrote is nothing remembered."""
        parts = [tuple(each.split(".")) for each in data.split(",") if each]
        return cls(
            blocking=frozenset(each for each in parts if len(each) == len(_BLOCKING)),
            told=frozenset(each[0] for each in parts if len(each) == 1),
        )
