"""What git says about two commits, by file: counts, hunks, and the lines one may comment on.

Written without the parser that reviewbot uses, so that the two check each other.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_STATUS = {
    "A": "added",
    "D": "removed",
    "M": "modified",
    "T": "changed",
    "R": "renamed",
    "C": "copied",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One hunk: its text, and which line of the text every line of a side stands in."""

    text: bytes
    left: dict[int, int]
    right: dict[int, int]

    def until(self, side: str, line: int) -> str:
        """The text from the header to a line, as GitHub shows it above a comment."""
        last = (self.left if side == "LEFT" else self.right)[line]
        return b"\n".join(self.text.split(b"\n")[: last + 1]).decode(errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePatch:
    """What became of one file; ``added`` is None when git says that it is binary."""

    status: str
    path: str
    previous: str | None
    blob: str
    added: int | None
    removed: int | None
    hunks: tuple[Hunk, ...]

    @property
    def text(self) -> bytes:
        """The hunks, without a newline at the end."""
        return b"\n".join(hunk.text for hunk in self.hunks)

    def hunk_at(self, side: str, line: int) -> int | None:
        """Which hunk a line is in, or None when nobody may comment on it."""
        for number, hunk in enumerate(self.hunks):
            if line in (hunk.left if side == "LEFT" else hunk.right):
                return number
        return None

    def position(self, side: str, line: int) -> int | None:
        """How many lines below the first header a line is, which is GitHub's older measure."""
        at = self.hunk_at(side, line)
        if at is None:
            return None
        hunk = self.hunks[at]
        above = sum(each.text.count(b"\n") + 1 for each in self.hunks[:at])
        return above + (hunk.left if side == "LEFT" else hunk.right)[line]


def read_patches(raw: bytes, counts: bytes, patch: bytes) -> tuple[FilePatch, ...]:
    """Pair ``--raw -z``, ``--numstat -z`` and ``-p``, which name files in one order."""
    numbers = iter(_counts(counts))
    chunks = iter([each for each in re.split(rb"(?m)^(?=diff --git )", patch) if each])
    return tuple(_file(fields, next(numbers), chunks) for fields in _raw(raw))


def _file(
    fields: tuple[str, str, str, str | None],
    numbers: tuple[int | None, int | None],
    chunks: Iterator[bytes],
) -> FilePatch:
    status, blob, path, previous = fields
    text = b"".join(next(chunks) for _ in range(2 if status == "T" else 1))
    return FilePatch(
        status=_STATUS[status],
        path=path,
        previous=previous,
        blob=blob,
        added=numbers[0],
        removed=numbers[1],
        hunks=tuple(_hunks(text)),
    )


def _raw(raw: bytes) -> Iterator[tuple[str, str, str, str | None]]:
    words = iter(raw.split(b"\0")[:-1])
    for word in words:
        _, _, before, after, letter = word.decode().split(" ")
        path = os.fsdecode(next(words))
        previous = None
        if letter[0] in "RC":
            previous, path = path, os.fsdecode(next(words))
        yield letter[0], before if letter[0] == "D" else after, path, previous


def _counts(said: bytes) -> Iterator[tuple[int | None, int | None]]:
    words = iter(said.split(b"\0")[:-1])
    for word in words:
        added, removed, path = word.split(b"\t", 2)
        if not path:  # a rename: both names follow
            next(words), next(words)
        yield (None, None) if added == b"-" else (int(added), int(removed))


def _hunks(text: bytes) -> Iterator[Hunk]:
    lines = text.removesuffix(b"\n").split(b"\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(b"@@ ")]
    ends = [number for number, line in enumerate(lines) if line.startswith(b"diff --git ")]
    for start, end in pairwise([*starts, len(lines)]):
        stop = min([each for each in ends if start < each < end], default=end)
        yield _hunk(lines[start:stop])


def _hunk(lines: list[bytes]) -> Hunk:
    header = _HUNK.match(lines[0])
    assert header is not None, lines[0]
    old, new = int(header[1]), int(header[3])
    left: dict[int, int] = {}
    right: dict[int, int] = {}
    for number, line in enumerate(lines[1:], start=1):
        if line[:1] in b" -":
            left[old] = number
            old += 1
        if line[:1] in b" +":
            right[new] = number
            new += 1
    return Hunk(text=b"\n".join(lines), left=left, right=right)
