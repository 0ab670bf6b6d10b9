"""The summary of a workflow's step: always written, and whole."""

from reviewbot.render.pull_request.whole import full
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report

ROOM = 1_000_000
"""UTF-8 bytes; the runner drops a summary of more than 1 MiB altogether."""


def render_step_summary(report: Report, pull: PullRequest | None = None) -> str:
    """Everything that was introduced, whatever was posted, and what was not reviewed.

    Args:
        report: what was found and what follows.
        pull: links lead to its head; None makes none.
    """
    return full(report, pull, ROOM) + "\n"
