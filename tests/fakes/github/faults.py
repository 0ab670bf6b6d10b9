"""What can go wrong with an answer, by name."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tests.fakes.github.values import Refusal, Reply

Wire = Literal["", "reset", "short", "drip", "late"]
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
_HTML = "text/html; charset=utf-8"
_PAGE = b"<!DOCTYPE html><html><body><h1>Please log in</h1></body></html>"
_NOTHING = Reply(body={"id": 1, "message": "this never happened"})
_NEVER = 253402300799


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault.

    Attributes:
        spoil: the right answer → what is sent in its place.
        wire: what happens to the connection.
        lies: a client that reads cannot tell the answer from a right one; chance never spoils a
            read with it, because nobody could do anything about it.
        of_lists: it does nothing to a write.
        turns: a list answers with the page that many further on.
    """

    spoil: Callable[[Reply], Reply] = lambda reply: reply
    wire: Wire = ""
    turns: int = 0
    lies: bool = False
    of_lists: bool = False

    def before_effect(self) -> Reply:
        """What is sent when nothing was done: whoever is slow ends as a gateway that gave up."""
        slow = self.wire in {"drip", "late"}
        return Reply(status=504, body=_PAGE, media=_HTML) if slow else self.spoil(_NOTHING)


def _instead(status: int, body: object = None, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(spoil=lambda _: Reply(status=status, body=body, headers=named))


def _html(status: int) -> Fault:
    return Fault(spoil=lambda _: Reply(status=status, body=_PAGE, media=_HTML))


def _error(status: int, message: str, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(spoil=lambda _: Refusal(status, message, headers=named).reply)


def _spent(reset: int) -> Reply:
    """The requests of the hour are used up, until a moment in epoch seconds."""
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)}
    return Refusal(403, "API rate limit exceeded for installation ID 1.", headers=headers).reply


def _half(reply: Reply) -> Reply:
    text = reply.encoded()
    return replace(reply, body=text[: max(1, len(text) // 2)])


def _moved(status: int, location: str) -> Fault:
    return _error(status, "Moved Permanently", location=location)


def _without_newest(reply: Reply) -> Reply:
    """A list from just before its last item was made."""
    return replace(reply, body=reply.body[:-1]) if isinstance(reply.body, list) else reply


HERE = "{here}"
ELSEWHERE = "{elsewhere}"

FAULTS: Mapping[str, Fault] = {
    "reset": Fault(wire="reset"),
    "short body": Fault(wire="short"),
    "drip": Fault(wire="drip"),
    "late": Fault(wire="late"),
    "truncated json": Fault(spoil=_half),
    "200 html": _html(200),
    "200 empty list": Fault(spoil=lambda _: Reply(body=[]), lies=True),
    "200 empty": _instead(200),
    "200 without id": _instead(200, {}),
    "202": _instead(202, {}),
    "204": _instead(204),
    "301": _moved(301, HERE),
    "302": _moved(302, HERE),
    "307": _moved(307, HERE),
    "308": _moved(308, HERE),
    "307 elsewhere": _moved(307, ELSEWHERE),
    "400 list": _instead(400, ["no"]),
    "400 text": _instead(400, "no"),
    "400 null message": _instead(400, {"message": None}),
    "401": _error(401, "Bad credentials"),
    "403 permission": _error(
        403,
        "Resource not accessible by integration",
        x_accepted_github_permissions="pull_requests=write",
    ),
    "403 primary": Fault(spoil=lambda _: _spent(_NEVER)),
    "403 primary soon": Fault(spoil=lambda _: _spent(int(time.time()) + 1)),
    "403 secondary": _error(403, _SECONDARY),
    "403 retry after": _error(403, _SECONDARY, retry_after="7"),
    "403 locked": _error(403, "Unable to create comment because issue is locked."),
    "403 html": _html(403),
    "404": _error(404, "Not Found"),
    "405": _error(405, "Method Not Allowed"),
    "406": _error(406, "Sorry, the diff exceeded the maximum number of files (300)."),
    "409": _error(409, "Conflict"),
    "410": _error(410, "This issue was deleted"),
    "415": _error(415, "Unsupported 'Accept' header"),
    "422": Fault(spoil=lambda _: Refusal(422, "Unprocessable Entity", errors=["no"]).reply),
    "429": _error(429, "Too many requests"),
    "429 retry after": _error(429, _SECONDARY, retry_after="1"),
    "429 tomorrow": _error(429, _SECONDARY, retry_after="86400"),
    "451": _error(451, "Repository access blocked"),
    "500": _error(500, "Server Error"),
    "502 html": _html(502),
    "503": _error(503, "Service unavailable", retry_after="1"),
    "page repeated": Fault(turns=-1, lies=True, of_lists=True),
    "page missing": Fault(turns=1, lies=True, of_lists=True),
    "stale list": Fault(spoil=_without_newest, lies=True, of_lists=True),
}
