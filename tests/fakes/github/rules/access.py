"""Who may do what: tokens, permissions, private repositories, locked conversations."""

from collections.abc import Mapping

from tests.fakes.github.call import Call
from tests.fakes.github.state import Repository, State, Token
from tests.fakes.github.values import Refusal, Request, not_found

_RANK = {"read": 1, "write": 2}
_PULLS = "pull_requests"

# Operation → the permissions of which one is enough. Those of an issue that is a pull request are
# opened by both; GitHub documents that `issues/get` is not.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "pulls/get": ("pull_requests=read",),
    "pulls/list": ("pull_requests=read",),
    "pulls/list-files": ("pull_requests=read",),
    "pulls/list-commits": ("pull_requests=read",),
    "pulls/list-reviews": ("pull_requests=read",),
    "pulls/get-review": ("pull_requests=read",),
    "pulls/list-comments-for-review": ("pull_requests=read",),
    "pulls/list-review-comments": ("pull_requests=read",),
    "pulls/get-review-comment": ("pull_requests=read",),
    "pulls/create-review": ("pull_requests=write",),
    "pulls/update-review": ("pull_requests=write",),
    "pulls/submit-review": ("pull_requests=write",),
    "pulls/delete-pending-review": ("pull_requests=write",),
    "pulls/dismiss-review": ("pull_requests=write",),
    "pulls/create-review-comment": ("pull_requests=write",),
    "pulls/create-reply-for-review-comment": ("pull_requests=write",),
    "pulls/update-review-comment": ("pull_requests=write",),
    "pulls/delete-review-comment": ("pull_requests=write",),
    "pulls/merge": ("contents=write",),
    "issues/get": ("issues=read",),
    "issues/list-for-repo": ("issues=read",),
    "issues/create": ("issues=write",),
    "issues/list-comments": ("issues=read", "pull_requests=read"),
    "issues/get-comment": ("issues=read", "pull_requests=read"),
    "issues/create-comment": ("issues=write", "pull_requests=write"),
    "issues/update-comment": ("issues=write", "pull_requests=write"),
    "issues/delete-comment": ("issues=write", "pull_requests=write"),
    "issues/update": ("issues=write", "pull_requests=write"),
    "issues/add-assignees": ("issues=write", "pull_requests=write"),
    "issues/add-labels": ("issues=write", "pull_requests=write"),
    "issues/remove-label": ("issues=write", "pull_requests=write"),
    "issues/list-labels-on-issue": ("issues=read", "pull_requests=read"),
    "issues/list-labels-for-repo": ("issues=read", "pull_requests=read"),
    "issues/create-label": ("issues=write", "pull_requests=write"),
    "checks/create": ("checks=write",),
    "checks/update": ("checks=write",),
    "checks/get": ("checks=read",),
    "checks/list-annotations": ("checks=read",),
    "checks/list-for-ref": ("checks=read",),
    "repos/create-commit-status": ("statuses=write",),
    "repos/get-commit": ("contents=read",),
    "repos/compare-commits-with-basehead": ("contents=read",),
    "repos/get-content": ("contents=read",),
    "actions/get-workflow-run": ("actions=read",),
    "actions/list-workflow-run-artifacts": ("actions=read",),
    "actions/download-artifact": ("actions=read",),
}
_NOT_FOR_APPS = frozenset({"users/get-authenticated"})
_ALSO_WHEN_PUBLIC = frozenset({"issues/get"})


def token_of(state: State, request: Request) -> Token | None:
    """Whose request it is.

    Raises:
        Refusal: 401 when there is a token that nobody knows, 403 when the client has no name.
    """
    if "user-agent" not in request.headers:
        raise Refusal(403, "Request forbidden by administrative rules.")
    said = request.headers.get("authorization")
    if said is None:
        return None
    scheme, _, text = said.partition(" ")
    token = state.tokens.get(text.strip())
    if scheme.lower() not in {"token", "bearer"} or token is None:
        raise Refusal(401, "Bad credentials")
    return token


def permitted(call: Call) -> None:
    """Whether this token opens this operation on this repository."""
    token = call.token
    if call.operation in _NOT_FOR_APPS:
        if token is None:
            raise Refusal(401, "Requires authentication")
        if token.installation:
            raise _inaccessible(token, ())
    if "repo" not in call.names:
        return
    _visible(call.repository, token)
    if token is None:
        if call.request.verb != "GET":
            raise Refusal(401, "Requires authentication")
        return
    needs = NEEDS.get(call.operation, ())
    free = call.request.verb == "GET" and not call.repository.private
    if free and call.operation not in _ALSO_WHEN_PUBLIC:
        return
    if needs and not any(_has(token, need, call) for need in needs):
        raise _inaccessible(token, needs)


def _visible(repository: Repository, token: Token | None) -> None:
    if repository.private and (token is None or not token.everywhere):
        raise not_found()


def _has(token: Token, need: str, call: Call) -> bool:
    name, _, level = need.partition("=")
    if name == _PULLS and not _concerns_a_pull(call):
        return False
    return _RANK.get(token.permissions.get(name, ""), 0) >= _RANK[level]


def _concerns_a_pull(call: Call) -> bool:
    """Whether the issue in the path is a pull request; paths without an issue always are."""
    number = call.names.get("issue_number")
    if call.operation.startswith("issues/") and "comment_id" in call.names:
        comment = call.repository.comments.get(call.number("comment_id"))
        number = str(comment.issue) if comment else None
    if number is None:
        return True
    issue = call.repository.issues.get(int(number)) if number.isdecimal() else None
    return issue is not None and issue.pull is not None


def _inaccessible(token: Token, needs: tuple[str, ...]) -> Refusal:
    kind = "integration" if token.installation else "personal access token"
    accepted = {"x-accepted-github-permissions": "; ".join(needs)} if needs else {}
    return Refusal(403, f"Resource not accessible by {kind}", headers=accepted)


def not_locked(call: Call) -> None:
    """A locked conversation takes comments of collaborators only."""
    if call.issue.locked and call.user.login not in call.repository.collaborators:
        raise Refusal(403, "Unable to create comment because issue is locked.")


def issues_are_on(call: Call) -> None:
    """Issues can be switched off; pull requests keep their comments."""
    if not call.repository.has_issues and call.issue.pull is None:
        raise Refusal(410, "Issues are disabled for this repo")
