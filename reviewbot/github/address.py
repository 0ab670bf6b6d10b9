"""From what somebody pastes to a pull request and the API that knows it."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from reviewbot.errors import UsageError

_HOME = "https://github.com"
_HOME_API = "https://api.github.com"
_RESIDENCE = ".ghe.com"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST = 2048
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_SHORT = re.compile(r"([^/#\s]+)/([^/#\s]+)#(\d+)", re.ASCII)
_HINT = "like https://github.com/owner/name/pull/7, or owner/name#7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Which pull request is meant, and whom to ask about it.

    Attributes:
        repository: ``owner/name``.
        number: of the pull request.
        server_url: where people look, without a slash at its end.
        api_url: where programs ask, without a slash at its end.
    """

    repository: str
    number: int
    server_url: str
    api_url: str


def parse_address(text: str, *, server_url: str = "", api_url: str = "") -> Reference:
    """The pull request behind a URL of its pages, or behind ``owner/name#7``.

    Args:
        text: as it was typed or pasted; what follows the number in a URL is left out.
        server_url: the server of ``owner/name#7``; empty for github.com.
        api_url: the API, where the environment names one; empty to derive it from the server.

    Raises:
        UsageError: it is no such address, or one without TLS.
    """
    text = text.strip()
    short = _SHORT.fullmatch(text)
    if short is not None:
        server = (server_url or _HOME).rstrip("/")
        return _reference(text, server, short.groups(), api_url)
    try:
        parts = urlsplit(text if len(text) <= _LONGEST else "")
        return _of_url(text, parts, api_url)
    except ValueError as error:
        raise _refused(text) from error


def _of_url(text: str, parts: SplitResult, api_url: str) -> Reference:
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise _refused(text)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not api_url:
        raise UsageError(
            f"{_shown(text)} is an address without TLS", hint="a token would travel in the clear"
        )
    segments = parts.path.strip("/").split("/")
    at = _place(segments)
    if at is None:
        raise _refused(text)
    prefix = "".join(f"/{each}" for each in segments[: at - 2])
    authority = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    server = f"{parts.scheme}://{authority}{prefix}"
    return _reference(text, server, (*segments[at - 2 : at], segments[at + 1]), api_url)


def _place(segments: list[str]) -> int | None:
    """Where ``pull`` stands with a number behind it and an owner and a name before it."""
    for at in range(2, len(segments) - 1):
        if segments[at] == "pull" and _NUMBER.fullmatch(segments[at + 1]):
            return at
    return None


def _reference(text: str, server: str, words: tuple[str, ...], api_url: str) -> Reference:
    owner, name, number = words
    is_named = _NAME.fullmatch(owner) and _NAME.fullmatch(name) and name not in {".", ".."}
    if not is_named or not _NUMBER.fullmatch(number):
        raise _refused(text)
    return Reference(
        repository=f"{owner}/{name}",
        number=int(number),
        server_url=server,
        api_url=(api_url or api_of(server)).rstrip("/"),
    )


def api_of(server_url: str) -> str:
    """The API of a server, by its address.

    github.com and the hosts of data residency have one of its own name; an Enterprise Server has it
    below ``/api/v3`` (GitHub, "Getting started with the REST API").
    """
    parts = urlsplit(server_url)
    host = parts.hostname or ""
    if host in {"github.com", "www.github.com"}:
        return _HOME_API
    if host.endswith(_RESIDENCE):
        return f"https://api.{host}"
    return f"{server_url.rstrip('/')}/api/v3"


def _refused(text: str) -> UsageError:
    return UsageError(f"{_shown(text)} is no address of a pull request", hint=_HINT)


def _shown(text: str) -> str:
    """What was typed on one line of bounded length, without a password in it."""
    return repr(re.sub(r"//[^/@]*@", "//…@", text)[:120])
