"""A file from the host that GitHub sends us to: without our token, within bounds.

An artifact lies on another host than the API. The client library has no bound of time for such a
host, and whoever runs it must not see the token, so this is a door of its own.
"""

import time
from functools import partial

import anyio
import requests
from urllib3.exceptions import HTTPError

from reviewbot.errors import ForgeAway, ForgeError, ForgeGarbled
from reviewbot.github.errand import Errand
from reviewbot.github.redirect import origin

_CHUNK = 64 << 10
_TIMEOUT = 15.0
_OK = 200


async def download(url: str, *, api_url: str, most: int, deadline: float) -> bytes:
    """The bytes at a place that GitHub named.

    Args:
        url: may hold a signature, so it is in no message.
        api_url: the configured API: only one without TLS sends us to a place without TLS.
        most: bytes; counted while they are read, not as a header announces them.
        deadline: as ``anyio.current_time`` counts; it holds whatever the host does.

    Raises:
        ForgeGarbled: no place we go to, larger than ``most``, or another redirect.
        ForgeAway: the host cannot be reached, or time is up.
    """
    if not _is_trusted(url, api_url):
        raise ForgeGarbled("the artifact is said to be at a place without TLS")
    seconds = deadline - anyio.current_time()
    errand = Errand(partial(_fetch, url, most, time.monotonic() + seconds))
    with anyio.CancelScope(deadline=deadline):
        await errand.ended()
    if errand.result is None:
        raise ForgeAway("the artifact was not there in time", hint="run it again later")
    if isinstance(errand.result, ForgeError):
        raise errand.result
    return errand.result


def _is_trusted(url: str, api_url: str) -> bool:
    try:
        return origin(url)[0] in {"https", origin(api_url)[0]}
    except ValueError:
        return False


def _fetch(url: str, most: int, until: float) -> bytes | ForgeError:
    """In a thread: an error is an answer too."""
    try:
        with requests.Session() as session:
            session.auth = _no_credentials
            return _read(session, url, most, until)
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        name = type(error).__name__
        return ForgeAway(f"the artifact cannot be fetched: {name}", hint="run it again later")


def _read(session: requests.Session, url: str, most: int, until: float) -> bytes | ForgeError:
    body = bytearray()
    with session.get(url, timeout=_TIMEOUT, allow_redirects=False, stream=True) as response:
        if response.status_code != _OK:
            return ForgeGarbled(f"the artifact's host answers {response.status_code}")
        while piece := response.raw.read1(_CHUNK, decode_content=True):
            body += piece
            if len(body) > most:
                return ForgeGarbled(f"the artifact is larger than {most >> 20} MiB")
            if time.monotonic() > until:
                return ForgeAway("the artifact was not there in time", hint="run it again later")
    return bytes(body)


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the machine's ``.netrc`` out of it."""
    return request
