"""Every introduced finding gets the one place where it is said."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reviewbot.review.actions import Anchor, Place
from reviewbot.review.classified import CONFIGURATION
from reviewbot.review.finding import Severity
from reviewbot.review.publishing.anchors import anchor, is_sendable
from reviewbot.review.publishing.memory import abridged
from reviewbot.review.publishing.policy import MOST_FILE_COMMENTS
from reviewbot.review.publishing.replacement import Rewrite, rewrite
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.rows import FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A finding and where it is said.

    Attributes:
        place: see ``Place``.
        anchor: the lines of its comment when the place is ``inline``.
        rewrite: what one click may replace; exactly the lines of the anchor.
    """

    row: FindingRow
    place: Place
    anchor: Anchor | None = None
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What earlier runs said already.

    Attributes:
        standing: ids of findings that have a comment, open or closed.
        elsewhere: abridged ids that a summary or a review told; they are not said again on a line.
        open: number of open comments that are kept.
    """

    standing: Collection[str] = field(default=())
    elsewhere: Collection[str] = field(default=())
    open: int = 0


def place(situation: Situation, told: Told) -> tuple[Placed, ...]:
    """Place every introduced finding, the worst first.

    Args:
        situation: what there is; when this head was reviewed already, nothing new gets a comment.
        told: what was said before.

    Returns:
        One Placed for each, in the order of ``situation.introduced``.
    """
    room: Counter[Place] = Counter()
    if not situation.spoken:
        room["inline"] = max(0, situation.policy.most_inline - told.open)
        room["file"] = MOST_FILE_COMMENTS
    return tuple(_placed(each, situation, told, room) for each in situation.introduced)


def _placed(row: FindingRow, situation: Situation, told: Told, room: Counter[Place]) -> Placed:
    if row.id in told.standing:
        return Placed(row=row, place="standing")
    wanted = _commented(row, situation)
    if abridged(row.id) in told.elsewhere or wanted is None or room[wanted.place] == 0:
        return Placed(row=row, place="summary")
    room[wanted.place] -= 1
    return wanted


def _commented(row: FindingRow, situation: Situation) -> Placed | None:
    """The comment that a finding could have, were there room."""
    file = situation.diff.file(row.path)
    too_small = Severity(row.severity) < situation.policy.inline_severity
    if file is None or too_small or row.group == CONFIGURATION or not is_sendable(row.path):
        return None
    if row.line is None:
        return Placed(row=row, place="file")
    offered = None if situation.policy.from_artifact else rewrite(file, row.suggestion)
    if offered is not None and offered.first <= row.line <= offered.last:
        exact = anchor(file, offered.first, offered.last)
        if exact is not None and (exact.start_line or exact.line) == offered.first:
            return Placed(row=row, place="inline", anchor=exact, rewrite=offered)
    found = anchor(file, row.line, max(row.line, row.end_line or row.line))
    return Placed(row=row, place="inline" if found else "file", anchor=found)


def places(situation: Situation, placed: Collection[Placed]) -> Mapping[str, Place]:
    """Id → place of everything introduced, what is suppressed included."""
    aside: Mapping[str, Place] = {
        each.id: "suppressed" for each in situation.report.suppressed if each.new
    }
    return {**aside, **{each.row.id: each.place for each in placed}}
