"""The follow-up issue: one per pull request, however often it is reviewed."""

from collections.abc import Iterator, Mapping

from reviewbot.github.call import Call, post
from reviewbot.github.desk import Desk
from reviewbot.github.reading import Record
from reviewbot.github.shape import is_id
from reviewbot.github.steps.once import once
from reviewbot.github.written import Sought
from reviewbot.review.actions import OpenIssue, Receipt
from reviewbot.review.marker import parse_marker

_PAGES = 20
_FULL = 100


async def open_issue(desk: Desk, step: OpenIssue) -> Receipt:
    """Open the issue unless ours is open."""

    async def find() -> Sought:
        return await _sought(desk, step.key)

    body: dict[str, object] = {"title": step.title, "body": step.body}
    if step.labels:
        body["labels"] = list(step.labels)
    call = post(f"{desk.root}/issues", body)
    written = await once(desk, kind="issue", key=step.key, call=call, find=find, listed=False)
    return desk.receipt(step, written)


async def _sought(desk: Desk, key: str) -> Sought:
    """Look from the newest on, back to the pull request itself: no issue of ours is older.

    Numbers are shared by issues and pull requests and only grow.
    """
    for page in range(1, _PAGES + 1):
        records = await _page(desk, page)
        if records is None:
            return Sought(gap=f"page {page} of the issues")
        found = sorted(_ours(desk, records, key))
        oldest = min((_number(each, "number") for each in records), default=0)
        if found or len(records) < _FULL or oldest < desk.pull.number:
            return Sought(ids=tuple(found))
    return Sought(gap=f"more than {_PAGES * _FULL} issues since the pull request")


async def _page(desk: Desk, page: int) -> list[Record] | None:
    params = {
        "state": "open",
        "sort": "created",
        "direction": "desc",
        "per_page": str(_FULL),
        "page": str(page),
    }
    call = Call(verb="GET", path=f"{desk.root}/issues", params=params, expects="list")
    meaning = await desk.reader.ask(call)
    return meaning.value if meaning.ok and isinstance(meaning.value, list) else None


def _ours(desk: Desk, records: list[Record], key: str) -> Iterator[int]:
    for each in records:
        user, body, number = each.get("user"), each.get("body"), each.get("id")
        is_own = isinstance(user, Mapping) and user.get("id") == desk.owner.own_id
        marker = parse_marker(str(body), desk.owner.secret) if is_own else None
        if marker is not None and (marker.kind, marker.key) == ("issue", key) and is_id(number):
            yield _number(each, "id")


def _number(record: Record, name: str) -> int:
    number = record.get(name)
    return number if isinstance(number, int) else 0
