"""Where a moved thing is asked for: once, and only on the same host.

A renamed repository answers a GET with 301 and a POST with 307; a client that takes either for
success has written nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from reviewbot.github.answer import Answer
from reviewbot.github.call import Call

_MOVED = frozenset({301, 302, 307, 308})
_PORTS: Mapping[str, int] = {"http": 80, "https": 443}


def followed(call: Call, answer: Answer, api_url: str) -> Call | None:
    """The same call at the new place, or None when there is none that we would go to.

    Args:
        call: what was asked.
        answer: what came back.
        api_url: the configured API; scheme, host and port of the new place have to be its own.
    """
    location = answer.headers.get("location", "")
    if answer.status not in _MOVED or not location or call.expects == "place":
        return None
    try:
        place = urljoin(api_url, location)
        if origin(place) != origin(api_url):
            return None
    except ValueError:
        return None
    # the place of a list keeps the query of what was asked, unless it has its own
    return replace(call, path=place, params={} if urlsplit(place).query else call.params)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL.

    Raises:
        ValueError: it is no URL, or not of HTTP.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url} is no address of a web server")
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
