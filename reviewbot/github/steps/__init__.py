"""How each action is performed: one module per thing that stands on the forge."""

from typing import assert_never

from reviewbot.github.desk import Desk
from reviewbot.github.steps.assignment import assign_author
from reviewbot.github.steps.check import write_check
from reviewbot.github.steps.comment import (
    close_comment,
    edit_comment,
    post_file_comment,
    reopen_comment,
)
from reviewbot.github.steps.dismissal import dismiss_review
from reviewbot.github.steps.fold import fold_review
from reviewbot.github.steps.issue import open_issue
from reviewbot.github.steps.labels import set_labels
from reviewbot.github.steps.merge import enable_merge
from reviewbot.github.steps.review import submit_review
from reviewbot.github.steps.summary import write_summary
from reviewbot.review.actions import (
    Action,
    AssignAuthor,
    CloseComment,
    DismissReview,
    EditComment,
    EnableMerge,
    FoldReview,
    OpenIssue,
    PostFileComment,
    Receipt,
    ReopenComment,
    SetLabels,
    SubmitReview,
    WriteCheck,
    WriteSummary,
)


async def perform_step(desk: Desk, step: Action) -> Receipt:  # noqa: C901, PLR0911, PLR0912 - a table
    """Perform one action.

    A table by type: the type checker tells when an action is missing.
    """
    match step:
        case SubmitReview():
            return await submit_review(desk, step)
        case PostFileComment():
            return await post_file_comment(desk, step)
        case WriteSummary():
            return await write_summary(desk, step)
        case WriteCheck():
            return await write_check(desk, step)
        case CloseComment():
            return await close_comment(desk, step)
        case ReopenComment():
            return await reopen_comment(desk, step)
        case EditComment():
            return await edit_comment(desk, step)
        case DismissReview():
            return await dismiss_review(desk, step)
        case FoldReview():
            return await fold_review(desk, step)
        case SetLabels():
            return await set_labels(desk, step)
        case AssignAuthor():
            return await assign_author(desk, step)
        case OpenIssue():
            return await open_issue(desk, step)
        case EnableMerge():
            return await enable_merge(desk, step)
        case _:
            assert_never(step)
