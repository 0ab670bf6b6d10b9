"""The comments that stand: which are kept, edited, closed or opened again."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from reviewbot.review.actions import CloseComment, EditComment, ReopenComment
from reviewbot.review.marker import CLOSED
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing.cause_comments import follow
from reviewbot.review.publishing.causes import memory_of
from reviewbot.review.publishing.coverage import Covered
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.gone import gone
from reviewbot.review.publishing.memory import short
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.rows import FindingRow

Change = CloseComment | EditComment | ReopenComment


def standing(situation: Situation) -> Mapping[str, tuple[PostedComment, ...]]:
    """Key → its comments, the one that counts first: the oldest open one, else the oldest.

    More than one is there only when an answer was lost.
    """
    by_key = sorted(situation.posted.comments, key=lambda each: each.marker.key)
    return {
        key: tuple(sorted(found, key=lambda each: (each.closed, each.id)))
        for key, found in groupby(by_key, key=lambda each: each.marker.key)
    }


def changes(draft: Draft) -> Iterator[Change]:
    """What happens to the comments that stand already."""
    covered = Covered.of(draft.situation.report, draft.situation.diff)
    told = draft.told_by("standing")
    for key, (first, *others) in standing(draft.situation).items():
        rows, memory = tuple(each.row for each in told.get(key, ())), memory_of(first)
        if memory is not None:
            yield from follow(first, memory, rows, draft, covered)
        else:
            yield from _follow(first, rows, draft, covered)
        for each in others:
            if not each.closed:
                yield draft.closing(each, "repeated", CLOSED)


def _follow(
    comment: PostedComment, rows: Sequence[FindingRow], draft: Draft, covered: Covered
) -> Iterator[CloseComment | ReopenComment]:
    """The comment of one finding; one that came back is not said a second time."""
    if rows and comment.closed:
        yield _reopened(comment, rows[0], draft)
    if rows or comment.closed:
        return
    entry = (comment.marker.key, comment.marker.data, short(comment.path))
    why = gone(entry, draft.situation, covered)
    if why is not None:
        yield draft.closing(comment, why, CLOSED)


def _reopened(comment: PostedComment, row: FindingRow, draft: Draft) -> ReopenComment:
    text = draft.words.comment(row, draft.situation.pull, came_back=True)
    return ReopenComment(
        key=row.id, id=comment.id, node_id=comment.node_id, body=draft.comment(row, text)
    )
