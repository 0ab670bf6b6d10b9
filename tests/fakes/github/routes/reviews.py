"""Reviews: listed, made, edited, dismissed."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.routes.review_comments import comment_shape
from tests.fakes.github.routes.written import add_comment, open_review
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
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import Review, now
from tests.fakes.github.values import Json, Reply, not_found


def find(call: Call) -> Listing:
    """Own pending reviews are seen, those of others are not."""
    found = [
        review
        for review in call.repository.reviews.values()
        if review.pull == call.issue.number
        and (review.state != "PENDING" or review.user.id == call.user.id)
    ]
    return Listing(records=found, shape=lambda each: shape_of(call, each))


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
        add_comment(call, review, comment, hunk)
    return Reply(body=shape_of(call, review))


def _review(call: Call) -> Review:
    review = call.repository.reviews.get(call.number("review_id"))
    if review is None or review.pull != call.issue.number:
        raise not_found()
    return review


def get(call: Call) -> Reply:
    return Reply(body=shape_of(call, _review(call)))


def update(call: Call) -> Reply:
    """Only the text can be changed, and only by its author."""
    review = _review(call)
    if review.user.id != call.user.id:
        raise unprocessable("Can not edit somebody else's review")
    fits(call.state, call.body["body"], "PullRequestReview")
    review.body = call.body["body"]
    return Reply(body=shape_of(call, review))


def submit(call: Call) -> Reply:
    """A pending review becomes one that others see."""
    review = _review(call)
    if review.state != "PENDING":
        raise unprocessable("Can not submit a submitted pull request review")
    review.state, review.submitted_at = STATES[call.body["event"]], now()
    review.body = call.body.get("body") or review.body
    return Reply(body=shape_of(call, review))


def delete(call: Call) -> Reply:
    """Only a pending review can be deleted, with its comments."""
    review = _review(call)
    if review.state != "PENDING" or review.user.id != call.user.id:
        raise unprocessable("Can not delete a non-pending pull request review")
    reply = Reply(body=shape_of(call, review))
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
    return Reply(body=shape_of(call, review))


def comments(call: Call) -> Listing:
    review = _review(call)
    found = [c for c in call.repository.review_comments.values() if c.review == review.id]
    return Listing(records=found, shape=lambda each: comment_shape(call, each, in_review=True))


def shape_of(call: Call, review: Review) -> Json:
    """A review as GitHub shows it; a pending one was submitted at no time."""
    found, shapes = call.repository, call.shapes
    made = shapes.example("pull-request-review", found.full_name)
    web = f"{shapes.web}/{found.full_name}/pull/{review.pull}"
    pull = f"{shapes.api}/repos/{found.full_name}/pulls/{review.pull}"
    html = f"{web}#pullrequestreview-{review.id}"
    made |= {
        "id": review.id,
        "node_id": node_id("PRR", review.id),
        "user": shapes.user(review.user),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull,
        "_links": {"html": {"href": html}, "pull_request": {"href": pull}},
        "commit_id": review.commit,
        "author_association": shapes.association(found, review.user),
    }
    made.pop("submitted_at", None)
    return made | ({"submitted_at": review.submitted_at} if review.submitted_at else {})
