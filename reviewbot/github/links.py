"""The ``Link`` header: where the next page of a list is (RFC 8288)."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

_LONGEST = 8192
_LINK = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')


def next_page(headers: Mapping[str, str]) -> str | None:
    """The URL of the page after this one, or None on the last page."""
    link = headers.get("link", "")
    found = _LINK.search(link) if len(link) <= _LONGEST else None
    return found[1] if found else None


def page_number(url: str) -> int | None:
    """The number of a page that its URL states; lists with cursors state none."""
    try:
        return int(parse_qs(urlsplit(url).query).get("page", [""])[0])
    except ValueError:
        return None
