"""The diff of a pull request from the API, for who has no checkout; every loss has a name.

An empty answer, the page of a portal and an error in JSON all parse as a diff without files. So
the media type has to be right and the number of files has to be the one that GitHub counts.
"""

from dataclasses import dataclass, replace

from reviewbot.errors import ForgeGarbled
from reviewbot.github.call import DIFF, Call, listing
from reviewbot.github.failure import failure_of
from reviewbot.github.file_list import parse_entry
from reviewbot.github.meaning import AnswerKind
from reviewbot.github.patch_text import parse_patch
from reviewbot.github.pull import repository_path
from reviewbot.github.reading import Pages, Reader
from reviewbot.review.analysis import NotReviewed
from reviewbot.review.diff import Diff
from reviewbot.review.pull_request import PullRequest

_ELSEWHERE = frozenset({AnswerKind.TOO_LARGE, AnswerKind.GARBAGE, AnswerKind.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedDiff:
    """What the API shows of a change.

    Attributes:
        diff: files in GitHub's order; a file without readable lines says why itself.
        source: where it is from, for the reader.
        not_reviewed: what is in no file of the diff: files that GitHub counts and does not show.
    """

    diff: Diff
    source: str
    not_reviewed: tuple[NotReviewed, ...] = ()


async def read_pull_diff(reader: Reader, pull: PullRequest) -> FetchedDiff:
    """The whole diff in one answer, else the list of files.

    GitHub gives a diff of at most 300 files, 20,000 lines or 1 MB, and lists at most 3,000 files.

    Raises:
        ForgeGarbled: neither answer can be a diff; an unread change is never an empty one.
        ForgeRefused: the pull request is not there, or not for this token.
        ForgeError: GitHub is away or limits us.
    """
    path = f"{repository_path(pull.repository)}/pulls/{pull.number}"
    call = Call(verb="GET", path=path, accept=DIFF, expects="diff")
    meaning = await reader.ask(call)
    if not meaning.ok and meaning.kind not in _ELSEWHERE:
        raise failure_of(call, meaning)
    if meaning.ok:
        diff = Diff(files=parse_patch(str(meaning.value)))
        if _is_whole(diff, pull):
            return FetchedDiff(diff=diff, source="the diff of GitHub's API")
    return _listed(await reader.read_all(listing(f"{path}/files"), key="filename"), pull)


def _is_whole(diff: Diff, pull: PullRequest) -> bool:
    paths = {each.path for each in diff.files}
    return "" not in paths and len(diff.files) == len(paths) == pull.changed_files


def _listed(pages: Pages, pull: PullRequest) -> FetchedDiff:
    read = [parse_entry(each) for each in pages.items]
    files = tuple(each for each in read if each is not None)
    if not files and (pull.changed_files or not pages.complete):
        why = pages.why or f"{pull.changed_files} files changed and none is shown"
        raise ForgeGarbled(f"GitHub shows no diff of {pull.repository}#{pull.number}: {why}")
    found = FetchedDiff(diff=Diff(files=files), source="the list of files of GitHub's API")
    missing = pull.changed_files - len(files)
    if missing == 0 and pages.complete:
        return found
    reason = f"GitHub counts {pull.changed_files} changed files and lists {len(files)}"
    said = f"{reason}: {pages.why}" if pages.why else reason
    return replace(found, not_reviewed=(NotReviewed(path=None, reason=said, node="diff"),))
