"""Comments under an issue or a pull request."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.rules.access import issues_are_on, not_locked
from tests.fakes.github.rules.bodies import fits, required
from tests.fakes.github.shapes import node_id
from tests.fakes.github.state import Comment, now
from tests.fakes.github.values import Json, Reply, not_found

_RESOURCE = "IssueComment"


def find(call: Call) -> Listing:
    """Oldest first."""
    issues_are_on(call)
    found = [c for c in call.repository.comments.values() if c.issue == call.issue.number]
    return Listing(records=found, shape=lambda each: shape_of(call, each))


def create(call: Call) -> Reply:
    issues_are_on(call)
    not_locked(call)
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    comment = Comment(
        id=call.state.next_id(), issue=call.issue.number, user=call.user, body=call.body["body"]
    )
    call.repository.comments[comment.id] = comment
    return Reply(status=201, body=shape_of(call, comment))


def _comment(call: Call) -> Comment:
    found = call.repository.comments.get(call.number("comment_id"))
    if found is None:
        raise not_found()
    return found


def get(call: Call) -> Reply:
    return Reply(body=shape_of(call, _comment(call)))


def update(call: Call) -> Reply:
    comment = _comment(call)
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    comment.body, comment.updated_at = call.body["body"], now()
    return Reply(body=shape_of(call, comment))


def delete(call: Call) -> Reply:
    del call.repository.comments[_comment(call).id]
    return Reply(status=204)


def shape_of(call: Call, comment: Comment) -> Json:
    """A comment as GitHub shows it."""
    found, shapes = call.repository, call.shapes
    made = shapes.example("issue-comment", found.full_name)
    here = f"{shapes.api}/repos/{found.full_name}/issues"
    page = "pull" if found.issues[comment.issue].pull else "issues"
    web = f"{shapes.web}/{found.full_name}/{page}/{comment.issue}"
    return made | {
        "id": comment.id,
        "node_id": node_id("IC", comment.id),
        "url": f"{here}/comments/{comment.id}",
        "html_url": f"{web}#issuecomment-{comment.id}",
        "issue_url": f"{here}/{comment.issue}",
        "body": comment.body,
        "user": shapes.user(comment.user),
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "author_association": shapes.association(found, comment.user),
    }
