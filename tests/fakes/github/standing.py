"""Where a comment on the diff stands now, after the head has moved."""

from tests.fakes.github.rules.reviews import patches_at
from tests.fakes.github.state import Pull, Repository, ReviewComment


def line_now(repository: Repository, pull: Pull, comment: ReviewComment) -> int | None:
    """The line of the comment in today's diff, or None when the comment is outdated.

    A line of the head moves with the changes above it; one that was edited, or that the diff no
    longer shows, is gone.
    """
    if comment.line is None:
        return None
    line: int | None = comment.line
    if comment.commit != pull.head and comment.side == "RIGHT":
        line = _moved(repository, comment, pull.head)
    patch = patches_at(repository, pull, pull.head).get(comment.path)
    if patch is None or line is None or patch.hunk_at(comment.side, line) is None:
        return None
    return line


def _moved(repository: Repository, comment: ReviewComment, head: str) -> int | None:
    """The line on the new head that was the comment's line on its own commit."""
    assert comment.line is not None
    changed = {p.previous or p.path: p for p in repository.git.patches(comment.commit, head)}
    patch = changed.get(comment.path)
    if patch is None:
        return comment.line
    if patch.status == "removed" or patch.path != comment.path:
        return None
    shift = 0
    for hunk in patch.hunks:
        if comment.line in hunk.left:
            number = hunk.left[comment.line]
            return next((new for new, at in hunk.right.items() if at == number), None)
        if hunk.left and max(hunk.left) < comment.line:
            shift = max(hunk.right, default=0) - max(hunk.left)
    return comment.line + shift
