"""What can go wrong with an answer, by name."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A fault for one answer.

    Attributes:
        landed: whether the request has its effect all the same.
        late_by: the effect comes only before that many requests later are answered.
    """

    name: str
    landed: bool
    late_by: int = 0

    @property
    def fault(self) -> Fault:
        return FAULTS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    operation: str
    first: int
    last: int | None
    planned: Planned


@dataclass(slots=True)
class Faults:
    """Which request meets which fault."""

    _scripts: list[_Script] = field(default_factory=list)
    _chance: Callable[[], Planned | None] | None = None

    def script(self, operation: str, planned: Planned, *, first: int, times: int | None) -> None:
        """The first-th request for an operation and those after it, ``times`` of them."""
        _known(planned.name)
        last = None if times is None else first + times - 1
        self._scripts.append(_Script(operation=operation, first=first, last=last, planned=planned))

    def by_seed(self, seed: int, rate: float, names: Sequence[str]) -> None:
        """Any request, as chance has it; the same seed gives the same faults."""
        chance = random.Random(seed)  # noqa: S311 — for repetition, not for secrets
        known = [_known(name) for name in names]

        def draw() -> Planned | None:
            hit, name, landed = chance.random(), chance.choice(known), chance.random()
            return Planned(name=name, landed=landed < 0.5) if hit < rate else None

        self._chance = draw

    def at(self, operation: str, nth: int, verb: str) -> Planned | None:
        """The fault of the nth request for an operation."""
        for script in self._scripts:
            last = nth if script.last is None else script.last
            if script.operation == operation and script.first <= nth <= last:
                return script.planned
        drawn = self._chance() if self._chance else None
        lie = drawn is not None and drawn.fault.lies and verb == "GET"
        return None if lie else drawn


def _known(name: str) -> str:
    assert name in FAULTS, f"no such fault: {name}; there are {', '.join(FAULTS)}"
    return name
