"""The check run of the head: made once, then told what is new, fifty annotations at a time.

It speaks of a commit and not of the pull request, so it stays right when the head has moved on.
GitHub appends the annotations of every update to those that are there; so what is there is read
before anything is appended to a run that may have some.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reviewbot.github.allowance import ANNOTATIONS
from reviewbot.github.call import Call, get, listing, patch, post
from reviewbot.github.desk import Desk
from reviewbot.github.meaning import AnswerKind, Meaning
from reviewbot.github.written import Change, Creation, Sought, Written, given_up, refusal
from reviewbot.review.actions import Annotation, Receipt, WriteCheck

NAME = "reviewbot"
_FIELDS = ("path", "start_line", "end_line", "annotation_level", "title", "message")
_FULL = 100
_PAGES = 50
_UNSEEN = frozenset({AnswerKind.PERMISSION, AnswerKind.NOT_FOUND})
_REFUSED = "annotations refused: they stand in the summary"


async def write_check(desk: Desk, step: WriteCheck) -> Receipt:
    """Make the check run, or bring it up to date."""
    routes: list[str] = []
    written = Written(how="stood", id=step.edits)
    if step.edits is None:
        written = await _made(desk, step, routes)
    if written.stands and written.id is not None and not routes:
        written = await _completed(desk, step, written, written.id)
    return desk.receipt(step, written, routes="; ".join(routes))


async def _completed(desk: Desk, step: WriteCheck, written: Written, number: int) -> Written:
    """Bring what stands there up to date; of what we just made we know what it has."""
    if written.how == "sent":
        return await _appended(desk, step, written, step.annotations[ANNOTATIONS:])
    update = await _updated(desk, step, number)
    return written if update.how == "stood" and written.how == "found" else update


async def _made(desk: Desk, step: WriteCheck, routes: list[str]) -> Written:
    head = {"name": NAME, "head_sha": step.head, "external_id": step.key, "status": "completed"}
    path = f"{desk.root}/check-runs"

    async def find() -> Sought:
        return await _sought(desk, step)

    async def may() -> Written | None:
        return await desk.may(about_head=True)

    async def reroute(meaning: Meaning) -> Call | Written:
        if meaning.kind is not AnswerKind.VALIDATION or not step.annotations or routes:
            return await desk.may(now=True, about_head=True) or refusal(meaning)
        routes.append(_REFUSED)
        return post(path, {**head, **_body(step, ())})

    call = post(path, {**head, **_body(step, step.annotations[:ANNOTATIONS])})
    return await desk.writer.create(
        Creation(kind="check", key=step.key, call=call, find=find, may=may, reroute=reroute)
    )


async def _sought(desk: Desk, step: WriteCheck) -> Sought:
    """Our check run by its key: its name may be that of a job of the workflow."""
    call = Call(
        verb="GET",
        path=f"{desk.root}/commits/{step.head}/check-runs",
        params={"check_name": NAME, "filter": "all", "per_page": "100"},
    )
    pages = await desk.reader.read_all(call, under="check_runs")
    ours = (each["id"] for each in pages.items if each.get("external_id") == step.key)
    # Who may not see check runs can have made none.
    gap = "" if pages.kind in _UNSEEN else pages.why
    return Sought(ids=tuple(sorted(each for each in ours if isinstance(each, int))), gap=gap)


async def _updated(desk: Desk, step: WriteCheck, number: int) -> Written:
    """Bring a check run up to date that may have annotations already."""
    there = await _annotations(desk, number)
    if there is None:
        return given_up("the annotations of the check run cannot be read", doubt=False)
    missing = tuple(each for each in step.annotations if _row(each) not in there)
    first = missing[:ANNOTATIONS]
    written = await _patched(desk, step, number, first)
    return await _appended(desk, step, written, missing[ANNOTATIONS:])


async def _appended(
    desk: Desk, step: WriteCheck, written: Written, rest: Sequence[Annotation]
) -> Written:
    """The remaining annotations, batch by batch, until one does not get through."""
    number = written.id
    while rest and written.stands and number is not None:
        batch, rest = rest[:ANNOTATIONS], rest[ANNOTATIONS:]
        written = await _patched(desk, step, number, batch)
    return written


async def _patched(
    desk: Desk, step: WriteCheck, number: int, batch: Sequence[Annotation]
) -> Written:
    path = f"{desk.root}/check-runs/{number}"

    async def stands() -> bool | None:
        if batch:
            there = await _annotations(desk, number)
            return None if there is None else set(map(_row, batch)) <= there
        meaning = await desk.reader.ask(get(path))
        return _says(meaning.value, step) if meaning.ok else None

    if not batch and await stands():
        return Written(how="stood", id=number)
    change = Change(
        kind="check edit",
        key=f"{number}",
        call=patch(path, _body(step, batch)),
        stands=stands,
        adds=bool(batch),
    )
    return replace(await desk.writer.change(change), id=number)


async def _annotations(desk: Desk, number: int) -> frozenset[tuple[object, ...]] | None:
    """What a check run has, or None when it cannot all be read.

    Annotations have no number of their own: two that are equal are one.
    """
    path = f"{desk.root}/check-runs/{number}/annotations"
    found: set[tuple[object, ...]] = set()
    for page in range(1, _PAGES + 1):
        meaning = await desk.reader.ask(listing(path, page=str(page)))
        if not meaning.ok or not isinstance(meaning.value, list):
            return None
        found |= {tuple(each.get(name) or "" for name in _FIELDS) for each in meaning.value}
        if len(meaning.value) < _FULL:
            return frozenset(found)
    return None


def _row(annotation: Annotation) -> tuple[object, ...]:
    said = _annotation(annotation)
    return tuple(said[name] or "" for name in _FIELDS)


def _annotation(annotation: Annotation) -> dict[str, object]:
    return {
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": annotation.end_line,
        "annotation_level": annotation.level,
        "title": annotation.title,
        "message": annotation.message,
    }


def _body(step: WriteCheck, batch: Sequence[Annotation]) -> dict[str, object]:
    return {
        "conclusion": step.conclusion,
        "output": {
            "title": step.title,
            "summary": step.summary,
            "annotations": [_annotation(each) for each in batch],
        },
    }


def _says(record: object, step: WriteCheck) -> bool:
    output = record.get("output") if isinstance(record, Mapping) else None
    return (
        isinstance(record, Mapping)
        and isinstance(output, Mapping)
        and record.get("conclusion") == step.conclusion
        and output.get("title") == step.title
        and output.get("summary") == step.summary
    )
