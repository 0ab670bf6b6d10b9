"""Two trees made of contents that somebody else read."""

from pathlib import Path

import anyio
import pytest

from reviewbot.process import Sandbox
from reviewbot.review.analysis import Trust
from reviewbot.workspace.opened import open_change
from reviewbot.workspace.planted import Planted
from reviewbot.workspace.selection import Request

pytestmark = pytest.mark.anyio

HEAD, BASE = "a" * 40, "b" * 40
ODD = 'dir b/"q\tname\n\udcff.py'


async def test_the_planted_files_are_the_two_sides_and_the_rest_is_not_reviewed() -> None:
    planted = Planted(
        base={"kept.py": b"x = 1\n", ODD: b"old\n"},
        head={"kept.py": b"x = 1\n", ODD: b"new\xff\r\n", "added.py": b""},
        why="git could not fetch: only the changed files were read",
    )
    request = Request(head=HEAD, merge_base=BASE, base=BASE, planted=planted)

    async with open_change(request, programs=Sandbox()) as opened:
        change = opened.change
        assert [each.path for each in change.diff.files] == ["added.py", ODD]
        assert await anyio.Path(change.head.root, "kept.py").read_bytes() == b"x = 1\n"
        assert Path(change.head.root, ODD).read_bytes() == b"new\xff\r\n"  # noqa: ASYNC240 - a name that is no text
        assert (change.base.commit, change.head.commit) == (BASE, HEAD)
        assert change.trust is Trust.UNTRUSTED
        assert [each.reason for each in opened.not_reviewed if each.blocking] == [planted.why]
