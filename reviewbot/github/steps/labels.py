"""Our labels: each is asked for by its name, and nobody else's is named."""

from urllib.parse import quote

from reviewbot.errors import ForgeError, ForgeRefused
from reviewbot.github.call import Call, delete, post
from reviewbot.github.desk import Desk
from reviewbot.github.pull import read_pull_request
from reviewbot.github.written import Change, Written
from reviewbot.review.actions import Receipt, SetLabels


async def set_labels(desk: Desk, step: SetLabels) -> Receipt:
    """Take labels off, then put labels on; the receipt is that of the first that did not work."""
    path = f"{desk.issue_path}/labels"
    for name in step.remove:
        call = delete(f"{path}/{quote(name, safe='')}")
        written = await _brought(desk, "label off", call, on=(), off=(name,))
        if not written.stands:
            return desk.receipt(step, written)
    if not step.add:
        return desk.receipt(step, Written(how="sent"))
    call = post(path, {"labels": list(step.add)}, expects="list")
    return desk.receipt(step, await _brought(desk, "label on", call, on=step.add, off=()))


async def _brought(
    desk: Desk, kind: str, call: Call, *, on: tuple[str, ...], off: tuple[str, ...]
) -> Written:
    async def stands() -> bool | None:
        try:
            now = await read_pull_request(desk.reader, desk.pull.repository, desk.pull.number)
        except (ForgeError, ForgeRefused):
            return None
        return set(on) <= set(now.labels) and set(off).isdisjoint(now.labels)

    return await desk.writer.change(
        Change(kind=kind, key=", ".join(on + off), call=call, stands=stands)
    )
