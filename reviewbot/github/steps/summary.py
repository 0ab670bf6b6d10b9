"""The sticky summary: made once on a pull request, then edited in place."""

from reviewbot.github.call import post
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.reading import Record
from reviewbot.github.steps.editing import edited
from reviewbot.github.steps.fold import folded_once
from reviewbot.github.steps.once import once
from reviewbot.github.written import Sought, Written
from reviewbot.review.actions import Receipt, WriteSummary


async def write_summary(desk: Desk, step: WriteSummary) -> Receipt:
    """Edit the summary, or make one where there is none; fold those that are one too many."""
    written = None if step.edits is None else await _edited(desk, step, step.edits)
    if written is None or written.kind is AnswerKind.NOT_FOUND:
        written = await _made(desk, step)
    copies = [await folded_once(desk, each, "DUPLICATE") for each in step.surplus]
    left = sum(not each.stands for each in copies)
    routes = f"{left} copies could not be folded" if left else ""
    return desk.receipt(step, written, routes=routes)


async def _edited(desk: Desk, step: WriteSummary, number: int) -> Written:
    return await edited(desk, f"{desk.root}/issues/comments/{number}", step.body)


async def _made(desk: Desk, step: WriteSummary) -> Written:
    """Make it, unless a run whose answer was lost has: then that one is brought up to date."""
    path = f"{desk.issue_path}/comments"

    def ours(records: tuple[Record, ...]) -> tuple[int, ...]:
        return tuple(
            each.id for each in desk.owner.summaries(records) if each.marker.key == step.key
        )

    async def find() -> Sought:
        return await desk.sought(path, ours)

    call = post(path, {"body": step.body})
    written = await once(desk, kind="summary", key=step.key, call=call, find=find)
    if written.how not in {"stood", "found"} or written.id is None:
        return written
    edit = await _edited(desk, step, written.id)
    return written if edit.how == "stood" and written.how == "found" else edit
