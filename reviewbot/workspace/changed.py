"""Which files differ between two trees: git's records, with the counts that the lines must have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reviewbot.review.diff import FileStatus

_NO_COUNTS = (-1, -1)
_HEADER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One record of ``--raw``, with the counts of ``--numstat``; None for a binary file."""

    old_mode: str
    mode: str
    old_blob: str
    blob: str
    status: FileStatus
    old_path: str
    path: str
    counts: tuple[int, int] | None = _NO_COUNTS

    @property
    def chunks(self) -> int:
        """How many parts of a patch it takes: what changed its type is deleted and added."""
        return 2 if self.status is FileStatus.TYPE_CHANGED else 1

    @property
    def blobs(self) -> tuple[str, ...]:
        """The blobs of both sides that there are; git writes zeros for a side that is absent."""
        return tuple(each for each in (self.old_blob, self.blob) if each.strip("0"))

    def bound(self, sizes: Mapping[str, int]) -> int:
        """About as many bytes as its patch can have; ``sizes`` maps blobs to bytes."""
        return sum(sizes.get(each, 0) for each in self.blobs) + sum(self.counts or ()) + _HEADER


def parse_changed(fields: list[str]) -> tuple[Changed, ...]:
    """All ``--raw`` records, then all ``--numstat`` records; both in git's order."""
    at = 0
    changed: list[Changed] = []
    while at < len(fields) and fields[at].startswith(":"):
        old_mode, mode, old_blob, blob, status = fields[at][1:].split(" ")
        moved = status[0] in "RC"
        changed.append(
            Changed(
                old_mode=old_mode,
                mode=mode,
                old_blob=old_blob,
                blob=blob,
                status=FileStatus(status[0]),
                old_path=fields[at + 1],
                path=fields[at + 1 + moved],
            )
        )
        at += 2 + moved
    counts = dict(_counts(fields[at:]))
    return tuple(replace(each, counts=counts.get(each.path, _NO_COUNTS)) for each in changed)


def _counts(fields: list[str]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    at = 0
    while at < len(fields):
        added, removed, path = fields[at].split("\t", 2)
        if not path:  # renamed: the old and the new path are fields of their own
            path, at = fields[at + 2], at + 2
        yield path, None if added == "-" else (int(added), int(removed))
        at += 1
