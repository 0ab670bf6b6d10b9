"""Our labels: each is asked for by its name, and nobody else's is named."""

from collections.abc import Iterable
from urllib.parse import quote

from reviewbot.errors import ForgeError, ForgeRefused
from reviewbot.github.call import Call, post
from reviewbot.github.desk import Desk
from reviewbot.github.pull import read_pull_request
from reviewbot.github.written import Change, Stands, Written
from reviewbot.review.actions import Receipt, SetLabels


async def set_labels(desk: Desk, step: SetLabels) -> Receipt:
    """Take labels off, then put labels on; the receipt is that of the first that did not work."""
    written = Written(how="sent")
    for change in _changes(desk, step):
        written = await desk.writer.change(change)
        if not written.stands:
            break
    return desk.receipt(step, written)


def _changes(desk: Desk, step: SetLabels) -> Iterable[Change]:
    path = f"{desk.issue_path}/labels"
    for name in step.remove:
        call = Call(verb="DELETE", path=f"{path}/{quote(name, safe='')}", expects="list")
        yield Change(kind="label off", key=name, call=call, stands=_state(desk, off={name}))
    if step.add:
        call = post(path, {"labels": list(step.add)}, expects="list")
        on = frozenset(step.add)
        yield Change(kind="label on", key=", ".join(sorted(on)), call=call, stands=_state(desk, on))


def _state(desk: Desk, on: Iterable[str] = frozenset(), off: Iterable[str] = frozenset()) -> Stands:
    async def stands() -> bool | None:
        try:
            now = await read_pull_request(desk.reader, desk.pull.repository, desk.pull.number)
        except (ForgeError, ForgeRefused):
            return None
        return set(on) <= set(now.labels) and set(off).isdisjoint(now.labels)

    return stands
