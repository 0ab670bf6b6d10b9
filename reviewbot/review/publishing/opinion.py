"""What the verdict comes to on this pull request, and what becomes of earlier ones."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewbot.review.actions import DismissReview, Event
from reviewbot.review.posted import PostedReview, ReviewState
from reviewbot.review.publishing.approval import objections
from reviewbot.review.publishing.coverage import Covered
from reviewbot.review.publishing.memory import ReviewMemory, abridged
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Withdrawal, Words
from reviewbot.review.verdict import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The decision of the report under the policy of the pull request.

    Attributes:
        event: what is said.
        notes: why it is less than the report says.
    """

    event: Event
    notes: tuple[str, ...] = ()


def opinion(situation: Situation) -> Opinion:
    """Cap the report's decision: a comment is always allowed, more only when the policy says so."""
    decision = situation.report.verdict.decision
    if decision == Decision.APPROVE.value:
        why = tuple(objections(situation))
        return Opinion(event="APPROVE") if not why else _capped("not approved", why)
    if decision == Decision.REQUEST_CHANGES.value:
        why = tuple(_cannot_block(situation))
        return Opinion(event="REQUEST_CHANGES") if not why else _capped("not blocked", why)
    return Opinion(event="COMMENT")


def _capped(what: str, why: tuple[str, ...]) -> Opinion:
    return Opinion(event="COMMENT", notes=tuple(f"{what}: {each}" for each in why))


def _cannot_block(situation: Situation) -> Iterator[str]:
    if not situation.policy.request_changes:
        yield "requests for changes are switched off"
    if situation.posted.own_id == situation.pull.author_id:
        yield "it is the account's own pull request"


def event_to_submit(situation: Situation, found: Opinion, *, has_comments: bool) -> Event | None:
    """The event of the review to post, or None when all that it would say stands already.

    One review for one head, whatever a second look at it finds; a block that stands for the same
    findings is not repeated; a comment without new comments is told by the summary.
    """
    if situation.spoken:
        return None
    repeated = found.event == "REQUEST_CHANGES" and stands(situation)
    wanted: Event = "COMMENT" if repeated else found.event
    return wanted if has_comments or wanted != "COMMENT" else None


def stands(situation: Situation) -> bool:
    """Whether a block of ours is in force for all that blocks now."""
    now = ReviewMemory.of(situation.blocking).blocking
    blocks = _active(situation, "CHANGES_REQUESTED")
    return any(now <= _memory(each).blocking for each in blocks)


def withdrawals(situation: Situation, found: Opinion, words: Words) -> Iterator[DismissReview]:
    """Own blocks and approvals that do not hold any longer.

    An approval is for one commit. A block ends when its findings were looked for and are gone: a
    tool that did not answer lifts none.
    """
    head = situation.pull.head
    for each in _active(situation, "APPROVED"):
        if found.event != "APPROVE" or each.marker is None or each.marker.head != head:
            why: Withdrawal = "superseded" if found.event == "APPROVE" else "weaker"
            yield DismissReview(id=each.id, reason=words.withdrawal(why, head))
    if found.event == "REQUEST_CHANGES":
        return
    for each in _active(situation, "CHANGES_REQUESTED"):
        if not is_upheld(each, situation):
            yield DismissReview(id=each.id, reason=words.withdrawal("resolved", head))


def is_upheld(block: PostedReview, situation: Situation) -> bool:
    """Whether nobody looked for something that an own block is about."""
    if situation.report.verdict.complete:
        return False
    covered = Covered.of(situation.report, situation.diff)
    here = {abridged(each.id) for each in situation.introduced}
    entries = _memory(block).blocking
    gone = (each for each in entries if each[0] not in here)
    return not entries or any(not covered.file(node, path) for _, node, path in gone)


def remarks(situation: Situation, found: Opinion) -> Iterator[str]:
    """What is in force on this pull request though this review does not say it, or cannot."""
    blocks = _active(situation, "CHANGES_REQUESTED")
    if found.event == "COMMENT" and any(is_upheld(each, situation) for each in blocks):
        yield "the earlier request for changes stands: nobody looked for all that it is about"
    approved = {each.marker and each.marker.head for each in _active(situation, "APPROVED")}
    if found.event == "APPROVE" and situation.spoken and situation.pull.head not in approved:
        yield "not approved: this commit has a review of ours already"
    if found.event == "REQUEST_CHANGES" and situation.spoken and not stands(situation):
        yield "not blocked: this commit has a review of ours already"


def _active(situation: Situation, state: ReviewState) -> tuple[PostedReview, ...]:
    """Reviews of ours in force; what has no marker of ours is somebody else's."""
    every = situation.posted.reviews
    return tuple(each for each in every if each.state == state and each.marker is not None)


def _memory(review: PostedReview) -> ReviewMemory:
    data = "" if review.marker is None else review.marker.data
    return ReviewMemory.parse(data)
