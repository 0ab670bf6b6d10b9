"""What one line of the change causes elsewhere: told together, on that line."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from reviewbot.review.actions import Anchor
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing.anchors import anchor
from reviewbot.review.publishing.cause_memory import CauseMemory
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.rows import FindingRow

Where = tuple[str, int | None]
"""Path and line of a cause."""


def where(row: FindingRow) -> Where:
    """The place that findings of one cause share, whichever tool made them."""
    return (row.path, row.line) if row.cause is None else (row.cause.path, row.cause.line)


def cause_anchor(row: FindingRow, situation: Situation) -> Anchor | None:
    """The line of the diff that caused a finding; None when it is its own cause or none takes it.

    A cause that is a whole file has no line.
    """
    if row.in_diff or row.cause is None or row.cause.line is None:
        return None
    file = situation.diff.file(row.cause.path)
    return None if file is None else anchor(file, row.cause.line, row.cause.line)


def cause_keys(row: FindingRow) -> Iterator[str]:
    """Keys for a comment on the cause of a finding, the best first.

    What changed there is the same after every push, its line is not. A symbol with two causes at
    once, or none, is told by the first finding.
    """
    if row.cause is not None:
        if row.cause.symbol:
            yield _key(row.cause.path, row.cause.symbol)
        yield _key(row.cause.path, row.cause.symbol, row.id)


def _key(*parts: str) -> str:
    text = "\0".join(("cause", *parts))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def memory_of(comment: PostedComment) -> CauseMemory | None:
    """What a comment on a cause remembers; None for the comment of one finding."""
    return CauseMemory.parse(comment.marker.data)


def is_overfull(comment: PostedComment) -> bool:
    """Whether a comment on a cause may list more than it remembers."""
    memory = memory_of(comment)
    return memory is not None and memory.is_full


def tellers(comments: Iterable[PostedComment]) -> Mapping[str, str]:
    """Abridged id → key of the comment on a cause that tells the finding, or told it last.

    Where two tell it (two runs at once), the open one counts, then the oldest.
    """
    ordered = sorted(comments, key=lambda each: (each.closed, each.id))
    known = [(each.marker.key, memory) for each in ordered if (memory := memory_of(each))]
    now = {each: key for key, memory in reversed(known) for each in memory.current}
    before = {each: key for key, memory in reversed(known) for each in memory.former}
    return {**before, **now}
