"""Comments on files: a new one on a whole file, and what becomes of old ones."""

from reviewbot.github.call import post
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.reading import Record
from reviewbot.github.steps.editing import edited
from reviewbot.github.steps.fold import folded, unfolded
from reviewbot.github.steps.once import once
from reviewbot.github.written import Sought, Written
from reviewbot.review.actions import (
    CloseComment,
    EditComment,
    PostFileComment,
    Receipt,
    ReopenComment,
)


async def post_file_comment(desk: Desk, step: PostFileComment) -> Receipt:
    """Comment on a changed file as a whole; a review cannot carry such a comment."""
    path = f"{desk.pull_path}/comments"

    def ours(records: tuple[Record, ...]) -> tuple[int, ...]:
        return tuple(
            each.id for each in desk.owner.comments(records) if each.marker.key == step.key
        )

    async def find() -> Sought:
        return await desk.sought(path, ours)

    body = {
        "commit_id": step.commit,
        "path": step.path,
        "subject_type": "file",
        "body": step.body,
    }
    call = post(path, body)
    written = await once(desk, kind="comment", key=step.key, call=call, find=find)
    return desk.receipt(step, written)


async def close_comment(desk: Desk, step: CloseComment) -> Receipt:
    """Say in a comment that its finding is fixed, then fold it."""
    written = await _edited(desk, step)
    if written.kind is AnswerKind.NOT_FOUND:
        return desk.receipt(step, Written(how="stood", why="the comment is gone"))
    if not written.stands:
        return desk.receipt(step, written)
    fold = await folded(desk, step.node_id, "RESOLVED")
    return desk.receipt(step, written, routes="" if fold.stands else f"not folded: {fold.why}")


async def reopen_comment(desk: Desk, step: ReopenComment) -> Receipt:
    """Say in a closed comment that its finding is back, and show it again."""
    written = await _edited(desk, step)
    if not written.stands:
        return desk.receipt(step, written)
    shown = await unfolded(desk, step.node_id)
    return desk.receipt(step, written, routes="" if shown.stands else f"still folded: {shown.why}")


async def edit_comment(desk: Desk, step: EditComment) -> Receipt:
    """Say what a comment is about now; one that somebody deleted stays deleted."""
    written = await _edited(desk, step)
    if written.kind is AnswerKind.NOT_FOUND:
        written = Written(how="stood", why="the comment is gone")
    return desk.receipt(step, written)


async def _edited(desk: Desk, step: CloseComment | EditComment | ReopenComment) -> Written:
    return await edited(desk, f"{desk.root}/pulls/comments/{step.id}", step.body)
