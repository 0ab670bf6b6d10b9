"""Reviews: listed, made, edited, dismissed."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.routes.review_comments import add, shape_of
from tests.fakes.github.rules.access import not_locked
from tests.fakes.github.rules.bodies import fits
from tests.fakes.github.rules.reviews import (
    STATES,
    commit_of,
    hunk_of,
    may_submit,
    patches_at,
    unprocessable,
)
from tests.fakes.github.state import Review, now
from tests.fakes.github.values import Reply, not_found


def find(call: Call) -> Listing:
    """Own pending reviews are seen, those of others are not."""
    found = [
        review
        for review in call.repository.reviews.values()
        if review.pull == call.issue.number
        and (review.state != "PENDING" or review.user.id == call.user.id)
    ]
    return Listing(records=found, shape=lambda each: call.shapes.review(call.repository, each))


def create(call: Call) -> Reply:
    """All of it or nothing."""
    not_locked(call)
    said = call.body
    event, body, comments = said.get("event"), said.get("body") or "", said.get("comments") or []
    may_submit(call, event, body, comments)
    commit = commit_of(call, said.get("commit_id"))
    fits(call.state, body, "PullRequestReview")
    patches = patches_at(call.repository, call.pull, commit)
    hunks = [hunk_of(patches, comment) for comment in comments]
    for comment in comments:
        fits(call.state, comment["body"], "PullRequestReview")
    review = open_review(call, commit, body, STATES.get(event or "", "PENDING"))
    for comment, hunk in zip(comments, hunks, strict=True):
        add(call, review, comment, hunk)
    return Reply(body=call.shapes.review(call.repository, review))


def open_review(call: Call, commit: str, body: str, state: str) -> Review:
    """A review that stands from now on."""
    review = Review(
        id=call.state.next_id(),
        pull=call.issue.number,
        user=call.user,
        body=body,
        state=state,
        commit=commit,
        submitted_at=None if state == "PENDING" else now(),
    )
    call.repository.reviews[review.id] = review
    return review


def _review(call: Call) -> Review:
    review = call.repository.reviews.get(call.number("review_id"))
    if review is None or review.pull != call.issue.number:
        raise not_found()
    return review


def get(call: Call) -> Reply:
    return Reply(body=call.shapes.review(call.repository, _review(call)))


def update(call: Call) -> Reply:
    """Only the text can be changed, and only by its author."""
    review = _review(call)
    if review.user.id != call.user.id:
        raise unprocessable("Can not edit somebody else's review")
    fits(call.state, call.body["body"], "PullRequestReview")
    review.body = call.body["body"]
    return Reply(body=call.shapes.review(call.repository, review))


def submit(call: Call) -> Reply:
    """A pending review becomes one that others see."""
    review = _review(call)
    if review.state != "PENDING":
        raise unprocessable("Can not submit a submitted pull request review")
    review.state, review.submitted_at = STATES[call.body["event"]], now()
    review.body = call.body.get("body") or review.body
    return Reply(body=call.shapes.review(call.repository, review))


def delete(call: Call) -> Reply:
    """Only a pending review can be deleted, with its comments."""
    review = _review(call)
    if review.state != "PENDING" or review.user.id != call.user.id:
        raise unprocessable("Can not delete a non-pending pull request review")
    reply = Reply(body=call.shapes.review(call.repository, review))
    del call.repository.reviews[review.id]
    comments = call.repository.review_comments
    for comment in [each for each in comments.values() if each.review == review.id]:
        del comments[comment.id]
    return reply


def dismiss(call: Call) -> Reply:
    review = _review(call)
    if not call.body.get("message"):
        raise unprocessable("Message can't be blank")
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
    review.state = "DISMISSED"
    return Reply(body=call.shapes.review(call.repository, review))


def comments(call: Call) -> Listing:
    review = _review(call)
    found = [c for c in call.repository.review_comments.values() if c.review == review.id]
    return Listing(records=found, shape=lambda each: shape_of(call, each, in_review=True))
