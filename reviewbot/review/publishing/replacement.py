"""A tool's suggestion as whole lines, where one click may replace exactly those."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewbot.review.diff import FileDiff
from reviewbot.review.finding import Replacement, Suggestion

_MOST_LINES = 20
_LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Whole lines and what replaces them.

    Attributes:
        first: first line replaced, from 1, on the head.
        last: last line replaced, inclusive.
        text: the new lines without the last line end; None deletes the lines.
    """

    first: int
    last: int
    text: str | None


def rewrite(file: FileDiff, suggestion: Suggestion | None) -> Rewrite | None:
    """The suggestion as a rewrite of lines that the change wrote; None when it cannot be one.

    A click replaces whole lines of the comment's range, so the edits have to be the tool's safe
    ones, lie on written lines of one run, and hold nothing that a reader would not see.
    """
    if suggestion is None or not suggestion.safe or not suggestion.edits:
        return None
    edits = sorted(suggestion.edits, key=lambda each: (each.start, each.end))
    first, last = edits[0].start[0], max(map(_last_line, edits))
    if not 0 <= last - first < _MOST_LINES:
        return None
    written = dict(_written(file, first, last))
    if written.keys() != set(range(first, last + 1)):
        return None
    old = "".join(f"{written[line]}\n" for line in range(first, last + 1))
    new = _applied(old, first, edits)
    if new is None or new == old or not _is_plain(old + new) or (new and new[-1] != "\n"):
        return None
    return Rewrite(first=first, last=last, text=new[:-1] if new else None)


def _last_line(edit: Replacement) -> int:
    """The end of an edit is exclusive: at the first column it takes nothing of its line."""
    line, column = edit.end
    return max(edit.start[0], line - (column == 1))


def _written(file: FileDiff, first: int, last: int) -> Iterator[tuple[int, str]]:
    """The lines of a range that the change wrote, with their text."""
    for hunk in file.hunks:
        line = hunk.head_start
        if line > last or line + hunk.head_count <= first:
            continue
        for sign, text in hunk.lines:
            if sign == "+" and first <= line <= last:
                yield line, text
            line += sign != "-"


def _applied(text: str, first: int, edits: list[Replacement]) -> str | None:
    """The text after the edits; None when they overlap or leave it."""
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    done, end = "", 0
    for edit in edits:
        begin, until = (_offset(starts, first, *place) for place in (edit.start, edit.end))
        if begin is None or until is None or not end <= begin <= until:
            return None
        done, end = done + text[end:begin] + edit.text, until
    return done + text[end:]


def _offset(starts: list[int], first: int, line: int, column: int) -> int | None:
    at = line - first
    if not 0 <= at < len(starts) or column < 1:
        return None
    offset = starts[at] + column - 1
    is_inside = offset < starts[at + 1] if at + 1 < len(starts) else column == 1
    return offset if is_inside else None


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST and all(each.isprintable() or each in "\n\t" for each in text)
