"""Where GitHub does otherwise than its description says. Each with its reason; each is tested."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.github.descriptions import description
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.values import Json

_LABELS = "issues/add-labels"
_ABOUT_LINES = frozenset(
    {
        "pulls/list-review-comments",
        "pulls/list-comments-for-review",
        "pulls/create-review-comment",
        "pulls/get-review-comment",
        "pulls/update-review-comment",
        "pulls/create-reply-for-review-comment",
    }
)
_ABOUT_COMMITS = frozenset(
    {"pulls/list-commits", "repos/get-commit", "repos/compare-commits-with-basehead"}
)
_LINES: Json = {
    "line": 1,
    "original_line": 1,
    "position": 1,
    "original_position": 1,
    "start_side": "RIGHT",
}
_ANYWHERE = frozenset({304, 401, 403, 404, 410, 422, 429, 301, 307})


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exchange that the description refuses and GitHub does not.

    Attributes:
        cure: the exchange as it is checked instead.
    """

    name: str
    reason: str
    covers: Callable[[Exchange], bool]
    cure: Callable[[Exchange], Exchange]


def cured(exchange: Exchange) -> Exchange:
    """The exchange with every waiver that covers it."""
    for waiver in WAIVERS:
        if waiver.covers(exchange):
            exchange = waiver.cure(exchange)
    return exchange


def _listed(exchange: Exchange) -> bool:
    found = description(exchange.version)["paths"][exchange.template]
    return str(exchange.reply.status) in found[exchange.request.verb.lower()]["responses"]


def _unlisted(exchange: Exchange) -> bool:
    return exchange.reply.status in _ANYWHERE and not _listed(exchange)


def _as_error(exchange: Exchange) -> Exchange:
    """An error that no operation lists still says what it is."""
    body = exchange.reply.body
    fine = exchange.reply.status == 304 or (
        isinstance(body, dict) and isinstance(body.get("message"), str)
    )
    return replace(exchange, check_response=not fine)


def _is_text(exchange: Exchange) -> bool:
    kinds = ("vnd.github.v3.diff", "vnd.github.v3.patch")
    return exchange.operation == "pulls/get" and any(k in exchange.reply.media for k in kinds)


def _is_raw(exchange: Exchange) -> bool:
    return "vnd.github.raw" in exchange.reply.media


def _bare(exchange: Exchange) -> bool:
    return exchange.operation == _LABELS and exchange.request.body.lstrip().startswith(b"[")


def _in_object(exchange: Exchange) -> Exchange:
    body = json.dumps({"labels": json.loads(exchange.request.body)}).encode()
    return replace(exchange, request=replace(exchange.request, body=body))


def _unfinished(exchange: Exchange) -> bool:
    return exchange.operation.startswith("checks/") and any(_running(exchange.reply.body))


def _running(body: Any) -> list[Json]:
    runs = body.get("check_runs", [body]) if isinstance(body, dict) else []
    return [r for r in runs if r.get("conclusion", "") is None and r.get("status") != "completed"]


def _finished(exchange: Exchange) -> Exchange:
    body = json.loads(json.dumps(exchange.reply.body))
    for run in _running(body):
        run["conclusion"] = "neutral"
    return replace(exchange, reply=replace(exchange.reply, body=body))


def _is_about_lines(exchange: Exchange) -> bool:
    return exchange.operation in _ABOUT_LINES and exchange.reply.status < 300


def _with_lines(exchange: Exchange) -> Exchange:
    return _mended(exchange, _LINES)


def _is_about_commits(exchange: Exchange) -> bool:
    return exchange.operation in _ABOUT_COMMITS and isinstance(exchange.reply.body, dict | list)


def _with_people(exchange: Exchange) -> Exchange:
    return _mended(exchange, {"author": {}, "committer": {}})


def _lost_its_fork(exchange: Exchange) -> bool:
    body = exchange.reply.body
    return (
        exchange.operation == "pulls/get"
        and isinstance(body, dict)
        and "head" in body
        and body["head"]["repo"] is None
    )


def _with_fork(exchange: Exchange) -> Exchange:
    body = exchange.reply.body
    head = body["head"] | {"repo": body["base"]["repo"]}
    return replace(exchange, reply=replace(exchange.reply, body=body | {"head": head}))


def _mended(exchange: Exchange, missing: Json) -> Exchange:
    """Values in place of null, wherever these keys stand."""

    def mend(node: Any) -> Any:
        if isinstance(node, list):
            return [mend(each) for each in node]
        if not isinstance(node, dict):
            return node
        return {
            key: missing[key] if value is None and key in missing else mend(value)
            for key, value in node.items()
        }

    return replace(exchange, reply=replace(exchange.reply, body=mend(exchange.reply.body)))


def _without_response(exchange: Exchange) -> Exchange:
    return replace(exchange, check_response=False)


WAIVERS = (
    Waiver(
        "errors anywhere",
        "These statuses can come from any operation; the description lists few of them.",
        _unlisted,
        _as_error,
    ),
    Waiver(
        "text of a pull request",
        "The diff and patch types of a pull request are in the prose only.",
        _is_text,
        _without_response,
    ),
    Waiver(
        "raw content",
        "The raw type of a file is in the prose only.",
        _is_raw,
        _without_response,
    ),
    Waiver(
        "labels as a list",
        "The prose allows a bare list and the schema does not; PyGithub sends one.",
        _bare,
        _in_object,
    ),
    Waiver(
        "unfinished check run",
        "A check run without a conclusion has null there, which is not in the enumeration.",
        _unfinished,
        _finished,
    ),
    Waiver(
        "comment without a line",
        "An outdated comment, and one on a file, has null where the schema wants numbers.",
        _is_about_lines,
        _with_lines,
    ),
    Waiver(
        "commit of nobody GitHub knows",
        "Author and committer are nullable beside oneOf, which the validator does not read.",
        _is_about_commits,
        _with_people,
    ),
    Waiver(
        "fork that is gone",
        "The repository of the head is null when the fork was deleted; the schema wants one.",
        _lost_its_fork,
        _with_fork,
    ),
)
