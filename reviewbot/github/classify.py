"""Answer → Meaning: one pure function, from status, headers and text.

A lost answer is not a lost effect: only what GitHub itself refused has certainly not happened.
"""

from collections.abc import Mapping
from dataclasses import replace

from reviewbot.github.answer import Answer, Failure, Garbled, parse_json
from reviewbot.github.call import Call
from reviewbot.github.limits import limit_of, stated_wait
from reviewbot.github.meaning import AnswerKind, Effect, Meaning
from reviewbot.github.shape import shaped

_MOVED = frozenset({301, 302, 307, 308})
_NOT_READY = 202
_NOT_ACCEPTABLE = 406
_SAID_MOST = 300
_MINUTE = 60.0

_FAILURES: Mapping[Failure, tuple[AnswerKind, Effect]] = {
    "network": (AnswerKind.TRANSIENT, Effect.UNKNOWN),
    "deadline": (AnswerKind.TRANSIENT, Effect.UNKNOWN),
    "library": (AnswerKind.STUMBLED, Effect.UNKNOWN),
    "unsent": (AnswerKind.TRANSIENT, Effect.NO),
}
_REFUSALS = {
    401: AnswerKind.AUTH,
    403: AnswerKind.PERMISSION,
    404: AnswerKind.NOT_FOUND,
    422: AnswerKind.VALIDATION,
}
_GRAPHQL = {
    "FORBIDDEN": AnswerKind.PERMISSION,
    "INSUFFICIENT_SCOPES": AnswerKind.PERMISSION,
    "NOT_FOUND": AnswerKind.NOT_FOUND,
    "RATE_LIMITED": AnswerKind.RATE,
    "UNPROCESSABLE": AnswerKind.VALIDATION,
}


def meaning_of(call: Call, answer: Answer) -> Meaning:
    """Classify an answer; total: whatever comes has a kind and an effect."""
    found = _meaning(call, answer)
    return found if call.writes else replace(found, effect=Effect.NO)


def _meaning(call: Call, answer: Answer) -> Meaning:
    if answer.failure:
        kind, effect = _FAILURES[answer.failure]
        said = f"no answer: {answer.failure} {answer.text}".strip()
        return Meaning(kind=kind, effect=effect, headers={}, said=said)
    match answer.status // 100:
        case 2:
            return _success(call, answer)
        case 3 if answer.status in _MOVED:
            return _moved(call, answer)
        case 4:
            return _refusal(call, answer)
        case 5:
            found = _read(answer, AnswerKind.TRANSIENT, Effect.UNKNOWN)
            return replace(found, wait=stated_wait(answer.headers))
        case _:
            return _read(answer, AnswerKind.GARBAGE, Effect.UNKNOWN)


def _moved(call: Call, answer: Answer) -> Meaning:
    place = answer.headers.get("location", "")
    if call.expects == "place" and place:
        return replace(_read(answer, AnswerKind.OK, Effect.NO), value=place)
    return _read(answer, AnswerKind.MOVED, Effect.NO)


def _success(call: Call, answer: Answer) -> Meaning:
    if answer.status == _NOT_READY and call.verb == "GET":
        return _read(answer, AnswerKind.NOT_READY, Effect.NO)
    try:
        value = shaped(call.expects, answer)
    except Garbled as error:
        return _read(answer, AnswerKind.GARBAGE, Effect.UNKNOWN, str(error))
    if call.expects == "graphql" and isinstance(value, Mapping) and value.get("errors"):
        return _graphql(value["errors"], answer)
    return replace(_read(answer, AnswerKind.OK, Effect.YES), value=value)


def _graphql(errors: object, answer: Answer) -> Meaning:
    """GraphQL refuses with status 200; without a known type its server failed on the way."""
    first = errors[0] if isinstance(errors, list) else None
    if not isinstance(first, Mapping):
        return _read(answer, AnswerKind.GARBAGE, Effect.UNKNOWN)
    kind = _GRAPHQL.get(str(first.get("type", "")))
    said = _line(first.get("message", ""))
    if kind is None:
        return _read(answer, AnswerKind.TRANSIENT, Effect.UNKNOWN, said)
    wait = stated_wait(answer.headers) or _MINUTE if kind is AnswerKind.RATE else None
    return replace(_read(answer, kind, Effect.NO, said), wait=wait)


def _refusal(call: Call, answer: Answer) -> Meaning:
    said = _said(answer.text)
    message = "" if said is None else str(said.get("message", ""))
    limit = limit_of(answer, message)
    if limit is not None:
        found = _read(answer, AnswerKind.RATE, Effect.NO, _line(message))
        return replace(found, wait=limit.wait)
    if said is None:
        return _read(answer, AnswerKind.REFUSED, Effect.NO, "and nothing in GitHub's words")
    found = _read(answer, _refused(call, answer, said), Effect.NO, _line(message))
    permissions = _line(answer.headers.get("x-accepted-github-permissions", ""))
    return replace(found, value=said, permissions=permissions)


def _refused(call: Call, answer: Answer, said: Mapping[str, object]) -> AnswerKind:
    kind = _REFUSALS.get(answer.status, AnswerKind.REFUSED)
    if kind is AnswerKind.NOT_FOUND and call.writes:
        return AnswerKind.PERMISSION
    if answer.status == _NOT_ACCEPTABLE and _is_too_large(said):
        return AnswerKind.TOO_LARGE
    return kind


def _said(text: str) -> Mapping[str, object] | None:
    try:
        value = parse_json(text)
    except Garbled:
        return None
    return value if isinstance(value, dict) else None


def _is_too_large(said: Mapping[str, object]) -> bool:
    errors = said.get("errors")
    return isinstance(errors, list) and any(
        isinstance(each, Mapping) and each.get("code") == "too_large" for each in errors
    )


def _read(answer: Answer, kind: AnswerKind, effect: Effect, said: str = "") -> Meaning:
    words = f"{answer.status} {said}".strip()
    return Meaning(
        kind=kind, effect=effect, status=answer.status, headers=answer.headers, said=words
    )


def _line(said: object) -> str:
    """GitHub's words on one line of bounded length, control characters as ``?``."""
    text = str(said)[:_SAID_MOST]
    return "".join(each if each.isprintable() else "?" for each in text)
