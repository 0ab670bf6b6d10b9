"""Which function answers which operation. The table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tests.fakes.github.call import Call
from tests.fakes.github.descriptions import operations
from tests.fakes.github.listing import Listing
from tests.fakes.github.routes import (
    accounts,
    actions,
    checks,
    comments,
    commits,
    graphql,
    issues,
    merging,
    pulls,
    review_comments,
    reviews,
)
from tests.fakes.github.values import Reply

ANSWERS: Mapping[str, Callable[[Call], Reply | Listing]] = {
    "rate-limit/get": accounts.rate_limit,
    "users/get-authenticated": accounts.user,
    "graphql": graphql.answer,
    "repos/get": accounts.repository,
    "repos/get-collaborator-permission-level": issues.permission,
    "pulls/list": pulls.find,
    "pulls/merge": merging.merge,
    "pulls/get": pulls.get,
    "pulls/list-files": pulls.files,
    "pulls/list-commits": pulls.commits,
    "pulls/list-reviews": reviews.find,
    "pulls/create-review": reviews.create,
    "pulls/get-review": reviews.get,
    "pulls/update-review": reviews.update,
    "pulls/submit-review": reviews.submit,
    "pulls/delete-pending-review": reviews.delete,
    "pulls/dismiss-review": reviews.dismiss,
    "pulls/list-comments-for-review": reviews.comments,
    "pulls/list-review-comments": review_comments.find,
    "pulls/get-review-comment": review_comments.get,
    "pulls/create-review-comment": review_comments.create,
    "pulls/create-reply-for-review-comment": review_comments.reply,
    "pulls/update-review-comment": review_comments.update,
    "pulls/delete-review-comment": review_comments.delete,
    "issues/get": issues.get,
    "issues/list-for-repo": issues.find,
    "issues/create": issues.create,
    "issues/update": issues.update,
    "issues/add-assignees": issues.add_assignees,
    "issues/add-labels": issues.add_labels,
    "issues/remove-label": issues.remove_label,
    "issues/list-labels-on-issue": issues.labels,
    "issues/list-labels-for-repo": issues.labels_of_repository,
    "issues/create-label": issues.create_label,
    "issues/get-comment": comments.get,
    "issues/list-comments": comments.find,
    "issues/create-comment": comments.create,
    "issues/update-comment": comments.update,
    "issues/delete-comment": comments.delete,
    "checks/create": checks.create,
    "checks/update": checks.update,
    "checks/get": checks.get,
    "checks/list-annotations": checks.annotations,
    "checks/list-for-ref": checks.for_ref,
    "actions/get-workflow-run": actions.run,
    "actions/list-workflow-run-artifacts": actions.artifacts,
    "actions/download-artifact": actions.download,
    "repos/create-commit-status": commits.create_status,
    "repos/get-commit": commits.get,
    "repos/compare-commits-with-basehead": commits.compare,
    "repos/get-content": commits.content,
}
_PARTS = {"path": ".*", "basehead": ".+", "ref": ".+", "sha": ".+"}
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, and the names in its path."""

    operation: str
    verb: str
    template: str
    pattern: re.Pattern[str]


@cache
def routes() -> tuple[Route, ...]:
    """Every operation of the description that we answer, the longest path first."""
    made = [
        Route(name, verb, path, re.compile(_pattern(path)))
        for name, (verb, path) in operations().items()
        if name in ANSWERS
    ]
    return tuple(sorted(made, key=lambda route: -route.template.count("/")))


def _pattern(template: str) -> str:
    parts = _NAME.split(template)
    named = [
        f"(?P<{part}>{_PARTS.get(part, '[^/]+')})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    ]
    return "".join(named)


def route_of(verb: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The operation that a request means, with the names in its path."""
    for route in routes():
        found = route.pattern.fullmatch(path) if route.verb == verb else None
        if found is not None:
            return route, found.groupdict()
    return None
