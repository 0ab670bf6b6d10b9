"""What can happen to one call on its way: a fault, and whether its effect comes through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import anyio

from reviewbot.github.answer import Answer, Failure
from tests.fakes.forge.world import refused

Effect = Literal["none", "before", "late"]
_DENIED = "Resource not accessible by integration"


@dataclass(frozen=True, slots=True)
class Fault:
    """One mishap.

    Attributes:
        name: of its kind; see ``KINDS``.
        effect: of a write: none, before the answer was lost, or some seconds after.
        delay: seconds until a late effect lands.
    """

    name: str
    effect: Effect = "none"
    delay: float = 2.0


def _lost(failure: Failure) -> Callable[[], Answer]:
    return lambda: Answer(status=0, failure=failure)


def _text(status: int, text: str, **headers: str) -> Callable[[], Answer]:
    return lambda: Answer(status=status, text=text, headers=headers)


def _no(status: int, message: str, **headers: str) -> Callable[[], Answer]:
    return lambda: refused(status, message, **headers)


LOST: Mapping[str, Callable[[], Answer]] = {
    "connection reset": _lost("network"),
    "deadline": _lost("deadline"),
    "library stumbled": _lost("library"),
    "500": _text(500, "{}"),
    "502 html": _text(502, "<html>"),
    "503 with retry-after": _text(503, "", **{"retry-after": "2"}),
    "200 html": _text(200, "<html>login</html>"),
    "200 truncated": _text(200, '{"id": 12'),
    "200 array": _text(200, "[]"),
    "200 empty": _text(200, ""),
    "200 without id": _text(200, '{"data": 1}'),
    "200 with null id": _text(200, '{"id": null}'),
}
"""After these nobody knows whether a write landed."""

REFUSED: Mapping[str, Callable[[], Answer]] = {
    "unsent": _lost("unsent"),
    "302": _text(302, "", location="https://elsewhere.test/"),
    "307": _text(307, "", location="https://elsewhere.test/"),
    "400": _no(400, "Problems parsing JSON"),
    "401": _no(401, "Bad credentials"),
    "403 permission": _no(403, _DENIED),
    "403 secondary": _no(403, "You have exceeded a secondary rate limit. Please wait."),
    "403 primary": _no(403, "API rate limit exceeded for 1.2.3.4"),
    "403 retry-after": _no(403, "slow down", **{"retry-after": "5"}),
    "403 retry-after a day": _no(403, "slow down", **{"retry-after": "86400"}),
    "404": _no(404, "Not Found"),
    "405": _no(405, "Method Not Allowed"),
    "409": _no(409, "Conflict"),
    "410": _no(410, "Gone"),
    "422": _no(422, "Validation Failed"),
    "429": _no(429, "Too many"),
    "429 retry-after": _no(429, "Too many", **{"retry-after": "3"}),
    "451": _no(451, "Unavailable For Legal Reasons"),
}
"""After these a write certainly did not land."""

STALE = "stale list"
"""A list that shows nothing yet."""

KINDS = {**LOST, **REFUSED, STALE: _text(200, "[]")}


async def struck(fault: Fault, deadline: float, *, is_list: bool) -> Answer:
    """The answer that a fault gives; a deadline takes its time.

    An empty array where a list was asked for would not be a fault but a lie, and nobody can tell
    it from the truth; the tests of one list that lags behind are elsewhere.
    """
    if fault.name == "deadline":
        await anyio.sleep_until(deadline)
    name = "200 truncated" if is_list and fault.name == "200 array" else fault.name
    return KINDS[name]()
