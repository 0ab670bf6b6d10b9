"""One click replaces what the tool meant, or there is nothing to click."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.diff import FileDiff, FileStatus, parse_hunks
from reviewbot.review.finding import Replacement, Suggestion
from reviewbot.review.publishing.replacement import Rewrite, rewrite

LINES = ("import os", "import re", "x = 1", "y  = 2")


def file(*lines: str) -> FileDiff:
    """A file with one line of context above lines that the change wrote."""
    added = "".join(f"+{line}\n" for line in lines)
    text = f"@@ -1 +1,{len(lines) + 1} @@\n # top\n{added}"
    return FileDiff(
        status=FileStatus.MODIFIED, path="a.py", old_path="a.py", hunks=parse_hunks(text)
    )


def edits(*each: tuple[tuple[int, int], tuple[int, int], str], safe: bool = True) -> Suggestion:
    replacements = (Replacement(start=start, end=end, text=text) for start, end, text in each)
    return Suggestion(description="Do it", edits=tuple(replacements), safe=safe)


@pytest.mark.parametrize(
    ("suggestion", "expected"),
    [
        pytest.param(edits(((2, 1), (3, 1), "")), (2, 2, None), id="delete a line"),
        pytest.param(edits(((2, 1), (4, 1), "")), (2, 3, None), id="delete two"),
        pytest.param(edits(((4, 5), (4, 6), "2")), (4, 4, "x = 2"), id="inside a line"),
        pytest.param(edits(((5, 2), (5, 4), " ")), (5, 5, "y = 2"), id="the last line"),
        pytest.param(
            edits(((4, 1), (4, 2), "a"), ((5, 1), (5, 2), "b")), (4, 5, "a = 1\nb  = 2"), id="two"
        ),
        pytest.param(
            edits(((4, 1), (4, 1), "import sys\n")), (4, 4, "import sys\nx = 1"), id="insert"
        ),
        pytest.param(edits(((4, 5), (4, 6), "`````")), (4, 4, "x = `````"), id="backticks"),
    ],
)
def test_a_safe_suggestion_on_written_lines_is_whole_lines(
    suggestion: Suggestion, expected: tuple[int, int, str | None]
) -> None:
    first, last, text = expected

    assert rewrite(file(*LINES), suggestion) == Rewrite(first=first, last=last, text=text)


@pytest.mark.parametrize(
    "suggestion",
    [
        pytest.param(None, id="none"),
        pytest.param(edits(((2, 1), (3, 1), ""), safe=False), id="not safe"),
        pytest.param(edits(), id="no edits"),
        pytest.param(edits(((1, 1), (1, 2), "")), id="a line that the change did not write"),
        pytest.param(edits(((1, 1), (2, 2), "")), id="one that it wrote and one that it did not"),
        pytest.param(edits(((9, 1), (9, 2), "")), id="a line that is not shown"),
        pytest.param(edits(((4, 1), (4, 99), "")), id="a column behind the line"),
        pytest.param(edits(((4, 0), (4, 2), "")), id="a column before it"),
        pytest.param(edits(((4, 5), (4, 2), "")), id="an end before the start"),
        pytest.param(edits(((4, 1), (4, 4), "a"), ((4, 2), (4, 5), "b")), id="overlapping"),
        pytest.param(edits(((4, 5), (4, 6), "1")), id="no change"),
        pytest.param(edits(((4, 5), (5, 1), "1 ")), id="a line end lost"),
        pytest.param(edits(((4, 5), (4, 6), "\u202e1")), id="what nobody sees"),
        pytest.param(edits(((4, 5), (4, 6), "\r\n")), id="another line end"),
        pytest.param(edits(((4, 5), (4, 6), "1" * 5000)), id="too long to read"),
    ],
)
def test_any_other_suggestion_is_nothing_to_click(suggestion: Suggestion | None) -> None:
    assert rewrite(file(*LINES), suggestion) is None


def test_a_file_with_other_line_ends_is_left_alone() -> None:
    assert rewrite(file("x = 1\r"), edits(((2, 5), (2, 6), "2"))) is None


PLACES = st.tuples(st.integers(0, 8), st.integers(0, 12))


@given(st.lists(st.tuples(PLACES, PLACES, st.text("ab\n\r`", max_size=4)), max_size=3))
def test_no_suggestion_whatever_its_numbers_leaves_the_written_lines(
    each: list[tuple[tuple[int, int], tuple[int, int], str]],
) -> None:
    found = rewrite(file(*LINES), edits(*each))

    if found is not None:
        assert 2 <= found.first <= found.last <= 5
        assert found.text is None or not found.text.endswith("\n\n\n\n")
