"""GitHub's rules for reviews and for the lines one may comment on.

A refusal never says which comment it is about.
"""

from collections.abc import Iterable
from typing import Any

from tests.fakes.github.call import Call
from tests.fakes.github.patch import FilePatch
from tests.fakes.github.state import Pull, Repository
from tests.fakes.github.values import Json, Refusal

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
_NO_LINE = (
    "Pull request review thread line must be part of the diff and"
    " Pull request review thread diff hunk can't be blank"
)
_NO_HUNK = "Pull request review thread start line must be part of the same hunk as the line."
_NO_ORDER = "Pull request review thread start line must precede the end line."
_NO_SIDE = "Pull request review thread side is not included in the list"


def unprocessable(*errors: Any) -> Refusal:
    """422 with GitHub's words."""
    return Refusal(422, "Unprocessable Entity", errors=list(errors))


def may_submit(call: Call, event: str | None, body: str, comments: Iterable[Json]) -> None:
    """Whether this user may make this review at all."""
    if event is not None and event not in STATES:
        raise unprocessable("Variable $event was provided invalid value")
    if any(
        review.state == "PENDING"
        and review.pull == call.issue.number
        and review.user.id == call.user.id
        for review in call.repository.reviews.values()
    ):
        raise unprocessable("User can only have one pending review per pull request")
    if event in {"APPROVE", "REQUEST_CHANGES"}:
        _may_judge(call, event)
    if event == "REQUEST_CHANGES" and not body:
        raise unprocessable("Body can't be blank for a review that requests changes")
    if event == "COMMENT" and not body and not list(comments):
        raise unprocessable("Body can't be blank for a review without comments")


def _may_judge(call: Call, event: str) -> None:
    if call.issue.user.id == call.user.id:
        act = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {act} your own pull request")
    token = call.token
    by_actions = token is not None and token.installation
    if event == "APPROVE" and by_actions and not call.repository.actions_approve:
        raise unprocessable("GitHub Actions is not permitted to approve pull requests.")


def commit_of(call: Call, said: str | None) -> str:
    """The commit a review is about: the latest, or one that was part of the pull request."""
    pull = call.pull
    if said is None:
        return pull.head
    commits = {
        commit for head in pull.heads for commit in call.repository.git.between(pull.base, head)
    }
    if said not in commits | set(pull.heads):
        raise unprocessable("Commit is not part of the pull request")
    return said


def patches_at(repository: Repository, pull: Pull, commit: str) -> dict[str, FilePatch]:
    """Path → what the pull request did to it, as of one of its commits."""
    base = repository.git.resolve(pull.base_ref) or pull.base
    start = repository.git.merge_base(base, commit) or base
    return {patch.path: patch for patch in repository.git.patches(start, commit)}


def hunk_of(patches: dict[str, FilePatch], comment: Json) -> str:
    """The text above a comment, when it may stand where it wants to.

    Raises:
        Refusal: 422 with the words of the rule that it breaks.
    """
    patch = patches.get(comment["path"])
    if patch is None:
        raise unprocessable("Path could not be resolved")
    line, side = comment.get("line"), str(comment.get("side", "RIGHT"))
    start, start_side = comment.get("start_line"), str(comment.get("start_side", side))
    if not {side, start_side} <= {"LEFT", "RIGHT"}:
        raise unprocessable(_NO_SIDE)
    where = patch.hunk_at(side, line) if isinstance(line, int) else None
    if where is None or not isinstance(line, int):
        raise unprocessable(_NO_LINE)
    hunk = patch.hunks[where]
    if start is not None:
        if side == start_side and start >= line:
            raise unprocessable(_NO_ORDER)
        if patch.hunk_at(start_side, start) != where:
            raise unprocessable(_NO_HUNK)
    return hunk.until(side, line)
