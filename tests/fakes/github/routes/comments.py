"""Comments under an issue or a pull request."""

from tests.fakes.github.call import Call
from tests.fakes.github.listing import Listing
from tests.fakes.github.rules.access import issues_are_on, not_locked
from tests.fakes.github.rules.bodies import fits, required
from tests.fakes.github.state import Comment, now
from tests.fakes.github.values import Reply, not_found

_RESOURCE = "IssueComment"


def find(call: Call) -> Listing:
    """Oldest first."""
    issues_are_on(call)
    found = [c for c in call.repository.comments.values() if c.issue == call.issue.number]
    return Listing(records=found, shape=lambda each: call.shapes.comment(call.repository, each))


def create(call: Call) -> Reply:
    issues_are_on(call)
    not_locked(call)
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    comment = Comment(
        id=call.state.next_id(), issue=call.issue.number, user=call.user, body=call.body["body"]
    )
    call.repository.comments[comment.id] = comment
    return Reply(status=201, body=call.shapes.comment(call.repository, comment))


def _comment(call: Call) -> Comment:
    found = call.repository.comments.get(call.number("comment_id"))
    if found is None:
        raise not_found()
    return found


def get(call: Call) -> Reply:
    return Reply(body=call.shapes.comment(call.repository, _comment(call)))


def update(call: Call) -> Reply:
    comment = _comment(call)
    required(call.body, "body", resource=_RESOURCE)
    fits(call.state, call.body["body"], _RESOURCE)
    comment.body, comment.updated_at = call.body["body"], now()
    return Reply(body=call.shapes.comment(call.repository, comment))


def delete(call: Call) -> Reply:
    del call.repository.comments[_comment(call).id]
    return Reply(status=204)
