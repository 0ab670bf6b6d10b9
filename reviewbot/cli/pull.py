"""A pull request by its address: read it, fetch it, review it."""

from dataclasses import dataclass, replace

import anyio

from reviewbot.cli.access import Access, is_limited
from reviewbot.cli.planting import planted_files
from reviewbot.cli.reviewing import Reviewed, reviewed
from reviewbot.cli.surroundings import Surroundings
from reviewbot.cli.wishes import Wishes
from reviewbot.github.client import Client, Pace
from reviewbot.github.pull import read_merge_base, read_pull_request
from reviewbot.github.reading import Reader
from reviewbot.review.pull_request import PullRequest
from reviewbot.workspace.fetch import FetchFailed, Remote
from reviewbot.workspace.selection import Request

_READING = 120.0
"""Seconds for everything that is read before the analyses start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One pull request and how to reach it.

    Attributes:
        client: the port to its forge.
        access: with which token.
        repository: ``owner/name``.
        number: of the pull request.
        checkout: a path in a working tree that may hold its commits, or None.
    """

    client: Client
    access: Access
    repository: str
    number: int
    checkout: str | None = None

    def reader(self, seconds: float = _READING) -> Reader:
        """Asks until so many seconds from now."""
        return Reader(port=self.client, deadline=anyio.current_time() + seconds)

    async def read(self) -> PullRequest:
        """The pull request as it is now."""
        return await read_pull_request(self.reader(), self.repository, self.number)


async def review_pull(
    errand: Errand, pull: PullRequest, wishes: Wishes, around: Surroundings, started: float
) -> Reviewed:
    """Review a pull request: a stranger's change, whoever asks.

    git comes first, for it has no limits on size; where it reaches nothing, the API gives the
    changed files alone, and the review says that it saw no more.

    Args:
        errand: how to reach it.
        pull: its snapshot; the review is of this head.
        wishes: how to review.
        around: what the front door read from the environment.
        started: when the command did, on the monotonic clock.

    Raises:
        ReviewbotError: the settings are wrong, or nothing of the change can be read.
    """
    merge_base = await read_merge_base(errand.reader(), pull)
    request = request_for(pull, merge_base, errand)
    try:
        return await reviewed(request, wishes, around, started)
    except FetchFailed as failed:
        planted = await planted_files(errand.reader(), pull, merge_base, why=failed.message)
        planted_request = replace(request, remote=None, planted=planted)
        return await reviewed(planted_request, wishes, around, started)


def request_for(pull: PullRequest, merge_base: str, errand: Errand) -> Request:
    """What to review against what; nothing of it is trusted."""
    remote = Remote(
        url=pull.clone_url,
        commits=(pull.head, merge_base),
        ref=f"refs/pull/{pull.number}/head",
        authorization=errand.access.authorization,
    )
    return Request(
        path=errand.checkout or "",
        base=pull.base,
        head=pull.head,
        untrusted=True,
        remote=remote,
        merge_base=merge_base,
    )


def open_client(token: str, api_url: str) -> Client:
    """The port to a forge, at the pace that it asks for."""
    pace = Pace() if is_limited(api_url) else Pace(after_any=0, after_write=0)
    return Client(token=token, api_url=api_url, pace=pace)
