import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.diff import Diff, FileDiff, FileStatus, PatchGarbled, parse_hunks

Lines = st.lists(st.sampled_from(["a", "b", "", "\r", "--- x", "+++ y", "@@ -1 +1 @@", "\x0c"]))
CONTEXT = st.integers(min_value=0, max_value=3)


def made(base: list[str], head: list[str], context: int = 3) -> FileDiff:
    """The difference of two files, as a diff program writes it and as we read it."""
    written = difflib.unified_diff(base, head, "a/f", "b/f", n=context, lineterm="")
    text = "".join(f"{line}\n" for line in list(written)[2:])
    return FileDiff(status=FileStatus.MODIFIED, path="f", old_path="f", hunks=parse_hunks(text))


def unchanged(base: list[str], head: list[str]) -> dict[int, int]:
    """Head line → base line of every line that stayed, line by line."""
    matcher = difflib.SequenceMatcher(None, base, head)
    return {
        block.b + offset + 1: block.a + offset + 1
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
    }


@given(base=Lines, head=Lines, context=CONTEXT)
def test_every_head_line_was_the_base_line_that_it_equals(
    base: list[str], head: list[str], context: int
) -> None:
    file = made(base, head, context)
    stayed = unchanged(base, head)
    for line in range(1, len(head) + 1):
        assert file.base_line(line) == stayed.get(line)


@given(base=Lines, head=Lines, context=CONTEXT)
def test_added_lines_are_the_rest_and_hold_what_was_written(
    base: list[str], head: list[str], context: int
) -> None:
    file = made(base, head, context)
    assert file.added_lines == set(range(1, len(head) + 1)) - unchanged(base, head).keys()
    written = [text for hunk in file.hunks for sign, text in hunk.lines if sign == "+"]
    assert written == [head[line - 1] for line in sorted(file.added_lines)]


@given(base=Lines, head=Lines)
def test_edits_tell_the_whole_change(base: list[str], head: list[str]) -> None:
    made_up, at = [], 0
    for edit in made(base, head).edits:
        start = edit.base_start - (edit.base_count > 0)
        first = edit.head_start - (edit.head_count > 0)
        made_up += base[at:start] + head[first : first + edit.head_count]
        at = start + edit.base_count
    assert made_up + base[at:] == head


@pytest.mark.parametrize(
    ("base", "head", "expected"),
    [
        ("ab", "xab", [None, 1, 2]),
        ("xab", "ab", [2, 3]),
        ("ab", "abx", [1, 2, None]),
        ("abx", "ab", [1, 2]),
        ("", "ab", [None, None]),
        ("ab", "", []),
        ("abc", "axc", [1, None, 3]),
        ("abcdefghi", "bcdefghix", [2, 3, 4, 5, 6, 7, 8, 9, None]),
    ],
)
def test_a_line_map_at_the_edges(base: str, head: str, expected: list[int | None]) -> None:
    file = made(list(base), list(head), 0)
    assert [file.base_line(line) for line in range(1, len(head) + 1)] == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"@@ -{'9' * 5000} +1 @@\n-a\n+b\n", id="a number of 5000 digits"),
        pytest.param("@@ -1,3 +1,3 @@\n a\n", id="too few lines"),
        pytest.param("@@ -1 +1,999999999 @@\n-a\n+b\n", id="a huge length"),
        pytest.param("@@ -1 +1 @@\n-a\nb\n", id="a line without a sign"),
        pytest.param("@@ -x +1 @@\n-a\n+b\n", id="a header without numbers"),
        pytest.param("@@@ -1 -1 +1 @@@\n--a\n++b\n", id="a combined diff"),
        pytest.param(
            "@@ -1 +1 @@\n-a\n+b\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n", id="two files"
        ),
        pytest.param("<html>captive portal</html>", id="a web page"),
        pytest.param('{"message": "Not Found"}', id="a JSON error"),
    ],
)
def test_what_is_no_diff_of_one_file_is_an_error(text: str) -> None:
    with pytest.raises(PatchGarbled):
        parse_hunks(text)


def test_an_empty_text_has_no_hunks() -> None:
    assert parse_hunks("") == ()


def test_a_missing_line_end_is_no_line() -> None:
    marker = "\\ No newline at end of file\n"
    (hunk,) = parse_hunks(f"@@ -1 +1 @@\n-a\n{marker}+b\n{marker}")
    assert hunk.lines == (("-", "a"), ("+", "b"))
    assert [(each.base_count, each.head_count) for each in hunk.edits] == [(1, 1)]


def test_a_diff_maps_paths() -> None:
    renamed = FileDiff(status=FileStatus.RENAMED, path="new.py", old_path="old.py")
    added = FileDiff(status=FileStatus.ADDED, path="added.py", old_path=None)
    diff = Diff(files=(renamed, added))
    assert diff.old_path("new.py") == "old.py"
    assert diff.old_path("added.py") is None
    assert diff.old_path("untouched.py") == "untouched.py"
    assert diff.file("untouched.py") is None
