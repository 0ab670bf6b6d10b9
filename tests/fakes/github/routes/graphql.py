"""The few things that only GraphQL can do. Errors come with status 200.

Not a GraphQL engine: a request is known by the one field it asks for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.fakes.github.call import Call
from tests.fakes.github.shapes import named_by
from tests.fakes.github.state import Comment, Issue, Repository, Review, ReviewComment, now
from tests.fakes.github.values import Json, Refusal, Reply

_ARGUMENTS = re.compile(r"\([^()]*\)")
Selection = dict[str, Any]
_EVERYWHERE = {"__typename", "clientMutationId"}
_MINIMIZED: Selection = {"isMinimized": {}, "minimizedReason": {}}
_SHAPES: Selection = {
    "viewer": {"login": {}, "databaseId": {}},
    "minimizeComment": {"minimizedComment": _MINIMIZED},
    "unminimizeComment": {"unminimizedComment": _MINIMIZED},
    "resolveReviewThread": {"thread": {"id": {}, "isResolved": {}}},
    "enablePullRequestAutoMerge": {
        "pullRequest": {"id": {}, "autoMergeRequest": {"enabledAt": {}}}
    },
}
_CLASSIFIERS = {"SPAM", "ABUSE", "OFF_TOPIC", "OUTDATED", "DUPLICATE", "RESOLVED"}


def answer(call: Call) -> Reply:
    """Data, or errors; both with status 200."""
    if call.token is None:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    asked = selection(call.body["query"])
    for missing in _unknown(asked, _SHAPES) if asked else [""]:
        return _error("undefinedField", f"Field '{missing}' doesn't exist")
    said = (call.body.get("variables") or {}).get("input", {})
    try:
        made = {field: _FIELDS[field](call, said) for field in asked}
    except Refusal as refused:
        return _error("FORBIDDEN", refused.reply.body["message"])
    except (KeyError, ValueError, TypeError):
        return _error("NOT_FOUND", "Could not resolve to a node with the global id")
    return Reply(body={"data": _selected(made, asked)})


def _error(kind: str, message: str) -> Reply:
    return Reply(body={"data": None, "errors": [{"type": kind, "message": message, "path": []}]})


def selection(query: str) -> Selection:
    """Field → the fields asked of it; arguments are in the variables and fall away."""
    words = iter(re.findall(r"[{}]|\w+", _ARGUMENTS.sub("", query).partition("{")[2] + "}"))
    return _selection(words)


def _selection(words: Iterator[str]) -> Selection:
    found: Selection = {}
    last = ""
    for word in words:
        if word == "}":
            return found
        if word == "{":
            found[last] = _selection(words)
        else:
            last = word
            found[word] = {}
    return found


def _unknown(asked: Selection, shape: Selection) -> Iterator[str]:
    """Fields that are not there, or that need fields of their own and have none, or the reverse."""
    for key, inner in asked.items():
        if key in _EVERYWHERE:
            continue
        if key not in shape or bool(inner) != bool(shape[key]):
            yield key
        else:
            yield from _unknown(inner, shape[key])


def _selected(made: Json, asked: Selection) -> Json:
    """Nobody gets more than was asked for."""
    return {
        key: _selected(made[key], inner) if inner else made.get(key) for key, inner in asked.items()
    }


def _viewer(call: Call, said: Json) -> Json:
    del said
    return {"login": call.user.login, "databaseId": call.user.id, "__typename": call.user.type}


def _minimize(call: Call, said: Json) -> Json:
    _may_write(call)
    if said["classifier"] not in _CLASSIFIERS:
        raise Refusal(422, "Argument 'classifier' on InputObject has an invalid value")
    _minimizable(call, said["subjectId"]).minimized = said["classifier"]
    reason = said["classifier"].lower()
    return {"minimizedComment": {"isMinimized": True, "minimizedReason": reason}}


def _unminimize(call: Call, said: Json) -> Json:
    _may_write(call)
    _minimizable(call, said["subjectId"]).minimized = None
    return {"unminimizedComment": {"isMinimized": False, "minimizedReason": None}}


def _minimizable(call: Call, node: str) -> Comment | Review | ReviewComment:
    kind, number = named_by(node)
    for found in call.state.repositories.values():
        by_kind: dict[str, Mapping[int, Comment | Review | ReviewComment]] = {
            "IC": found.comments,
            "PRR": found.reviews,
            "PRRC": found.review_comments,
        }
        if number in by_kind[kind]:
            return by_kind[kind][number]
    raise KeyError(node)


def _resolve(call: Call, said: Json) -> Json:
    """Never for the token of a workflow run, whatever its permissions."""
    if call.token is not None and call.token.installation:
        raise Refusal(403, "Resource not accessible by integration")
    _, number = named_by(said["threadId"])
    for found in call.state.repositories.values():
        if number in found.review_comments:
            found.resolved.add(number)
            return {"thread": {"id": said["threadId"], "isResolved": True}}
    raise KeyError(number)


def _auto_merge(call: Call, said: Json) -> Json:
    """Only of an open pull request at the head that was seen, where the repository allows it."""
    repository, issue = _pull(call, said["pullRequestId"])
    assert issue.pull is not None
    token = call.token
    if token is None or token.permissions.get("contents") != "write":
        raise Refusal(403, "Resource not accessible by integration")
    if not repository.allow_auto_merge:
        raise Refusal(422, "Auto merge is not allowed for this repository")
    if issue.state != "open":
        raise Refusal(422, "Pull request is in unclean status")
    if said.get("expectedHeadOid", issue.pull.head) != issue.pull.head:
        raise Refusal(422, "Head sha didn't match expected head oid")
    method = said.get("mergeMethod", "MERGE")
    issue.pull.auto_merge = {
        "enabled_by": call.shapes.user(call.user),
        "merge_method": method.lower(),
        "commit_title": "",
        "commit_message": "",
    }
    return {"pullRequest": {"id": said["pullRequestId"], "autoMergeRequest": {"enabledAt": now()}}}


def _pull(call: Call, node: str) -> tuple[Repository, Issue]:
    _, number = named_by(node)
    for found in call.state.repositories.values():
        for issue in found.issues.values():
            if issue.pull is not None and issue.id == number:
                return found, issue
    raise KeyError(node)


def _may_write(call: Call) -> None:
    may = call.token.permissions if call.token else {}
    if "write" not in {may.get("issues"), may.get("pull_requests")}:
        raise Refusal(403, "Resource not accessible by integration")


_FIELDS: Mapping[str, Callable[[Call, Json], Json]] = {
    "viewer": _viewer,
    "minimizeComment": _minimize,
    "unminimizeComment": _unminimize,
    "resolveReviewThread": _resolve,
    "enablePullRequestAutoMerge": _auto_merge,
}
