"""When an approval is not given, whatever the report says."""

import re
from collections.abc import Iterator

from reviewbot.review.diff import Diff
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.verdict import Level

_GUARDED = re.compile(
    r"\.github/.*|\.reviewbot(\.ya?ml|/.*)|(.*/)?("
    r"action\.ya?ml|pylock(\..*)?\.toml|.*\.lock|.*[.-]lock\.(json|ya?ml)|package-lock\.json"
    r"|npm-shrinkwrap\.json|go\.sum|.*requirements.*\.txt|requirements/.*|constraints.*\.txt)",
    re.IGNORECASE | re.DOTALL,
)
"""Workflows, our own settings, and files that pin what is installed: people look at those."""


def objections(situation: Situation) -> Iterator[str]:
    """Why this pull request is not approved; nothing when it may be.

    What was not seen is not approved, nobody approves himself, and neither does a report that
    code of the change could have written.
    """
    policy, pull, report = situation.policy, situation.pull, situation.report
    if not policy.approve:
        yield "approvals are switched off"
    if policy.from_artifact:
        yield "the report was made where code of the change could run"
    if not report.verdict.complete or report.verdict.level != Level.PASS.value:
        yield "the review did not pass"
    if situation.posted.own_id is None:
        yield "it is not known whose account this is"
    if situation.posted.own_id == pull.author_id:
        yield "it is the account's own pull request"
    if pull.author_is_bot and not policy.approve_bots:
        yield "a bot wrote it"
    yield from _unseen(situation)
    guarded = guarded_path(situation.diff)
    if guarded is not None:
        yield f"it touches {guarded}"


def _unseen(situation: Situation) -> Iterator[str]:
    files = situation.diff.files
    if len(files) < situation.pull.changed_files:
        yield f"{len(files)} of {situation.pull.changed_files} changed files were seen"
    unread = next((each for each in files if each.unreadable), None)
    if unread is not None:
        yield f"{unread.path} could not be read"


def guarded_path(diff: Diff) -> str | None:
    """The first path of the change, old or new, that people have to look at."""
    every = (path for each in diff.files for path in (each.path, each.old_path) if path)
    return next((path for path in every if _GUARDED.fullmatch(path)), None)
