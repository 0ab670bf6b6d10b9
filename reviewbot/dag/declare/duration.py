"""Times as people write them."""

import math
import re

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
FORM = "a time such as 90s, 5m, 1h30m or 500ms is expected"


def parse_duration(given: object) -> float:
    """`90`, `90s`, `5m`, `1h30m`, `500ms` -> seconds.

    Raises:
        ValueError: it is no such time, or negative.
    """
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < math.inf:
        return float(given)
    if isinstance(given, str):
        return _parsed(given.strip())
    raise ValueError(FORM)


def _parsed(text: str) -> float:
    if _NUMBER.fullmatch(text):
        return float(text)
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        raise ValueError(FORM)
    hours, minutes, seconds, thousandths = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def written_duration(seconds: float) -> str | float:
    """Seconds as the text that gives them back; `none` when there is no end."""
    return "none" if seconds == math.inf else float(seconds)
