"""Where the forge accepts a comment: the lines inside the hunks of the diff, and no others."""

from typing import Literal

from reviewbot.review.actions import Anchor
from reviewbot.review.diff import FileDiff, FileStatus, Hunk

Side = Literal["LEFT", "RIGHT"]


def commentable(file: FileDiff, side: Side = "RIGHT") -> tuple[tuple[range, ...], ...]:
    """The lines that take a comment, hunk by hunk, as ranges in order.

    RIGHT takes what a hunk holds of the head, context included; LEFT takes what it removed. The
    forge shows a copy as a new file, so nothing of it was removed there. Rule: GitHub's "pull
    request review thread line must be part of the diff".
    """
    if not is_sendable(file.path) or (side == "LEFT" and file.status is FileStatus.COPIED):
        return ()
    return tuple(_ranges(hunk, side) for hunk in file.hunks)


def _ranges(hunk: Hunk, side: Side) -> tuple[range, ...]:
    if side == "RIGHT":
        return (range(hunk.head_start, hunk.head_start + hunk.head_count),)
    return tuple(range(each.base_start, each.base_start + each.base_count) for each in hunk.edits)


def anchor(file: FileDiff, first: int, last: int, side: Side = "RIGHT") -> Anchor | None:
    """The lines of a finding that take its comment; None when there are none.

    A comment ends on the last line that takes one and starts in the same hunk. It is never moved
    to a line outside of the finding: that would be a comment on something else.

    Args:
        file: what happened to the file.
        first: first line of the finding, from 1, on the head for RIGHT, on the base for LEFT.
        last: its last line, inclusive.
        side: of the diff.
    """
    for ranges in reversed(commentable(file, side)):
        meeting = (range(max(each.start, first), min(each.stop, last + 1)) for each in ranges)
        inside = [each for each in meeting if each]
        if inside:
            start, end = inside[0].start, inside[-1][-1]
            return Anchor(
                path=file.path, line=end, side=side, start_line=start if start < end else None
            )
    return None


def is_sendable(path: str) -> bool:
    """Whether the forge can be told of a path: JSON holds no undecodable bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
