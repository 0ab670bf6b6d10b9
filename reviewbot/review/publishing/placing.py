"""Every introduced finding gets the one place where it is said."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from reviewbot.review.actions import Anchor, Place
from reviewbot.review.classified import CONFIGURATION
from reviewbot.review.finding import Severity
from reviewbot.review.publishing.anchors import anchor, is_sendable
from reviewbot.review.publishing.causes import Where, cause_anchor, cause_keys, where
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
        key: of the comment that says it; empty in the summary.
        anchor: the lines of that comment when it is a new one on lines.
        rewrite: what one click may replace; exactly the lines of the anchor.
    """

    row: FindingRow
    place: Place
    key: str = ""
    anchor: Anchor | None = None
    rewrite: Rewrite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What earlier runs said already.

    Attributes:
        standing: finding id → key of the comment, open or closed, that tells it.
        comments: keys of all comments.
        overfull: keys of those that may list more than they remember.
        elsewhere: abridged ids and keys that a summary or a review told; they are not said again
            on a line.
    """

    standing: Mapping[str, str] = field(default_factory=dict)
    comments: Collection[str] = field(default=())
    overfull: Collection[str] = field(default=())
    elsewhere: Collection[str] = field(default=())

    @property
    def open(self) -> int:
        """Number of comments that are kept."""
        return len(set(self.standing.values()))


def place(situation: Situation, told: Told) -> tuple[Placed, ...]:
    """Place every introduced finding, the worst first.

    Args:
        situation: what there is; when this head was reviewed already, nothing new gets a comment.
        told: what was said before.

    Returns:
        One Placed for each, in the order of ``situation.introduced``.
    """
    placing = _Placing(situation, told)
    return tuple(map(placing.place, situation.introduced))


class _Placing:
    """The room that is left, and the comments on causes, while findings are placed."""

    def __init__(self, situation: Situation, told: Told) -> None:
        self._situation, self._told = situation, told
        self._room: Counter[Place] = Counter()
        if not situation.spoken:
            self._room["inline"] = max(0, situation.policy.most_inline - told.open)
            self._room["file"] = MOST_FILE_COMMENTS
        self._keys: dict[Where, str] = {}
        for each in situation.introduced:
            key = told.standing.get(each.id, each.id)
            if each.cause is not None and key != each.id:
                self._keys.setdefault(where(each), key)

    def place(self, row: FindingRow) -> Placed:
        """Place the next finding."""
        key = self._told.standing.get(row.id)
        if key is not None:
            return Placed(row=row, place="standing", key=key)
        wish = _commented(row, self._situation)
        if wish is not None and wish.place == "cause":
            return self._on_its_cause(wish)
        if wish is None or self._said(row) or not self._take(wish.place):
            return Placed(row=row, place="summary")
        return wish

    def _said(self, row: FindingRow) -> bool:
        return abridged(row.id) in self._told.elsewhere

    def _on_its_cause(self, wish: Placed) -> Placed:
        """Beside what the same line causes; what was said elsewhere stays there.

        A list that is too long to be remembered was said, too: it stays where it is.
        """
        cause, is_said = where(wish.row), self._said(wish.row)
        if cause not in self._keys and not is_said:
            self._keys[cause] = self._new_key(wish.row)
        key = self._keys.get(cause, "")
        if not key or (is_said and key not in self._told.overfull):
            return Placed(row=wish.row, place="summary")
        if key in self._told.comments:
            return Placed(row=wish.row, place="standing", key=key)
        return replace(wish, key=key)

    def _new_key(self, row: FindingRow) -> str:
        """The key of one more comment on a cause, or of one that told only what is gone.

        Empty when there is no room, or when somebody deleted it.
        """
        taken = {*self._told.standing.values(), *self._keys.values()}
        key = next((each for each in cause_keys(row) if each not in taken), "")
        deleted = key not in self._told.comments and abridged(key) in self._told.elsewhere
        return key if key and not deleted and self._take("inline") else ""

    def _take(self, place: Place) -> bool:
        """Whether there is room; one less afterwards."""
        self._room[place] -= 1
        return self._room[place] >= 0


def _commented(row: FindingRow, situation: Situation) -> Placed | None:
    """The comment that a finding could have, were there room.

    On its own line when the change wrote it; else on the line that caused it, unless it stands
    alone and its own line is shown.
    """
    too_small = Severity(row.severity) < situation.policy.inline_severity
    if too_small or row.group == CONFIGURATION:
        return None
    own = _on_its_own(row, situation)
    shown = own is not None and own.place == "inline"
    caused = None if shown and row.group is None else cause_anchor(row, situation)
    return own if caused is None else Placed(row=row, place="cause", anchor=caused)


def _on_its_own(row: FindingRow, situation: Situation) -> Placed | None:
    """The comment on a finding's lines, or on its file."""
    file = situation.diff.file(row.path)
    if file is None or not is_sendable(row.path):
        return None
    on_file = Placed(row=row, place="file", key=row.id)
    if row.line is None:
        return on_file
    offered = None if situation.policy.from_artifact else rewrite(file, row.suggestion)
    if offered is not None and offered.first <= row.line <= offered.last:
        exact = anchor(file, offered.first, offered.last)
        if exact is not None and (exact.start_line or exact.line) == offered.first:
            return Placed(row=row, place="inline", key=row.id, anchor=exact, rewrite=offered)
    found = anchor(file, row.line, max(row.line, row.end_line or row.line))
    return on_file if found is None else replace(on_file, place="inline", anchor=found)


def places(situation: Situation, placed: Collection[Placed]) -> Mapping[str, Place]:
    """Id → place of everything introduced, what is suppressed included."""
    aside: Mapping[str, Place] = {
        each.id: "suppressed" for each in situation.report.suppressed if each.new
    }
    return {**aside, **{each.row.id: each.place for each in placed}}
