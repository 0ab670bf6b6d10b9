"""Times as people write them."""

import re
from collections.abc import Mapping

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
_KEYS = frozenset({"timeout", "budget", "deadline", "base", "max"})


def parse_duration(text: str) -> float:
    """``90``, ``90s``, ``5m``, ``1h30m`` → seconds.

    Raises:
        ValueError: it is no such time, or none at all.
    """
    found = _DURATION.fullmatch(text.strip())
    hours, minutes, seconds = (float(part or 0) for part in found.groups()) if found else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total <= 0:
        raise ValueError("a time such as 90s, 5m or 1h30m is expected")
    return total


def with_seconds(value: object) -> object:
    """A settings tree whose times are numbers; what is no time is left for the validator."""
    if not isinstance(value, Mapping):
        return value
    return {
        key: _seconds(item) if key in _KEYS and isinstance(item, str) else with_seconds(item)
        for key, item in value.items()
    }


def _seconds(text: str) -> object:
    try:
        return parse_duration(text)
    except ValueError:
        return text
