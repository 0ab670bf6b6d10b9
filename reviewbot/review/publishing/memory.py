"""What a marker remembers from one run to the next: hex digits, commas and dots."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from reviewbot.review.rows import FindingRow

CLOSED = "c105ed"
"""The data of a comment that was closed."""
_MOST = 400
_MOST_BLAMED = 140
_PARTS = ("id", "node", "path")
_ID = 8


def short(text: str) -> str:
    """Eight hex digits for a word of ours; the words themselves never enter a marker."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_ID]


def abridged(identity: str) -> str:
    """The part of a finding's id that a marker keeps."""
    return identity[:_ID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a summary remembers.

    Attributes:
        digest: of what it said, apart from times; equal digests need no edit.
        told: abridged ids of the findings that were said in it and nowhere else.
    """

    digest: str = ""
    told: frozenset[str] = frozenset()

    @property
    def is_full(self) -> bool:
        """Whether more was told than is remembered."""
        return len(self.told) >= _MOST

    @property
    def data(self) -> str:
        """As it stands in the marker."""
        return f"{self.digest}.{','.join(sorted(self.told))}"

    @classmethod
    def of(cls, digest: str, told: Iterable[str]) -> "Memory":
        """Remember as much as a marker holds, in the given order."""
        kept = list(dict.fromkeys(map(abridged, told)))[:_MOST]
        return cls(digest=digest, told=frozenset(kept))

    @classmethod
    def parse(cls, data: str) -> "Memory":
        """Read a marker's data; what an older form wrote is nothing remembered."""
        digest, _, told = data.partition(".")
        return cls(digest=digest, told=frozenset(filter(None, told.split(","))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """Why a review requested changes.

    Attributes:
        entries: abridged id, short node and short path of each blocking finding.
    """

    entries: frozenset[tuple[str, ...]] = frozenset()

    @property
    def data(self) -> str:
        """As it stands in the marker."""
        return ",".join(sorted(".".join(each) for each in self.entries))

    @classmethod
    def of(cls, findings: Iterable[FindingRow]) -> "Blame":
        """Remember as much as a marker holds; equal findings give equal memories."""
        every = {(abridged(each.id), short(each.node), short(each.path)) for each in findings}
        return cls(entries=frozenset(sorted(every)[:_MOST_BLAMED]))

    @classmethod
    def parse(cls, data: str) -> "Blame":
        """Read a marker's data; what an older form wrote is nothing remembered."""
        parts = (tuple(each.split(".")) for each in data.split(","))
        return cls(entries=frozenset(each for each in parts if len(each) == len(_PARTS)))
