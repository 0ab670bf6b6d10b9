"""What stands on the pull request, and what GitHub's rules say to a call."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from reviewbot.github.answer import Answer
from reviewbot.github.call import GRAPHQL, Call

BOT, AUTHOR, STRANGER = 41898282, 7, 99
REPOSITORY_ID, NUMBER = 500, 12
ROOT = "/repos/acme/shapes"
PAGE = 100

Record = dict[str, Any]


def said(status: int, value: object, **headers: str) -> Answer:
    """An answer in JSON."""
    return Answer(status=status, headers=headers, text=json.dumps(value))


def refused(status: int, message: str, *errors: str, **headers: str) -> Answer:
    """A refusal in GitHub's form."""
    return said(status, {"message": message, "errors": list(errors)}, **headers)


@dataclass(slots=True)
class World:
    """The repository ``acme/shapes`` with pull request 12.

    Attributes:
        heads: commits the pull request pointed to, the last is its head.
        lines: path → lines of the diff that take a comment.
        permits: permissions of the token.
        actions_approve: the switch for approvals by Actions.
        verdicts: whether the token may give any verdict.
        longest: of a body, in characters.
    """

    heads: list[str] = field(default_factory=lambda: ["a" * 40])
    base_ref: str = "main"
    state: str = "open"
    draft: bool = False
    merged: bool = False
    locked: bool = False
    author: int = AUTHOR
    bot: int = BOT
    lines: Mapping[str, frozenset[int]] = field(default_factory=lambda: {"a.py": frozenset({1, 2})})
    permits: frozenset[str] = frozenset({"pull_requests", "checks", "issues", "contents", "fold"})
    actions_approve: bool = True
    verdicts: bool = True
    longest: int = 65_536
    auto_merge: bool = False
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    collaborators: frozenset[str] = frozenset({"ada"})
    reviews: list[Record] = field(default_factory=list)
    review_comments: list[Record] = field(default_factory=list)
    comments: list[Record] = field(default_factory=list)
    checks: list[Record] = field(default_factory=list)
    issues: list[Record] = field(default_factory=list)
    folded: set[str] = field(default_factory=set)
    numbers: int = 1000

    @property
    def head(self) -> str:
        return self.heads[-1]

    def push(self, head: str = "b" * 40) -> None:
        self.heads.append(head)

    def pull(self) -> Record:
        """The pull request in GitHub's JSON."""
        repository = {
            "id": REPOSITORY_ID,
            "full_name": "acme/shapes",
            "clone_url": "https://forge.test/acme/shapes.git",
        }
        return {
            "number": NUMBER,
            "state": self.state,
            "draft": self.draft,
            "merged": self.merged,
            "locked": self.locked,
            "changed_files": 1,
            "html_url": "https://forge.test/acme/shapes/pull/12",
            "user": {"id": self.author, "login": "ada", "type": "User"},
            "head": {"sha": self.head, "ref": "topic", "repo": repository},
            "base": {"sha": "c" * 40, "ref": self.base_ref, "repo": repository},
            "labels": [{"name": each} for each in self.labels],
            "assignees": [{"login": each} for each in self.assignees],
            "node_id": "PR",
            "auto_merge": {"merge_method": "merge"} if self.auto_merge else None,
        }

    def apply(self, call: Call) -> Answer:
        """Do what is asked, or refuse it."""
        if call.path == GRAPHQL:
            return self._graphql(call)
        path = call.path.partition("?")[0].removeprefix(ROOT)
        for verb, shape, rule in _RULES:
            found = re.fullmatch(shape, path)
            if verb == call.verb and found:
                return rule(self, call, *found.groups())
        raise AssertionError(f"nobody should ask {call.verb} {call.path}")

    def new(self, body: Mapping[str, Any], **more: object) -> Record:
        """A record of ours with a number."""
        self.numbers += 1
        author = {"id": self.bot, "login": "github-actions[bot]"}
        return {"id": self.numbers, "node_id": f"N{self.numbers}", "user": author, **body, **more}

    def _graphql(self, call: Call) -> Answer:
        body: Any = call.body
        query, variables = body["query"], body["variables"]
        if "isMinimized" in query and query.startswith("query"):
            return said(200, {"data": {"node": {"isMinimized": variables["id"] in self.folded}}})
        need = "contents" if "AutoMerge" in query else "fold"
        if need not in self.permits:
            error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
            return said(200, {"data": None, "errors": [error]})
        return self._mutation(query, variables["input"])

    def _mutation(self, query: str, given: Mapping[str, str]) -> Answer:
        if "unminimizeComment" in query:
            self.folded.discard(given["subjectId"])
        elif "minimizeComment" in query:
            self.folded.add(given["subjectId"])
        elif given["expectedHeadOid"] != self.head:
            error = {"type": "UNPROCESSABLE", "message": "Head sha didn't match expected."}
            return said(200, {"data": None, "errors": [error]})
        else:
            self.auto_merge = True
        return said(200, {"data": {"ok": True}})

    def by_key(self, kind: str) -> list[Record]:
        """All bodies of a kind, by the marker on their first line."""
        everything = (*self.reviews, *self.review_comments, *self.comments, *self.issues)
        return [each for each in everything if f"kind={kind} " in each["body"].partition("\n")[0]]


