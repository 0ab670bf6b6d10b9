"""The summary of a workflow's step: always written, and whole."""

from collections.abc import Sequence

from reviewbot.render.inert import prose
from reviewbot.render.pull_request.whole import full
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report

_MOST_NOTES = 50
ROOM = 1_000_000
"""UTF-8 bytes; the runner drops a summary of more than 1 MiB altogether."""


def render_step_summary(
    report: Report, pull: PullRequest | None = None, notes: Sequence[str] = ()
) -> str:
    """Everything that was introduced, whatever was posted, and what was not reviewed.

    Args:
        report: what was found and what follows.
        pull: links lead to its head; None makes none.
        notes: one line each: what could not be posted, and what to set so that it can.
    """
    said = "".join(f"- {prose(each)}\n" for each in notes[:_MOST_NOTES])
    told = f"### On the pull request\n\n{said}\n" if said else ""
    return told + full(report, pull, ROOM - len(told.encode())) + "\n"
