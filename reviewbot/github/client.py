"""The door to GitHub: one request at a time, paced, each with a deadline that holds."""

from dataclasses import dataclass, field
from functools import partial

import anyio

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call
from reviewbot.github.errand import Errand
from reviewbot.github.redirect import followed
from reviewbot.github.session import Session

_TIMEOUT = 15
_ACTIONS_TOKEN = "ghs_"  # noqa: S105 - what such tokens start with, no token

_NEVER = float("-inf")
_UNSENT = Answer(status=0, failure="unsent")
_LATE = Answer(status=0, failure="deadline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds to leave between requests (GitHub, "Best practices for using the REST API").

    Attributes:
        after_any: between the end of one and the start of the next.
        after_write: between the end of a write and the start of the next write.
    """

    after_any: float = 0.25
    after_write: float = 1.0

    def due(self, call: Call, *, last: float, last_write: float) -> float:
        """When a call may start.

        Args:
            call: what is to be sent.
            last: when the last request ended.
            last_write: when the last write ended.
        """
        due = last + self.after_any
        return max(due, last_write + self.after_write) if call.writes else due


@dataclass(slots=True, kw_only=True)
class Client:
    """The port to GitHub for one token.

    A call that outlives its deadline is left behind with its session: the library's object still
    belongs to that thread. After such a *write* nothing is sent before its thread has ended, for
    what was read meanwhile would not say whether it landed.

    Attributes:
        token: empty for public things, without the right to write.
        api_url: see ``Session``.
        pace: between requests.
        timeout: seconds for connecting, and for each piece of an answer.
    """

    token: str = field(repr=False)
    api_url: str = "https://api.github.com"
    pace: Pace = field(default_factory=Pace)
    timeout: int = _TIMEOUT
    _session: Session | None = field(default=None, init=False, repr=False)
    _lock: anyio.Lock = field(default_factory=anyio.Lock, init=False, repr=False)
    _unfinished: Errand[Answer] | None = field(default=None, init=False, repr=False)
    _last: float = field(default=_NEVER, init=False, repr=False)
    _last_write: float = field(default=_NEVER, init=False, repr=False)

    @property
    def is_installation(self) -> bool:
        """Whether the token is one of Actions or of an App: such tokens have no user."""
        return self.token.startswith(_ACTIONS_TOKEN)

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Ask once; a moved thing once more, at its new place.

        Args:
            call: what to ask.
            deadline: when to give up, as ``anyio.current_time`` counts; it holds whatever the
                server does.
        """
        async with self._lock:
            answer = await self._ask(call, deadline)
            moved = followed(call, answer, self.api_url)
            return answer if moved is None else await self._ask(moved, deadline)

    async def _ask(self, call: Call, deadline: float) -> Answer:
        if not await self._may_start(call, deadline):
            return _UNSENT
        session = self._session or Session(self.token, self.api_url, timeout=self.timeout)
        self._session = None
        errand = Errand(partial(session.ask, call, deadline - anyio.current_time()))
        try:
            with anyio.CancelScope(deadline=deadline):
                await errand.ended()
        finally:
            self._note(call, errand)
        if not errand.has_ended:
            return _LATE
        self._session = session
        return errand.result or Answer(status=0, failure="library")

    async def _may_start(self, call: Call, deadline: float) -> bool:
        """Wait until nothing is under way and the pace allows it; False when that is too late."""
        with anyio.CancelScope(deadline=deadline):
            if self._unfinished is not None:
                await self._unfinished.ended()
                self._unfinished = None
            due = self.pace.due(call, last=self._last, last_write=self._last_write)
            await anyio.sleep_until(due)
            return anyio.current_time() < deadline
        return False

    def _note(self, call: Call, errand: Errand[Answer]) -> None:
        self._last = anyio.current_time()
        if call.writes:
            self._last_write = self._last
            self._unfinished = None if errand.has_ended else errand
