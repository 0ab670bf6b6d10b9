"""What each action needs of the token, as ``permissions:`` of a job spells it."""

from typing import Literal

from reviewbot.review.actions import Action, EnableMerge, OpenIssue, WriteCheck

Permission = Literal["pull-requests: write", "checks: write", "issues: write", "contents: write"]


def permission_of(step: Action) -> Permission:
    """What a step needs."""
    match step:
        case WriteCheck():
            return "checks: write"
        case OpenIssue():
            return "issues: write"
        case EnableMerge():
            return "contents: write"
        case _:
            return "pull-requests: write"
