"""Editing what we wrote."""

from collections.abc import Mapping

from reviewbot.github.call import get, patch
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.reading import Record
from reviewbot.github.written import Change, Written, given_up, refusal
from reviewbot.review.marker import Marker, parse_marker


async def edited(desk: Desk, path: str, body: str) -> Written:
    """Bring an item of ours to a new body.

    It is read first: what somebody else wrote, or a newer run, is left alone; what says the same
    already is not written again.

    Args:
        desk: where we write.
        path: of the item.
        body: the new one, with our marker on its first line.

    Returns:
        ``refused`` with a NOT_FOUND when the item is gone.
    """
    meaning = await desk.reader.ask(get(path))
    if meaning.kind is AnswerKind.NOT_FOUND:
        return refusal(meaning)
    if not meaning.ok or not isinstance(meaning.value, Mapping):
        return given_up(f"it cannot be read: {meaning.said}", doubt=False)
    there = _marker_of(desk, meaning.value)
    new = parse_marker(body, desk.owner.secret)
    if there is None:
        return Written(how="refused", why="it is not ours any more", meaning=None)
    if new is not None and there.is_newer_than(new):
        return Written(how="stood", why="a newer run wrote it")
    if _same(meaning.value, body):
        return Written(how="stood", id=_number(meaning.value))

    async def stands() -> bool | None:
        now = await desk.reader.ask(get(path))
        return _same(now.value, body) if now.ok and isinstance(now.value, Mapping) else None

    call = patch(path, {"body": body})
    return await desk.writer.change(Change(kind="edit", key=path, call=call, stands=stands))


def _marker_of(desk: Desk, record: Record) -> Marker | None:
    """The marker of a record that we wrote, or None for anybody else's."""
    user, body = record.get("user"), record.get("body")
    if not isinstance(user, Mapping) or user.get("id") != desk.owner.own_id:
        return None
    return parse_marker(body, desk.owner.secret) if isinstance(body, str) else None


def _same(record: Record, body: str) -> bool:
    """Whether it says this; line ends and what stands after the last word are the forge's."""
    said = record.get("body")
    return isinstance(said, str) and _plain(said) == _plain(body)


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").rstrip()


def _number(record: Record) -> int | None:
    number = record.get("id")
    return number if isinstance(number, int) else None
