"""How near a finding is to what the change wrote."""

import pytest

from reviewbot.review.diff import Diff, Edit, FileDiff, FileStatus, Hunk
from reviewbot.review.finding import Location
from reviewbot.review.nearness import Nearness, nearness

EDIT = Edit(base_start=5, base_count=1, head_start=5, head_count=2)
HUNK = Hunk(base_start=2, base_count=7, head_start=2, head_count=8, edits=(EDIT,))
DIFF = Diff(
    files=(FileDiff(status=FileStatus.MODIFIED, path="a.py", old_path="a.py", hunks=(HUNK,)),)
)


@pytest.mark.feature("D03")
@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("a.py", 5, Nearness.ADDED),
        ("a.py", 6, Nearness.ADDED),
        ("a.py", 4, Nearness.CONTEXT),
        ("a.py", 9, Nearness.CONTEXT),
        ("a.py", 1, Nearness.FILE),
        ("a.py", 10, Nearness.FILE),
        ("a.py", None, Nearness.FILE),
        ("b.py", 5, Nearness.ELSEWHERE),
    ],
)
def test_a_place_is_as_near_as_the_diff_says(
    path: str, line: int | None, expected: Nearness
) -> None:
    assert nearness(DIFF, Location(path=path, line=line)) is expected
