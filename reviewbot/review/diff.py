"""A change as text: which lines of which files, and which base line a head line was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class FileStatus(Enum):
    """What happened to a file, as git names it."""

    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"
    RENAMED = "R"
    COPIED = "C"
    TYPE_CHANGED = "T"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A run of changed lines without context: base lines out, head lines in.

    Numbers as in ``diff -U0``: starts count from 1; where a count is 0 its start is the line
    before the gap (0 at the top of the file).
    """

    base_start: int
    base_count: int
    head_start: int
    head_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A part of a file's diff with its context.

    Attributes:
        base_start: first base line, from 1.
        base_count: number of base lines, context included.
        head_start: first head line, from 1.
        head_count: number of head lines, context included.
        edits: the changes inside, in order.
        lines: ``(sign, text)`` with sign one of ``" "``, ``"+"``, ``"-"``; text without line end.
    """

    base_start: int
    base_count: int
    head_start: int
    head_count: int
    edits: tuple[Edit, ...]
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What happened to one file.

    Attributes:
        path: on the head; for a deleted file the path it had.
        old_path: on the base; None for an added file.
        hunks: empty for a pure rename, a mode change, an empty or an unreadable file.
        unreadable: why its lines could not be read (binary, too large, a parse mismatch), or "".
    """

    status: FileStatus
    path: str
    old_path: str | None
    hunks: tuple[Hunk, ...] = ()
    unreadable: str = ""

    @property
    def edits(self) -> Iterator[Edit]:
        """All edits in order."""
        return (edit for hunk in self.hunks for edit in hunk.edits)

    @property
    def added_lines(self) -> frozenset[int]:
        """Head lines that the change wrote."""
        return frozenset(
            line
            for edit in self.edits
            for line in range(edit.head_start, edit.head_start + edit.head_count)
        )

    def base_line(self, line: int) -> int | None:
        """The base line that a head line was, or None when the change wrote it."""
        offset = 0
        for edit in self.edits:
            if edit.head_count == 0:
                if line > edit.head_start:
                    offset += edit.base_count
            elif line >= edit.head_start + edit.head_count:
                offset += edit.base_count - edit.head_count
            elif line >= edit.head_start:
                return None
            else:
                break
        return line + offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """All files of a change, in git's order."""

    files: tuple[FileDiff, ...]

    def file(self, path: str) -> FileDiff | None:
        """The FileDiff of a head path."""
        return next((each for each in self.files if each.path == path), None)

    def old_path(self, path: str) -> str | None:
        """The base path of a head path: renamed, unchanged, or None when it is new."""
        found = self.file(path)
        return path if found is None else found.old_path
