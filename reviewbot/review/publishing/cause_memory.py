"""What the comment on a cause remembers of the findings that it lists."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reviewbot.review.marker import CLOSED
from reviewbot.review.publishing.memory import abridged, entry, short
from reviewbot.review.rows import FindingRow

_MOST_LISTED = 120
_MOST_FORMER = 60
_MOST_CLOSED = 400
_ENTRY = 3

Entry = tuple[str, str, str]
"""Abridged id, short node and short path of a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseMemory:
    """What a comment on a cause was about when it was written.

    Attributes:
        digest: of the ids in its list; ``CLOSED`` when none is left.
        listed: who would find it again, for each finding in its list.
        former: abridged ids of what it listed before; one that comes back is listed here again.
    """

    digest: str
    listed: frozenset[Entry] = frozenset()
    former: frozenset[str] = frozenset()

    @property
    def current(self) -> frozenset[str]:
        """Abridged ids in its list."""
        return frozenset(each[0] for each in self.listed)

    @property
    def is_full(self) -> bool:
        """Whether it may list more than it remembers."""
        return len(self.listed) >= _MOST_LISTED

    @property
    def data(self) -> str:
        """As it stands in the marker; the comma tells it from the comment of one finding."""
        listed = (".".join(each) for each in sorted(self.listed))
        return f"{self.digest},{','.join((*listed, *sorted(self.former)))}"

    @classmethod
    def parse(cls, data: str) -> "CauseMemory | None":
        """Read a marker's data; None for the comment of one finding."""
        digest, comma, rest = data.partition(",")
        if not comma:
            return None
        parts = [each.split(".") for each in rest.split(",") if each]
        return cls(
            digest=digest,
            listed=frozenset((each[0], each[1], each[2]) for each in parts if len(each) == _ENTRY),
            former=frozenset(each[0] for each in parts if len(each) == 1),
        )

    def rewritten(
        self, rows: Collection[FindingRow], unseen: Collection[Entry] = ()
    ) -> "CauseMemory":
        """What is remembered with another list; as much of it as a marker holds.

        Args:
            rows: the findings in the list.
            unseen: what is gone from it though nobody looked.
        """
        listed = frozenset(sorted({*map(entry, rows), *unseen})[:_MOST_LISTED])
        gone = self.former | self.current - {each[0] for each in listed}
        return CauseMemory(
            digest=_digest(rows),
            listed=listed,
            former=frozenset(sorted(gone - set(map(_abridged, rows)))[:_MOST_FORMER]),
        )

    def closed(self) -> "CauseMemory":
        """What is remembered when nothing of it is left."""
        former = sorted(self.current | self.former)[:_MOST_CLOSED]
        return CauseMemory(digest=CLOSED, former=frozenset(former))

    def lists(self, rows: Collection[FindingRow], unseen: Collection[Entry] = ()) -> bool:
        """Whether the list is right as it stands.

        A finding that nobody looked for does not come and go with the tool that failed.
        """
        now = {*map(_abridged, rows), *(each[0] for each in unseen)}
        kept = bool(unseen) and now == self.current
        return self.current <= now and (kept or self.digest == _digest(rows))


def _abridged(row: FindingRow) -> str:
    return abridged(row.id)


def _digest(rows: Iterable[FindingRow]) -> str:
    return short(",".join(sorted(each.id for each in rows)))
