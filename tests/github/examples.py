"""Published payloads, and some that are derived from them because none is published."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent / "payloads"


@cache
def _published(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def published(name: str) -> Any:
    """A payload as it was published: ``pull_request.opened``."""
    return copy.deepcopy(_published(name))


def names() -> list[str]:
    """All of them."""
    return sorted(each.stem for each in PAYLOADS.glob("*.json"))


def forked(payload: Any) -> Any:
    """Derived: the head lives in another repository."""
    head = payload["pull_request"]["head"]
    head["repo"] |= {"id": 4711, "full_name": "ada/Hello-World", "fork": True}
    return payload


def orphaned(payload: Any) -> Any:
    """Derived: the fork was deleted, and the account of its author too."""
    payload["pull_request"]["head"]["repo"] = None
    payload["pull_request"]["user"] = None
    return payload


def by_a_bot(payload: Any) -> Any:
    """Derived: an App did it, and opened the pull request."""
    bot = {"login": "dependabot[bot]", "id": 49699333, "type": "Bot"}
    payload["sender"] |= bot
    if "pull_request" in payload:
        payload["pull_request"]["user"] |= bot
    return payload


def on_a_pull_request(payload: Any) -> Any:
    """Derived: the comment is on a pull request and not on an issue."""
    payload["issue"]["pull_request"] = {"url": "https://api.github.com/repos/o/r/pulls/1"}
    return payload


def started_by_a_pull_request(payload: Any, **run: object) -> Any:
    """Derived: the run was started by a pull request."""
    payload["workflow_run"] |= {"event": "pull_request", **run}
    return payload


def with_input(payload: Any, value: object) -> Any:
    """Derived: the workflow was started with a pull request to look at."""
    payload["inputs"] = {"pull-request": value}
    return payload


def derived() -> Mapping[str, Any]:
    """Name of the event and a word → each derived payload."""
    opened, run = "pull_request.opened", "workflow_run.completed"
    return {
        "pull_request fork": forked(published(opened)),
        "pull_request orphan": orphaned(published(opened)),
        "pull_request bot": by_a_bot(published(opened)),
        "issue_comment pull": on_a_pull_request(published("issue_comment.created")),
        "workflow_run pull": started_by_a_pull_request(published(run)),
        "workflow_dispatch input": with_input(published("workflow_dispatch"), "1347"),
    }
