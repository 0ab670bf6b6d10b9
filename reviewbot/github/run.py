"""The run of another workflow, and whose pull request it looked at.

Everything here comes from the API. What the other run left behind was written by a stranger's code:
it may choose among the pull requests that this run can belong to, and name no other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from reviewbot.errors import ForgeGarbled
from reviewbot.github.call import get, listing
from reviewbot.github.payload import Word
from reviewbot.github.pull import read_pull_request, repository_path
from reviewbot.github.reading import Reader, Record
from reviewbot.github.shape import id_in
from reviewbot.github.snapshot import (
    Account,
    Foreign,
    Id,
    Ref,
    RepositoryPart,
    Sha,
    complaint,
)
from reviewbot.review.pull_request import PullRequest

_MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzedRun:
    """A run of the analysing workflow.

    Attributes:
        repository: ``owner/name`` it ran in.
        id: its number.
        event: what started it; only ``pull_request`` has a pull request.
        conclusion: how it ended, or empty while it goes on.
        head: the commit it looked at.
        head_ref: the branch, in ``head_owner``'s repository.
        head_repository_id: None when the fork was deleted; then there is nothing to post on.
    """

    repository: str
    id: int
    event: str
    conclusion: str
    head: str
    head_ref: str | None
    head_owner: str
    head_repository_id: int | None


class _HeadRepository(Foreign):
    id: Id
    owner: Account


class _Run(Foreign):
    id: Id
    event: Word
    conclusion: Word | None
    head_sha: Sha
    head_branch: Ref | None
    head_repository: _HeadRepository | None
    repository: RepositoryPart


async def read_run(reader: Reader, repository: str, number: int) -> AnalyzedRun:
    """A run as the API describes it.

    Raises:
        ForgeRefused: it is not there; the token needs ``actions: read``.
        ForgeError: GitHub is away or does not make sense.
    """
    meaning = await reader.read(get(f"{repository_path(repository)}/actions/runs/{number}"))
    try:
        said = _Run.model_validate(meaning.value)
    except ValidationError as error:
        raise ForgeGarbled(f"this is no run of a workflow: {complaint(error)}") from error
    if said.id != number:
        raise ForgeGarbled(f"run {number} was asked for and {said.id} came")
    head = said.head_repository
    return AnalyzedRun(
        repository=said.repository.full_name,
        id=said.id,
        event=said.event,
        conclusion=said.conclusion or "",
        head=said.head_sha,
        head_ref=said.head_branch,
        head_owner="" if head is None else head.owner.login,
        head_repository_id=None if head is None else head.id,
    )


async def read_pull_requests(reader: Reader, run: AnalyzedRun) -> tuple[PullRequest, ...]:
    """The open pull requests that a run can belong to: same branch of the same fork, same head.

    Neither the run's own list (always empty for forks) nor the look-up by commit (the commit is
    not in this repository) finds them. None at all: the run is stale, or the pull request closed.
    Several: one branch goes to several others, of which ten are looked at.

    Raises:
        ForgeGarbled: the list could not be read to its end.
        ForgeError: GitHub is away or does not make sense.
    """
    if run.event != "pull_request" or run.head_repository_id is None or run.head_ref is None:
        return ()
    path = f"{repository_path(run.repository)}/pulls"
    branch = f"{run.head_owner}:{run.head_ref}"
    pages = await reader.read_all(listing(path, state="open", head=branch))
    if not pages.complete:
        raise ForgeGarbled(f"the pull requests of {branch} cannot all be read: {pages.why}")
    numbers = _numbers(pages.items)[:_MOST_CANDIDATES]
    found = [await read_pull_request(reader, run.repository, number) for number in numbers]
    return tuple(
        each
        for each in found
        if each.open and each.head == run.head and each.head_repository_id == run.head_repository_id
    )


def choose(pulls: Iterable[PullRequest], claimed: int | None) -> PullRequest | None:
    """The one that is meant; a claim of the run decides only where several can be.

    Args:
        pulls: those the run can belong to.
        claimed: the number in its artifact, or None.
    """
    candidates = tuple(pulls)
    if len(candidates) == 1:
        return candidates[0]
    return next((each for each in candidates if each.number == claimed), None)


def _numbers(records: Iterable[Record]) -> list[int]:
    return [number for each in records if (number := id_in(each, "number")) is not None]
