"""Which token goes to which host: never to one that a URL alone names."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reviewbot.errors import UsageError

_HOME = "github.com"
_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")
_ENTERPRISE_TOKENS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to reach a forge.

    Attributes:
        token: empty for what everybody may read.
        api_url: where its API is when the environment says so, or empty.
        server_url: where people look, when the environment says so, or empty.
    """

    token: str = field(default="", repr=False)
    api_url: str = ""
    server_url: str = ""

    @property
    def authorization(self) -> str:
        """The value of the header with which git fetches, or empty."""
        if not self.token:
            return ""
        return "Basic " + base64.b64encode(f"x-access-token:{self.token}".encode()).decode()


def access_to(url: str, variables: Mapping[str, str]) -> Access:
    """What the environment gives for the host of a URL.

    ``GH_TOKEN`` and ``GITHUB_TOKEN`` are for github.com, or for the server that the environment
    itself names (``GITHUB_SERVER_URL``, ``GITHUB_API_URL``); ``GH_ENTERPRISE_TOKEN`` is for
    ``GH_HOST``; see ``gh help environment``. Whoever hands out a link gets no token with it.
    """
    host = urlsplit(url).netloc.lower() if "://" in url else _HOME
    api_url, server_url = (
        variables.get("GITHUB_API_URL", ""),
        variables.get("GITHUB_SERVER_URL", ""),
    )
    named = {urlsplit(each).netloc.lower() for each in (api_url, server_url) if each}
    if host in named:
        return Access(token=_first(variables, _TOKENS), api_url=api_url, server_url=server_url)
    if host == variables.get("GH_HOST", "").lower():
        return Access(token=_first(variables, _ENTERPRISE_TOKENS))
    return Access(token=_first(variables, _TOKENS) if host == _HOME else "")


def is_limited(api_url: str) -> bool:
    """Whether a forge counts how fast we ask: github.com does, an Enterprise Server does not.

    See "Enabling rate limits" in the documentation of GitHub Enterprise Server: they are off there
    unless somebody sets them; one that is set answers 403 or 429, which is waited for.
    """
    host = urlsplit(api_url).hostname or ""
    return host == f"api.{_HOME}" or host.endswith(".ghe.com")


def require_token(access: Access, what: str) -> None:
    """See to it that there is a token before any work is done.

    Raises:
        UsageError: there is none.
    """
    if not access.token:
        raise UsageError(
            f"{what} needs a token with pull-requests: write",
            hint="set GITHUB_TOKEN, e.g. to the output of `gh auth token`",
        )


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((variables[name].strip() for name in names if variables.get(name, "").strip()), "")