Rule = Callable[..., Answer]


def _page(call: Call, records: Iterable[Record], under: str = "") -> Answer:
    every = list(records)
    page = int(call.params.get("page", "1"))
    query = re.search(r"[?&]page=(\d+)", call.path)
    page = int(query[1]) if query else page
    part = every[(page - 1) * PAGE : page * PAGE]
    headers = {}
    if page * PAGE < len(every):
        place = call.path.partition("?")[0]
        headers["link"] = f'<https://forge.test{place}?per_page=100&page={page + 1}>; rel="next"'
    return said(200, {under: part, "total_count": len(every)} if under else part, **headers)


def _writes_on_pull(rule: Rule) -> Rule:
    """Permission and lock come before anything else."""

    def guarded(world: World, call: Call, *rest: str) -> Answer:
        if "pull_requests" not in world.permits:
            needs = {"x-accepted-github-permissions": "pull_requests=write"}
            return refused(403, "Resource not accessible by integration", **needs)
        if world.locked:
            return refused(403, "Unable to create comment because issue is locked.")
        return rule(world, call, *rest)

    return guarded


def _pull(world: World, _: Call) -> Answer:
    return said(200, world.pull())


def _list_reviews(world: World, call: Call) -> Answer:
    return _page(call, world.reviews)


def _get_review(world: World, _: Call, number: str) -> Answer:
    return _one(world.reviews, number)


def _one(records: list[Record], number: str) -> Answer:
    found = [each for each in records if each["id"] == int(number)]
    return said(200, found[0]) if found else refused(404, "Not Found")


@_writes_on_pull
def _create_review(world: World, call: Call) -> Answer:
    body: Any = call.body
    complaint = _complaint(world, body)
    if complaint:
        return refused(422, "Unprocessable Entity", complaint)
    event = body["event"]
    states = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}
    review = world.new(
        {"body": body["body"], "commit_id": body["commit_id"]},
        state=states.get(event, "COMMENTED"),
    )
    world.reviews.append(review)
    world.review_comments.extend(
        world.new(each, pull_request_review_id=review["id"]) for each in body["comments"]
    )
    return said(200, review)


def _complaint(world: World, body: Mapping[str, Any]) -> str:  # noqa: PLR0911 - one rule a line
    assert "position" not in str(body.get("comments")), "position is closing down"
    if body["commit_id"] not in world.heads:
        return "The commit is not part of the pull request"
    if any(each["state"] == "PENDING" for each in world.reviews):
        return "User can only have one pending review per pull request"
    if body["event"] != "COMMENT" and world.author == world.bot:
        return "Review Can not approve your own pull request"
    if body["event"] == "APPROVE" and not world.actions_approve:
        return "GitHub Actions is not permitted to approve pull requests."
    if body["event"] != "COMMENT" and not world.verdicts:
        return "Something new"
    if not body["body"] or len(body["body"]) > world.longest:
        return "Body is too long (maximum is 65536 characters)"
    if any(each["line"] not in world.lines.get(each["path"], ()) for each in body["comments"]):
        return "Pull request review thread line must be part of the diff"
    return ""


@_writes_on_pull
def _dismiss(world: World, _: Call, number: str) -> Answer:
    review = next(each for each in world.reviews if each["id"] == int(number))
    if review["state"] not in {"APPROVED", "CHANGES_REQUESTED"}:
        return refused(422, "Can not dismiss a dismissed pull request review")
    review["state"] = "DISMISSED"
    return said(200, review)


@_writes_on_pull
def _discard(world: World, _: Call, number: str) -> Answer:
    review = next((each for each in world.reviews if each["id"] == int(number)), None)
    if review is None:
        return refused(404, "Not Found")
    if review["state"] != "PENDING":
        return refused(422, "Can not delete a non-pending pull request review")
    world.reviews.remove(review)
    return said(200, review)


@_writes_on_pull
def _comment_on_file(world: World, call: Call) -> Answer:
    body: Any = call.body
    if body["subject_type"] != "file" or body["path"] not in world.lines:
        return refused(422, "Unprocessable Entity", "Path could not be resolved")
    comment = world.new(body, line=None)
    world.review_comments.append(comment)
    return said(201, comment)


def _list_file_comments(world: World, call: Call) -> Answer:
    return _page(call, world.review_comments)


def _file_comment(world: World, _: Call, number: str) -> Answer:
    return _one(world.review_comments, number)


@_writes_on_pull
def _edit_file_comment(world: World, call: Call, number: str) -> Answer:
    return _edit(world.review_comments, call, number)


def _edit(records: list[Record], call: Call, number: str) -> Answer:
    body: Any = call.body
    for each in records:
        if each["id"] == int(number):
            each.update(body)
    return _one(records, number)


def _list_comments(world: World, call: Call) -> Answer:
    return _page(call, world.comments)


