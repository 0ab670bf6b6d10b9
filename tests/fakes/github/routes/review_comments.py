"""Comments on the diff of a pull request."""

from typing import Any

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.routes.written import add_comment, open_review
from tests.fakes.github.rules.access import not_locked
from tests.fakes.github.rules.bodies import fits, required
from tests.fakes.github.rules.reviews import commit_of, hunk_of, patches_at
from tests.fakes.github.shapes import node_id
from tests.fakes.github.standing import standing
from tests.fakes.github.state import Review, ReviewComment, now
from tests.fakes.github.values import Json, Refusal, Reply, not_found

_RESOURCE = "PullRequestReviewComment"


def find(call: Call) -> Listing:
    """Of submitted reviews only; oldest first unless ``sort`` says otherwise."""
    reviews = call.repository.reviews
    found = [
        comment
        for comment in call.repository.review_comments.values()
        if comment.pull == call.issue.number and reviews[comment.review].state != "PENDING"
    ]
    query = call.request.query
    if query.get("sort") == "updated":
        found.sort(key=lambda each: each.updated_at)
    if "sort" in query and query.get("direction") == "desc":
        found.reverse()
    return Listing(records=found, shape=lambda each: comment_shape(call, each))


def create(call: Call) -> Reply:
    """One comment on a line, or on a file; it makes a review of its own."""
    not_locked(call)
    said = call.body
    if "in_reply_to" in said:
        return _reply_to(call, int(said["in_reply_to"]))
    required(said, "body", "commit_id", "path", resource=_RESOURCE)
    fits(call.state, said["body"], _RESOURCE)
    patches = patches_at(call.repository, call.pull, commit_of(call, said["commit_id"]))
    try:
        on_file = said.get("subject_type") == "file"
        hunk = _file(patches, said["path"]) if on_file else hunk_of(patches, said)
    except Refusal as refused:
        text = refused.reply.body["errors"][0]
        raise _refused("pull_request_review_thread.line", text) from None
    comment = add_comment(call, _review_of_one(call, said["commit_id"]), said, hunk)
    return Reply(status=201, body=comment_shape(call, comment))


def _file(patches: dict[str, Any], path: str) -> str:
    if path not in patches:
        raise Refusal(422, "", errors=["Path could not be resolved"])
    return ""


def _refused(field: str, text: str) -> Refusal:
    error = {"resource": _RESOURCE, "code": "custom", "field": field, "message": text}
    return Refusal(422, "Validation Failed", errors=[error])


def _review_of_one(call: Call, commit: str) -> Review:
    return open_review(call, commit, "", "COMMENTED")


def _comment(call: Call) -> ReviewComment:
    found = call.repository.review_comments.get(call.number("comment_id"))
    if found is None:
        raise not_found()
    return found


def get(call: Call) -> Reply:
    return Reply(body=comment_shape(call, _comment(call)))


def update(call: Call) -> Reply:
    comment = _comment(call)
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    comment.body, comment.updated_at = call.body["body"], now()
    return Reply(body=comment_shape(call, comment))


def delete(call: Call) -> Reply:
    del call.repository.review_comments[_comment(call).id]
    return Reply(status=204)


def reply(call: Call) -> Reply:
    return _reply_to(call, call.number("comment_id"))


def _reply_to(call: Call, number: int) -> Reply:
    above = call.repository.review_comments.get(number)
    if above is None or above.pull != call.issue.number:
        raise not_found()
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    said = {
        "path": above.path,
        "line": above.line,
        "side": above.side,
        "body": call.body["body"],
        "subject_type": "line" if above.line else "file",
    }
    comment = add_comment(call, _review_of_one(call, above.commit), said, above.hunk)
    comment.reply_to = above.reply_to or above.id
    return Reply(status=201, body=comment_shape(call, comment))


def comment_shape(call: Call, comment: ReviewComment, *, in_review: bool = False) -> Json:
    """A comment as it stands now: without a line once it is outdated."""
    found, shapes = call.repository, call.shapes
    pull = found.issues[comment.pull].pull
    assert pull is not None
    name = "review-comment-items" if in_review else "pull-request-review-comment-items"
    place = standing(found, pull, comment)
    line = place.line
    start = None
    if comment.start_line is not None and comment.line is not None and line is not None:
        start = line - (comment.line - comment.start_line)
    here = f"{shapes.api}/repos/{found.full_name}/pulls"
    web = f"{shapes.web}/{found.full_name}/pull/{comment.pull}#discussion_r{comment.id}"
    made = shapes.example(name, found.full_name) | {
        "id": comment.id,
        "node_id": node_id("PRRC", comment.id),
        "pull_request_review_id": comment.review,
        "url": f"{here}/comments/{comment.id}",
        "html_url": web,
        "pull_request_url": f"{here}/{comment.pull}",
        "diff_hunk": comment.hunk,
        "path": comment.path,
        "commit_id": pull.head if line is not None else comment.commit,
        "original_commit_id": comment.commit,
        "user": shapes.user(comment.user),
        "body": comment.body,
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "author_association": shapes.association(found, comment.user),
        "side": comment.side,
        "line": line,
        "original_line": comment.line,
        "start_line": start,
        "original_start_line": comment.start_line,
        "start_side": comment.start_side,
        "position": place.position,
        "original_position": place.original_position,
    }
    made["_links"] = {
        "self": {"href": f"{here}/comments/{comment.id}"},
        "html": {"href": web},
        "pull_request": {"href": f"{here}/{comment.pull}"},
    }
    return _trimmed(made, comment)


def _trimmed(made: Json, comment: ReviewComment) -> Json:
    made.pop("in_reply_to_id", None)
    if comment.reply_to is not None:
        made["in_reply_to_id"] = comment.reply_to
    made["subject_type"] = "line" if comment.line is not None else "file"
    return made
