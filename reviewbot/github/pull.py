"""The pull request as it is now, and the commit it has to be compared with."""

from collections.abc import Mapping
from urllib.parse import quote

from reviewbot.errors import ForgeGarbled
from reviewbot.github.call import get
from reviewbot.github.reading import Reader
from reviewbot.github.snapshot import COMMIT, parse_pull_request
from reviewbot.review.pull_request import PullRequest


async def read_pull_request(reader: Reader, repository: str, number: int) -> PullRequest:
    """A snapshot; read it again before a verdict is written.

    Args:
        reader: asks GitHub.
        repository: ``owner/name``; a renamed one answers under its new name.
        number: of the pull request.

    Raises:
        ForgeRefused: it is not there, or not for this token.
        ForgeError: GitHub is away or does not make sense.
    """
    meaning = await reader.read(get(f"{repository_path(repository)}/pulls/{number}"))
    found = parse_pull_request(meaning.value)
    if found.number != number:
        raise ForgeGarbled(f"pull request {number} was asked for and {found.number} came")
    return found


async def read_merge_base(reader: Reader, pull: PullRequest) -> str:
    """The commit to compare the head with; never the tip of the base, which moves on.

    Raises:
        ForgeRefused: GitHub does not have both commits any more.
        ForgeError: GitHub is away or does not make sense.
    """
    pair = f"{pull.base}...{pull.head}"
    meaning = await reader.read(
        get(f"{repository_path(pull.repository)}/compare/{pair}", per_page="1")
    )
    compared = meaning.value if isinstance(meaning.value, Mapping) else {}
    commit = compared.get("merge_base_commit")
    sha = commit.get("sha") if isinstance(commit, Mapping) else None
    if not isinstance(sha, str) or not COMMIT.fullmatch(sha):
        raise ForgeGarbled(f"GitHub names no merge base of {pull.repository}#{pull.number}")
    return sha


def repository_path(repository: str) -> str:
    """The start of every path about a repository."""
    return f"/repos/{quote(repository, safe='/')}"
