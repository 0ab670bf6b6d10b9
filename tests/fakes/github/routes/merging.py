"""Merging a pull request."""

from tests.fakes.github.call import Call
from tests.fakes.github.state import now
from tests.fakes.github.values import Refusal, Reply


def merge(call: Call) -> Reply:
    """By the head the caller saw; a later one is refused."""
    issue, pull, git = call.issue, call.pull, call.repository.git
    if issue.state != "open" or pull.draft:
        raise Refusal(405, "Pull Request is not mergeable")
    if call.body.get("sha", pull.head) != pull.head:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    git.point(f"refs/heads/{pull.base_ref}", pull.head)
    pull.merged, issue.state, issue.closed_at = True, "closed", now()
    said = {"sha": pull.head, "merged": True, "message": "Pull Request successfully merged"}
    return Reply(body=said)
