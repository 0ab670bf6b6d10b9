"""Where a comment on the diff stands now, after the head has moved."""

from dataclasses import dataclass

from tests.fakes.github.rules.reviews import patches_at
from tests.fakes.github.state import Pull, Repository, ReviewComment


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a comment is today and where it was made; nothing but None when it is outdated."""

    line: int | None
    position: int | None
    original_position: int | None


def standing(repository: Repository, pull: Pull, comment: ReviewComment) -> Standing:
    """The place of a comment in today's diff.

    A line of the head moves with the changes above it; one that was edited, or that the diff no
    longer shows, is gone.
    """
    if comment.line is None:
        return Standing(None, None, None)
    before = patches_at(repository, pull, comment.commit).get(comment.path)
    made = before.position(comment.side, comment.line) if before else None
    line: int | None = comment.line
    if comment.commit != pull.head and comment.side == "RIGHT":
        line = _moved(repository, comment, pull.head)
    patch = patches_at(repository, pull, pull.head).get(comment.path)
    now = patch.position(comment.side, line) if patch is not None and line is not None else None
    return Standing(line if now is not None else None, now, made)


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
