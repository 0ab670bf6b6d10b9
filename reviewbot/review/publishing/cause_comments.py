"""The comments on causes that stand: their lists follow what is found."""

from collections.abc import Iterable, Iterator, Sequence

from reviewbot.review.actions import CloseComment, EditComment, InlineComment, ReopenComment
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing.cause_memory import CauseMemory, Entry
from reviewbot.review.publishing.coverage import Covered
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.gone import gone
from reviewbot.review.publishing.memory import abridged
from reviewbot.review.publishing.placing import Placed
from reviewbot.review.publishing.words import Closing
from reviewbot.review.rows import FindingRow


def follow(
    comment: PostedComment,
    memory: CauseMemory,
    rows: Sequence[FindingRow],
    draft: Draft,
    covered: Covered,
) -> Iterator[CloseComment | EditComment | ReopenComment]:
    """What happens to a comment on a cause.

    Args:
        comment: as it stands.
        memory: what it was about.
        rows: the findings that it is about now.
        draft: what was decided.
        covered: what this run looked at.
    """
    here = {abridged(each.id) for each in rows}
    lost = [each for each in sorted(memory.listed) if each[0] not in here]
    whys = {each: gone(each, draft.situation, covered) for each in lost}
    unseen = [each for each, why in whys.items() if why is None]
    if rows and (comment.closed or not memory.lists(rows, unseen)):
        yield _rewritten(comment, rows, unseen, memory, draft)
    looked = not unseen and (not memory.is_full or draft.situation.report.verdict.complete)
    if not rows and looked and not comment.closed:
        yield draft.closing(comment, _common(whys.values()), memory.closed().data)


def on_cause(key: str, told: Sequence[Placed], draft: Draft) -> Iterator[InlineComment]:
    """One more comment on a cause.

    Args:
        key: of the comment.
        told: the findings in it; all have its anchor.
        draft: what was decided.
    """
    rows = tuple(each.row for each in told)
    if told[0].anchor is not None:
        text = draft.words.cause(rows, draft.situation.pull)
        memory = CauseMemory(digest="").rewritten(rows)
        yield InlineComment(key=key, anchor=told[0].anchor, body=_body(key, text, memory, draft))


def _rewritten(
    comment: PostedComment,
    rows: Sequence[FindingRow],
    unseen: Sequence[Entry],
    memory: CauseMemory,
    draft: Draft,
) -> EditComment | ReopenComment:
    """The comment with another list."""
    key, pull = comment.marker.key, draft.situation.pull
    text = draft.words.cause(rows, pull, unseen=len(unseen), came_back=comment.closed)
    body = _body(key, text, memory.rewritten(rows, unseen), draft)
    if comment.closed:
        return ReopenComment(key=key, id=comment.id, node_id=comment.node_id, body=body)
    return EditComment(key=key, id=comment.id, body=body)


def _body(key: str, text: str, memory: CauseMemory, draft: Draft) -> str:
    return draft.byline.signed(draft.marker("comment", key, memory.data), text)


def _common(whys: Iterable[Closing | None]) -> Closing:
    """The one reason for all of them, if there is one."""
    every = {why or "fixed" for why in whys}
    return "settled" if len(every) > 1 else next(iter(every), "fixed")