@_writes_on_pull
def _create_comment(world: World, call: Call) -> Answer:
    body: Any = call.body
    if len(body["body"]) > world.longest:
        return refused(422, "Unprocessable Entity", "Body is too long")
    comment = world.new(body)
    world.comments.append(comment)
    return said(201, comment)


def _comment(world: World, _: Call, number: str) -> Answer:
    return _one(world.comments, number)


@_writes_on_pull
def _edit_comment(world: World, call: Call, number: str) -> Answer:
    return _edit(world.comments, call, number)


def _list_checks(world: World, call: Call, head: str) -> Answer:
    return _page(call, (each for each in world.checks if each["head_sha"] == head), "check_runs")


def _check_rule(rule: Rule) -> Rule:
    def guarded(world: World, call: Call, *rest: str) -> Answer:
        if "checks" not in world.permits:
            needs = {"x-accepted-github-permissions": "checks=write"}
            return refused(403, "Resource not accessible by integration", **needs)
        body: Any = call.body
        if len(body["output"]["annotations"]) > 50:
            return refused(422, "Invalid request", "No more than 50 annotations")
        return rule(world, call, *rest)

    return guarded


@_check_rule
def _create_check(world: World, call: Call) -> Answer:
    body: Any = json.loads(json.dumps(call.body))
    annotations = body["output"].pop("annotations")
    check = world.new(body, all=annotations)
    world.checks.append(check)
    return said(201, check)


@_check_rule
def _edit_check(world: World, call: Call, number: str) -> Answer:
    body: Any = json.loads(json.dumps(call.body))
    check = next(each for each in world.checks if each["id"] == int(number))
    check["all"].extend(body["output"].pop("annotations"))
    check.update(body)
    return said(200, check)


def _get_check(world: World, _: Call, number: str) -> Answer:
    return _one(world.checks, number)


def _list_annotations(world: World, call: Call, number: str) -> Answer:
    check = next(each for each in world.checks if each["id"] == int(number))
    return _page(call, check["all"])


@_writes_on_pull
def _add_labels(world: World, call: Call) -> Answer:
    body: Any = call.body
    world.labels.extend(each for each in body["labels"] if each not in world.labels)
    return said(200, [{"name": each} for each in world.labels])


@_writes_on_pull
def _remove_label(world: World, _: Call, name: str) -> Answer:
    if unquote(name) not in world.labels:
        return refused(404, "Label does not exist")
    world.labels.remove(unquote(name))
    return said(200, [])


@_writes_on_pull
def _assign(world: World, call: Call) -> Answer:
    body: Any = call.body
    world.assignees.extend(set(body["assignees"]) & world.collaborators - set(world.assignees))
    return said(201, {"id": 1, "assignees": [{"login": each} for each in world.assignees]})


def _list_issues(world: World, call: Call) -> Answer:
    return _page(call, reversed([each for each in world.issues if each["state"] == "open"]))


def _create_issue(world: World, call: Call) -> Answer:
    body: Any = call.body
    if "issues" not in world.permits:
        return refused(403, "Resource not accessible by integration")
    issue = world.new(body, state="open")
    issue["number"] = issue["id"]
    world.issues.append(issue)
    return said(201, issue)


_PULL = rf"/pulls/{NUMBER}"
_ISSUE = rf"/issues/{NUMBER}"
_RULES: tuple[tuple[str, str, Rule], ...] = (
    ("GET", _PULL, _pull),
    ("GET", rf"{_PULL}/reviews", _list_reviews),
    ("POST", rf"{_PULL}/reviews", _create_review),
    ("GET", rf"{_PULL}/reviews/(\d+)", _get_review),
    ("DELETE", rf"{_PULL}/reviews/(\d+)", _discard),
    ("PUT", rf"{_PULL}/reviews/(\d+)/dismissals", _dismiss),
    ("GET", rf"{_PULL}/comments", _list_file_comments),
    ("POST", rf"{_PULL}/comments", _comment_on_file),
    ("GET", r"/pulls/comments/(\d+)", _file_comment),
    ("PATCH", r"/pulls/comments/(\d+)", _edit_file_comment),
    ("GET", rf"{_ISSUE}/comments", _list_comments),
    ("POST", rf"{_ISSUE}/comments", _create_comment),
    ("GET", r"/issues/comments/(\d+)", _comment),
    ("PATCH", r"/issues/comments/(\d+)", _edit_comment),
    ("GET", r"/commits/([0-9a-f]{40})/check-runs", _list_checks),
    ("POST", r"/check-runs", _create_check),
    ("GET", r"/check-runs/(\d+)", _get_check),
    ("PATCH", r"/check-runs/(\d+)", _edit_check),
    ("GET", r"/check-runs/(\d+)/annotations", _list_annotations),
    ("POST", rf"{_ISSUE}/labels", _add_labels),
    ("DELETE", rf"{_ISSUE}/labels/([^/]+)", _remove_label),
    ("POST", rf"{_ISSUE}/assignees", _assign),
    ("GET", r"/issues", _list_issues),
    ("POST", r"/issues", _create_issue),
)
