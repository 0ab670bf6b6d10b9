"""What the API shows of a change: all of it, or a name for what is missing."""

from dataclasses import replace

import pytest

from reviewbot.errors import ForgeError, ForgeGarbled
from reviewbot.github.diff import FetchedDiff, read_pull_diff
from reviewbot.github.pull import read_pull_request
from reviewbot.review.diff import FileStatus
from reviewbot.review.pull_request import PullRequest
from tests.fakes.github.hub import Hub
from tests.fakes.github.repository import Files
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.github.doors import on_one_loop, reader

__all__ = ["on_one_loop"]

pytestmark = pytest.mark.anyio

WHOLE, LISTED = "the diff of GitHub's API", "the list of files of GitHub's API"
BASE: Files = {"a.py": "x = 1\ny = 2\n", "x b/y.py": "y = 1\n", "gone.py": "z = 1\n"}
HEAD: Files = {"a.py": "x = 2\ny = 2\n", "x b/y.py": "y = 2\n", "gone.py": None, "café.py": "c\n"}


async def fetched(hub: Hub, opened: Opened) -> tuple[FetchedDiff, PullRequest]:
    pull = await read_pull_request(reader(hub), "demo/shapes", opened.number)
    return await read_pull_diff(reader(hub), pull), pull


@pytest.mark.feature("G02")
async def test_the_whole_diff_comes_in_one_answer(hub: Hub) -> None:
    found, pull = await fetched(hub, open_pull_request(hub, BASE, HEAD))
    assert (found.source, found.not_reviewed, pull.changed_files) == (WHOLE, (), 4)
    files = {each.path: each for each in found.diff.files}
    assert {path: each.status for path, each in files.items()} == {
        "a.py": FileStatus.MODIFIED,
        "x b/y.py": FileStatus.MODIFIED,
        "gone.py": FileStatus.DELETED,
        "café.py": FileStatus.ADDED,
    }
    assert files["a.py"].added_lines == {1}
    assert files["a.py"].hunks[0].lines == (("-", "x = 1"), ("+", "x = 2"), (" ", "y = 2"))
    assert hub.log.operations["pulls/list-files"] == 0


@pytest.mark.feature("G03", "G27")
async def test_of_more_than_three_hundred_files_the_list_is_read_to_its_end(hub: Hub) -> None:
    many: Files = {f"f{number}.py": "x = 1\n" for number in range(301)}
    found, pull = await fetched(hub, open_pull_request(hub, {"a.py": ""}, many))
    assert (found.source, found.not_reviewed) == (LISTED, ())
    assert len(found.diff.files) == pull.changed_files == 301
    assert all(each.added_lines == {1} for each in found.diff.files)
    assert hub.log.operations["pulls/list-files"] == 4


@pytest.mark.feature("G03")
async def test_what_github_lists_without_lines_is_unreadable(hub: Hub) -> None:
    head: Files = {"big.py": f"x = 1  # {'-' * 40}\n" * 21_000, "a.py": "x = 2\n"}
    found, _ = await fetched(hub, open_pull_request(hub, {"a.py": "x = 1\n"}, head))
    files = {each.path: each for each in found.diff.files}
    assert found.source == LISTED
    assert files["a.py"].added_lines == {1}
    assert (files["big.py"].unreadable, files["big.py"].hunks) == (
        "GitHub's list shows no lines of it",
        (),
    )


@pytest.mark.feature("G03")
@pytest.mark.parametrize("fault", ["page missing", "403 permission", "502 html"])
async def test_files_that_are_not_listed_have_a_name(hub: Hub, fault: str) -> None:
    many: Files = {f"f{number}.py": "x = 1\n" for number in range(301)}
    opened = open_pull_request(hub, {"a.py": ""}, many)
    hub.fault("pulls/list-files", fault, attempt=3, times=None)
    found, _ = await fetched(hub, opened)
    (lost,) = found.not_reviewed
    assert len(found.diff.files) < 301
    assert lost.path is None
    assert lost.blocking
    assert f"GitHub counts 301 changed files and lists {len(found.diff.files)}" in lost.reason


@pytest.mark.feature("G03")
@pytest.mark.parametrize(
    "fault", ["200 html", "200 empty", "200 empty list", "truncated json", "502 html", "202"]
)
async def test_a_diff_that_cannot_be_read_is_never_an_empty_one(hub: Hub, fault: str) -> None:
    opened = open_pull_request(hub, BASE, HEAD)
    pull = await read_pull_request(reader(hub), "demo/shapes", opened.number)
    for operation in ("pulls/get", "pulls/list-files"):
        hub.fault(operation, fault, times=None)
    with pytest.raises(ForgeError):
        await read_pull_diff(reader(hub), pull)


@pytest.mark.feature("G03")
async def test_a_diff_of_fewer_files_than_github_counts_is_not_believed(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD)
    pull = await read_pull_request(reader(hub), "demo/shapes", opened.number)
    hub.fault("pulls/get", "200 empty", times=None)
    found = await read_pull_diff(reader(hub), pull)
    assert (found.source, len(found.diff.files)) == (LISTED, 4)
    hub.fault("pulls/list-files", "200 empty list", times=None)
    with pytest.raises(ForgeGarbled, match="4 files changed and none is shown"):
        await read_pull_diff(reader(hub), pull)


@pytest.mark.feature("G03")
async def test_a_whole_diff_of_fewer_files_is_compared_with_the_list(hub: Hub) -> None:
    opened = open_pull_request(hub, BASE, HEAD)
    pull = await read_pull_request(reader(hub), "demo/shapes", opened.number)
    found = await read_pull_diff(reader(hub), replace(pull, changed_files=5))
    assert (found.source, len(found.diff.files)) == (LISTED, 4)
    assert [each.reason for each in found.not_reviewed] == [
        "GitHub counts 5 changed files and lists 4"
    ]


async def test_the_api_and_git_tell_the_same(hub: Hub) -> None:

    opened = open_pull_request(hub, BASE, HEAD)
    whole, pull = await fetched(hub, opened)
    hub.fault("pulls/get", "406", times=None)
    listed = await read_pull_diff(reader(hub), pull)
    assert listed.source == LISTED
    by_path = {each.path: each for each in listed.diff.files}
    assert {each.path: each for each in whole.diff.files} == by_path
