"""Is a refusal a rate limit, and how long does it ask us to wait?

GitHub, "Rate limits for the REST API": a limit answers 403 or 429. Wait what ``retry-after`` says;
else, when nothing remains, until ``x-ratelimit-reset``; else at least a minute, then longer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

from reviewbot.github.answer import Answer

Origin = Literal["stated", "primary", "secondary"]

_REFUSALS = frozenset({403, 429})
_TOO_MANY = 429
_MINUTE = 60.0
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_PRIMARY = "api rate limit exceeded"
_SECONDARY = "you have exceeded a secondary rate limit"
_SECONDARY_ENDS = (
    "please retry your request again later.",
    "please wait a few minutes before you try again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A rate limit: who says so, and the seconds to wait from now on."""

    origin: Origin
    wait: float


def limit_of(answer: Answer, message: str) -> Limit | None:
    """The limit that a refusal speaks of, or None when it refuses for another reason.

    Args:
        answer: a 4xx.
        message: what it says, from its JSON.
    """
    if answer.status not in _REFUSALS:
        return None
    stated = stated_wait(answer.headers)
    said = message.lower()
    if stated is not None:
        return Limit(origin="stated", wait=stated)
    if answer.headers.get("x-ratelimit-remaining") == "0" or said.startswith(_PRIMARY):
        return Limit(origin="primary", wait=_until_reset(answer.headers))
    is_secondary = said.startswith(_SECONDARY) or said.endswith(_SECONDARY_ENDS)
    if is_secondary or answer.status == _TOO_MANY:
        return Limit(origin="secondary", wait=_MINUTE)
    return None


def stated_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``retry-after`` asks for, given as such or as a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if _SECONDS.fullmatch(value):
        return float(value)
    then, now = _epoch(value), _epoch(headers.get("date", ""))
    return _MINUTE if then is None or now is None else max(0.0, then - now)


def _until_reset(headers: Mapping[str, str]) -> float:
    """Seconds until the reset by the server's own clock, and one more."""
    reset, now = headers.get("x-ratelimit-reset", ""), _epoch(headers.get("date", ""))
    if now is None or not _SECONDS.fullmatch(reset):
        return _MINUTE
    return max(0.0, float(reset) - now) + 1


def _epoch(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
