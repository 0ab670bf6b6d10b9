"""How near a finding is to what the change wrote; a matter of display, never of the verdict."""

from enum import Enum

from reviewbot.review.diff import Diff
from reviewbot.review.finding import Location


class Nearness(Enum):
    """Where a place of the head lies, from the middle outwards."""

    ADDED = "added"
    CONTEXT = "context"
    FILE = "file"
    ELSEWHERE = "elsewhere"


def nearness(diff: Diff, place: Location) -> Nearness:
    """On a written line, inside a hunk, in a changed file, or in a file the change left alone."""
    file = diff.file(place.path)
    if file is None:
        return Nearness.ELSEWHERE
    line = place.line
    if line is None:
        return Nearness.FILE
    if line in file.added_lines:
        return Nearness.ADDED
    inside = any(0 <= line - hunk.head_start < hunk.head_count for hunk in file.hunks)
    return Nearness.CONTEXT if inside else Nearness.FILE
