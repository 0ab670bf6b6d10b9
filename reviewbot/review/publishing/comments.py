"""The comments that stand: which are kept, closed or opened again."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from reviewbot.review.actions import CloseComment, ReopenComment
from reviewbot.review.classified import BaselineState
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing.coverage import Covered
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.memory import CLOSED, short
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Closing
from reviewbot.review.rows import FindingRow


def standing(situation: Situation) -> Mapping[str, tuple[PostedComment, ...]]:
    """Finding id → its comments, the one that counts first: the oldest open one, else the oldest.

    More than one is there only when an answer was lost.
    """
    by_key = sorted(situation.posted.comments, key=lambda each: each.marker.key)
    return {
        key: tuple(sorted(found, key=lambda each: (each.closed, each.id)))
        for key, found in groupby(by_key, key=lambda each: each.marker.key)
    }


def changes(draft: Draft) -> Iterator[CloseComment | ReopenComment]:
    """What happens to the comments that stand already."""
    situation = draft.situation
    introduced = {each.id: each for each in situation.introduced}
    covered = Covered.of(situation.report, situation.diff)
    for key, (first, *others) in standing(situation).items():
        row = introduced.get(key)
        if row is not None and first.closed:
            yield _reopened(first, row, draft)
        why = None if row is not None else _gone(first, situation, covered)
        if why is not None and not first.closed:
            yield _closed(first, why, draft)
        yield from (_closed(each, "repeated", draft) for each in others if not each.closed)


def _gone(comment: PostedComment, situation: Situation, covered: Covered) -> Closing | None:
    """Why a finding is no longer introduced; None when nobody looked."""
    key = comment.marker.key
    if any(each.id == key for each in situation.report.suppressed):
        return "suppressed"
    existing = BaselineState.EXISTING.value
    if any(each.id == key and each.change == existing for each in situation.report.findings):
        return "existing"
    return "fixed" if covered.file(comment.marker.data, short(comment.path)) else None


def _closed(comment: PostedComment, why: Closing, draft: Draft) -> CloseComment:
    """Close a comment, keeping what it said."""
    text = draft.words.closed(why, draft.situation.pull, comment.body.partition("\n")[2])
    marker = draft.marker("comment", comment.marker.key, CLOSED)
    return CloseComment(
        key=marker.key,
        id=comment.id,
        node_id=comment.node_id,
        body=draft.byline.signed(marker, text),
    )


def _reopened(comment: PostedComment, row: FindingRow, draft: Draft) -> ReopenComment:
    """Open a comment again whose finding came back: a second one would be noise."""
    text = draft.words.comment(row, draft.situation.pull, came_back=True)
    return ReopenComment(
        key=row.id, id=comment.id, node_id=comment.node_id, body=draft.comment(row, text)
    )
