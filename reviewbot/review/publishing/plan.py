"""Report, diff, pull request and what stands there → the actions to perform."""

from collections.abc import Iterator

from reviewbot.review.actions import (
    Action,
    Actions,
    Event,
    FoldReview,
    InlineComment,
    Place,
    PostFileComment,
    SubmitReview,
)
from reviewbot.review.publishing.cause_comments import on_cause
from reviewbot.review.publishing.causes import is_overfull, tellers
from reviewbot.review.publishing.comments import changes, standing
from reviewbot.review.publishing.draft import Draft
from reviewbot.review.publishing.follow_up import follow_ups
from reviewbot.review.publishing.memory import ReviewMemory, abridged
from reviewbot.review.publishing.opinion import event_to_submit, opinion, remarks, withdrawals
from reviewbot.review.publishing.placing import Placed, Told, place, places
from reviewbot.review.publishing.policy import Byline
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.telling import (
    check,
    digest,
    is_told,
    lookback,
    remembered,
    summary,
)
from reviewbot.review.publishing.words import Telling, Words
from reviewbot.review.pull_request import HOLD

_ON_LINES: tuple[Place, ...] = ("inline", "cause")


def plan(situation: Situation, words: Words, byline: Byline) -> Actions:
    """Decide what to do on the pull request; once it is done, the same again does nothing.

    Args:
        situation: what was found, and what is there.
        words: who writes the texts.
        byline: the run that signs them.

    Returns:
        No steps, and a note that says why, when the pull request is not to be touched.
    """
    obstacles = tuple(_obstacles(situation, byline))
    if obstacles:
        unsaid = tuple(Placed(row=each, place="summary") for each in situation.introduced)
        return Actions(steps=(), places=places(situation, unsaid), notes=obstacles)
    draft = _draft(situation, words, byline)
    return Actions(
        steps=tuple(_steps(draft)), places=draft.telling.places, notes=draft.telling.notes
    )


def _obstacles(situation: Situation, byline: Byline) -> Iterator[str]:
    """Why nothing at all is written."""
    report, pull, posted = situation.report, situation.pull, situation.posted
    if report.head != pull.head:
        yield f"the pull request is at {pull.head[:7]}, and this review is of another commit"
    if pull.merged or not pull.open:
        yield "the pull request is closed"
    if pull.locked:
        yield "the conversation is locked"
    if pull.draft:
        yield "the pull request is a draft"
    if pull.is_held:
        yield f"the label {HOLD} is on it: it is posted when somebody takes the label off"
    if not posted.complete:
        yield "what stands on the pull request could not be read to its end"
    newer = (each.marker for each in posted.summaries if each.marker.run > byline.run > 0)
    again = (
        each.marker
        for each in posted.summaries
        if each.marker.run == byline.run and each.marker.attempt > byline.attempt
    )
    if any((*newer, *again)):
        yield "a newer run has spoken already"


def _draft(situation: Situation, words: Words, byline: Byline) -> Draft:
    placed = place(situation, _told(situation))
    comments = {each.key for each in placed if each.place in _ON_LINES}
    found = opinion(situation)
    since, fresh = lookback(situation)
    telling = Telling(
        report=situation.report,
        pull=situation.pull,
        event=found.event,
        places=places(situation, placed),
        comments=len(comments),
        since=since,
        fresh=fresh,
        notes=(*found.notes, *remarks(situation, found)),
    )
    return Draft(
        situation=situation,
        words=words,
        byline=byline,
        placed=placed,
        opinion=found,
        submitted=event_to_submit(situation, found, has_comments=bool(comments)),
        telling=telling,
    )


def _told(situation: Situation) -> Told:
    there = standing(situation)
    firsts = [first for first, *_ in there.values()]
    on_causes = tellers(firsts)
    found = {
        each.id: each.id if each.id in there else on_causes.get(abridged(each.id), "")
        for each in situation.introduced
    }
    kept = {identity: key for identity, key in found.items() if key}
    return Told(
        standing=kept,
        comments=there.keys(),
        overfull={each.marker.key for each in firsts if is_overfull(each)},
        elsewhere=remembered(situation),
    )


def _steps(draft: Draft) -> Iterator[Action]:
    """In the order in which they are performed: what is said, what is taken back, what follows."""
    situation, policy = draft.situation, draft.situation.policy
    if draft.submitted is not None:
        yield _review(draft, draft.submitted)
    yield from (_file_comment(each, draft) for each in draft.placed if each.place == "file")
    yield from changes(draft)
    current = digest(draft.telling, draft.words)
    unchanged = policy.summary and is_told(situation, current)
    if policy.summary and not unchanged:
        yield summary(draft, current)
    if policy.check_run and not (unchanged and situation.posted.check_run is not None):
        yield check(draft)
    yield from withdrawals(situation, draft.opinion, draft.words)
    yield from _copies(situation)
    yield from follow_ups(draft)


def _copies(situation: Situation) -> Iterator[FoldReview]:
    """The reviews that repeat an older one: two runs at once, or an answer that was lost."""
    seen: set[str] = set()
    for each in situation.posted.reviews:
        if each.marker is None or each.state == "PENDING":
            continue
        if each.marker.key in seen:
            yield FoldReview(id=each.id, node_id=each.node_id)
        seen.add(each.marker.key)


def _review(draft: Draft, event: Event) -> SubmitReview:
    situation = draft.situation
    comments = tuple(_inline(draft))
    blocking = situation.blocking if event == "REQUEST_CHANGES" else ()
    new = [each for each in draft.placed if each.place in _ON_LINES]
    memory = ReviewMemory.of(
        blocking, (*(each.key for each in new), *(each.row.id for each in new))
    )
    marker = draft.marker("review", situation.key("review", situation.pull.head), memory.data)
    return SubmitReview(
        key=marker.key,
        event=event,
        commit=situation.pull.head,
        body=draft.byline.signed(marker, draft.words.review(draft.telling)),
        whole_body=draft.byline.signed(marker, draft.words.whole_review(draft.telling)),
        comments=comments,
    )


def _inline(draft: Draft) -> Iterator[InlineComment]:
    for key, told in draft.told_by(*_ON_LINES).items():
        first = told[0]
        if first.place == "cause":
            yield from on_cause(key, told, draft)
        elif first.anchor is not None:
            text = draft.words.comment(first.row, draft.situation.pull, rewrite=first.rewrite)
            yield InlineComment(key=key, anchor=first.anchor, body=draft.comment(first.row, text))


def _file_comment(placed: Placed, draft: Draft) -> PostFileComment:
    row, pull = placed.row, draft.situation.pull
    text = draft.words.comment(row, pull)
    return PostFileComment(
        key=row.id, commit=pull.head, path=row.path, body=draft.comment(row, text)
    )
