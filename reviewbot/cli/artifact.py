"""The report of another run: whose it is comes from the API, what it says is a stranger's data."""

from dataclasses import dataclass

import anyio

from reviewbot.cli.configuration import parse_settings
from reviewbot.cli.inputs import Inputs
from reviewbot.cli.reviewing import Reviewed
from reviewbot.errors import ForgeGarbled, SettingsError
from reviewbot.github.artifact import read_artifact
from reviewbot.github.client import Client
from reviewbot.github.contents import read_file
from reviewbot.github.diff import read_pull_diff
from reviewbot.github.pull import read_merge_base
from reviewbot.github.reading import Reader
from reviewbot.github.run import AnalyzedRun, read_pull_requests, read_run
from reviewbot.review.document import DocumentRefused, parse_report
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report
from reviewbot.settings import FILE_NAME, Settings

_READING = 120.0
"""Seconds for all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A report and the pull request that it is about."""

    found: Reviewed
    pull: PullRequest


async def read_report(client: Client, repository: str, number: int, inputs: Inputs) -> Taken | str:
    """The report of a run, or why there is nothing to post.

    Args:
        client: the port to the forge.
        repository: ``owner/name`` the run belongs to.
        number: of the run.
        inputs: the name of the artifact, and of the file in it.

    Raises:
        ForgeGarbled: the artifact is there and holds no report of the run's own commit.
        ReviewbotError: the forge is away, or refuses.
    """
    reader = Reader(port=client, deadline=anyio.current_time() + _READING)
    run = await read_run(reader, repository, number)
    pulls = await read_pull_requests(reader, run)
    if not pulls:
        return f"run {number} belongs to no open pull request at {run.head[:9]}"
    document = await read_artifact(
        reader, run, name=inputs.artifact, member=inputs.report, api_url=client.api_url
    )
    if document is None:
        ended = run.conclusion or "early"
        return f"run {number} ended {ended} and left no artifact '{inputs.artifact}'"
    report, sentence = _parsed(document, run)
    pull = await _meant(reader, pulls, report)
    if pull is None:
        raise ForgeGarbled(f"the report of run {number} is of another range of commits")
    diff = await read_pull_diff(reader, pull)
    settings = await _settings(reader, pull)
    found = Reviewed(report=report, sentence=sentence, diff=diff.diff, settings=settings)
    return Taken(found=found, pull=pull)


def _parsed(document: bytes, run: AnalyzedRun) -> tuple[Report, str]:
    try:
        report, sentence = parse_report(document.decode("utf-8", "replace"))
    except DocumentRefused as refused:
        raise ForgeGarbled(f"the report of run {run.id} is refused: {refused}") from refused
    if report.head != run.head:
        raise ForgeGarbled(f"the report of run {run.id} is about another commit")
    return report, sentence


async def _meant(
    reader: Reader, pulls: tuple[PullRequest, ...], report: Report
) -> PullRequest | None:
    """The one that was compared with the report's base: one branch may go to several others."""
    for pull in pulls:
        if await read_merge_base(reader, pull) == report.base:
            return pull
    return None


async def _settings(reader: Reader, pull: PullRequest) -> Settings:
    """The settings of the branch that the pull request goes to.

    Raises:
        SettingsError: a key or value is wrong.
    """
    content = await read_file(reader, pull.repository, FILE_NAME, pull.base)
    try:
        return parse_settings((content or b"").decode("utf-8"), FILE_NAME)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{FILE_NAME}:1: not UTF-8") from error
