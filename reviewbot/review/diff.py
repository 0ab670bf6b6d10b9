"""A change as text: which lines of which files, and which base line a head line was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from unidiff.constants import LINE_TYPE_NO_NEWLINE
from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as ParsedHunk
from unidiff.patch import PatchSet

_HEADER = "--- a/f\n+++ b/f\n"


class PatchGarbled(ValueError):
    """The text is no unified diff of one file; nothing of it may count as read."""


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


def parse_hunks(text: str) -> tuple[Hunk, ...]:
    r"""The hunks of one file's unified diff.

    Every file is parsed alone and without its own header: unidiff takes paths from that header,
    and one path that holds ``" b/"`` would lose all the other files with it.

    Args:
        text: from the first ``@@`` on, undecodable bytes as surrogates; an empty text has none.

    Returns:
        The hunks in order. Only the ``\n`` is cut from a line: a ``\r`` before it is content.

    Raises:
        PatchGarbled: a header is odd, or the lines are not those that it announces.
    """
    if not text:
        return ()
    if not text.startswith("@@ "):
        raise PatchGarbled("a hunk has to start with @@")
    try:
        (parsed,) = PatchSet(_HEADER + text)
    except (UnidiffParseError, ValueError) as error:
        raise PatchGarbled(f"{type(error).__name__}: {error}") from error
    if len(parsed) + sum(map(len, parsed)) != text.removesuffix("\n").count("\n") + 1:
        raise PatchGarbled("there are lines outside of the hunks")
    return tuple(map(_hunk, parsed))


def _hunk(parsed: ParsedHunk) -> Hunk:
    lines = tuple(
        (each.line_type, each.value.removesuffix("\n"))
        for each in parsed
        if each.line_type != LINE_TYPE_NO_NEWLINE
    )
    return Hunk(
        base_start=parsed.source_start,
        base_count=parsed.source_length,
        head_start=parsed.target_start,
        head_count=parsed.target_length,
        edits=tuple(_edits(parsed, "".join(sign for sign, _ in lines))),
        lines=lines,
    )


def _edits(parsed: ParsedHunk, signs: str) -> Iterator[Edit]:
    """The changed runs among the signs of a hunk's lines.

    A side with no lines at all starts, by the format, at the line before the gap.
    """
    base = parsed.source_start + (parsed.source_length == 0)
    head = parsed.target_start + (parsed.target_length == 0)
    for unchanged, group in groupby(signs, key=" ".__eq__):
        run = "".join(group)
        out, into = (len(run), len(run)) if unchanged else (run.count("-"), run.count("+"))
        if not unchanged:
            yield Edit(
                base_start=base - (out == 0),
                base_count=out,
                head_start=head - (into == 0),
                head_count=into,
            )
        base, head = base + out, head + into
