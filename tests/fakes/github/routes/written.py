"""What a review leaves in the repository: itself and its comments."""

from tests.fakes.github.call import Call
from tests.fakes.github.state import Review, ReviewComment, now
from tests.fakes.github.values import Json


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


def add_comment(call: Call, review: Review, said: Json, hunk: str) -> ReviewComment:
    """A comment that stands from now on."""
    on_line = said.get("subject_type") != "file"
    comment = ReviewComment(
        id=call.state.next_id(),
        pull=call.issue.number,
        review=review.id,
        user=call.user,
        body=said["body"],
        path=said["path"],
        commit=review.commit,
        line=said.get("line") if on_line else None,
        side=said.get("side", "RIGHT"),
        start_line=said.get("start_line") if on_line else None,
        start_side=said.get("start_side") if on_line else None,
        hunk=hunk,
    )
    call.repository.review_comments[comment.id] = comment
    return comment
