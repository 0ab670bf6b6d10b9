"""Taking an own verdict back."""

from collections.abc import Mapping

from reviewbot.github.call import get, put
from reviewbot.github.desk import Desk
from reviewbot.github.written import Change, Written
from reviewbot.review.actions import DismissReview, Receipt

_STANDING = frozenset({"APPROVED", "CHANGES_REQUESTED"})


async def dismiss_review(desk: Desk, step: DismissReview) -> Receipt:
    """Take an own block or approval back; one that was taken back already is done."""
    written = await dismissed(desk, step.id, step.reason)
    return desk.receipt(step, written)


async def dismissed(desk: Desk, number: int, reason: str) -> Written:
    """Dismiss a review: GitHub refuses to do so twice, so its state is what counts."""
    path = f"{desk.pull_path}/reviews/{number}"

    async def stands() -> bool | None:
        meaning = await desk.reader.ask(get(path))
        if not meaning.ok or not isinstance(meaning.value, Mapping):
            return None
        return meaning.value.get("state") not in _STANDING

    body = {"message": reason, "event": "DISMISS"}
    change = Change(
        kind="dismissal", key=str(number), call=put(f"{path}/dismissals", body), stands=stands
    )
    return await desk.writer.change(change)
