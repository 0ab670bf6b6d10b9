"""Every comment is on a line that the forge accepts, by the forge's own rules."""

import difflib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.review.actions import Anchor
from reviewbot.review.diff import Diff, FileDiff, FileStatus, parse_hunks
from reviewbot.review.publishing import PublishPolicy
from reviewbot.review.publishing.anchors import Side, anchor
from reviewbot.review.publishing.placing import Told, place, places
from tests.review.publishing.situations import SEVERITIES, Severity, report, row, situation

_LINES = st.lists(
    st.sampled_from(["a", "b", "c\r", "", "--- x", "+++ y", "@@ -1 +1 @@", "\x0c"]), max_size=30
)
_NO_END = "\\ No newline at end of file"
_EXAMPLES = 1000


class Shown:
    """What the forge shows of a file, read off the text of the diff without our parser."""

    def __init__(self, text: str, status: FileStatus) -> None:
        self.hunks: list[dict[Side, set[int]]] = []
        base = head = 0
        for line in text.split("\n"):
            if line.startswith("@@ -") and line.count("@@") >= 2 and not self._inside(base, head):
                old, new = line.split(" ")[1:3]
                self._ends = [_end(old), _end(new)]
                base, head = _start(old), _start(new)
                self.hunks.append({"LEFT": set(), "RIGHT": set()})
            elif line.startswith("-"):
                if status is not FileStatus.COPIED:
                    self.hunks[-1]["LEFT"].add(base)
                base += 1
            elif line.startswith("+"):
                self.hunks[-1]["RIGHT"].add(head)
                head += 1
            elif line.startswith(" "):
                self.hunks[-1]["RIGHT"].add(head)
                base, head = base + 1, head + 1

    def _inside(self, base: int, head: int) -> bool:
        return bool(self.hunks) and (base < self._ends[0] or head < self._ends[1])

    def accepts(self, wanted: Anchor) -> bool:
        """GitHub's rules: in a hunk; a range has its start before its end, both in one hunk."""
        first = wanted.line if wanted.start_line is None else wanted.start_line
        if wanted.start_line is not None and not wanted.start_line < wanted.line:
            return False
        return any({first, wanted.line} <= hunk[wanted.side] for hunk in self.hunks)

    def meets(self, first: int, last: int, side: Side) -> bool:
        return any(first <= line <= last for hunk in self.hunks for line in hunk[side])


def _start(numbers: str) -> int:
    start, _, count = numbers[1:].partition(",")
    return int(start) + (count == "0")


def _end(numbers: str) -> int:
    _, _, count = numbers[1:].partition(",")
    return _start(numbers) + int(count or 1)


@st.composite
def shown_files(draw: st.DrawFn) -> tuple[FileDiff, Shown]:
    """A file of a diff as any program may write it, and what the forge shows of it."""
    status = draw(st.sampled_from(FileStatus))
    base: list[str] = [] if status is FileStatus.ADDED else draw(_LINES)
    head: list[str] = [] if status is FileStatus.DELETED else draw(_LINES)
    context = draw(st.integers(0, 3))
    written = list(difflib.unified_diff(base, head, "a", "b", n=context, lineterm=""))[2:]
    if draw(st.booleans()) and written:
        written.append(_NO_END)
    text = "".join(f"{line}\n" for line in written)
    binary = draw(st.integers(0, 9)) == 0
    text = "" if binary else text
    path = draw(st.sampled_from(["a.py", "b b/x.py", "\udcff.py"]))
    return (
        FileDiff(
            status=status,
            path=path,
            old_path=None if status is FileStatus.ADDED else "old.py",
            hunks=parse_hunks(text),
            unreadable="binary" if binary else "",
        ),
        Shown(text, status),
    )


@pytest.mark.feature("G04")
@settings(max_examples=_EXAMPLES)
@given(shown_files(), st.integers(1, 35), st.integers(0, 12), st.sampled_from(("LEFT", "RIGHT")))
def test_a_comment_is_on_lines_that_are_shown_and_only_those_of_its_finding(
    drawn: tuple[FileDiff, Shown], first: int, more: int, side: Side
) -> None:
    file, shown = drawn
    last = first + more
    found = anchor(file, first, last, side)

    if found is None:
        assert not shown.meets(first, last, side) or "\udcff" in file.path
        return
    assert shown.accepts(found)
    assert first <= (found.start_line or found.line) <= found.line <= last


@pytest.mark.feature("G04")
@settings(max_examples=200)
@given(
    st.lists(shown_files(), max_size=3, unique_by=lambda each: each[0].path),
    st.lists(
        st.tuples(
            st.sampled_from(["a.py", "b b/x.py", "\udcff.py", "untouched.py"]),
            st.none() | st.integers(1, 35),
            st.sampled_from(SEVERITIES),
        ),
        max_size=45,
    ),
    st.integers(0, 40),
)
def test_every_finding_is_said_in_exactly_one_place(
    drawn: list[tuple[FileDiff, Shown]],
    wanted: list[tuple[str, int | None, Severity]],
    cap: int,
) -> None:
    diff = Diff(files=tuple(file for file, _ in drawn))
    shown = {file.path: seen for file, seen in drawn}
    rows = [
        row(number, severity, path=path, line=line)
        for number, (path, line, severity) in enumerate(wanted)
    ]
    here = situation(report(rows), policy=PublishPolicy(inline=cap), diff=diff)
    placed = place(here, Told())

    assert sorted(each.row.id for each in placed) == sorted(each.id for each in rows)
    assert places(here, placed).keys() == {each.id for each in rows}
    inline = [each for each in placed if each.place == "inline"]
    assert len(inline) <= min(cap, 30)
    assert sum(each.place == "file" for each in placed) <= 3
    for each in inline:
        assert each.anchor is not None
        assert shown[each.anchor.path].accepts(each.anchor)


HUNKS = parse_hunks("@@ -1,2 +1,3 @@\n a\n+b\n c\n@@ -10,2 +11,2 @@\n-x\n-y\n+z\n+w\n")
FILE = FileDiff(status=FileStatus.MODIFIED, path="a.py", old_path="a.py", hunks=HUNKS)


@pytest.mark.feature("G05")
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(2, 2, (None, 2), id="one line"),
        pytest.param(1, 3, (1, 3), id="a range inside one hunk"),
        pytest.param(2, 12, (11, 12), id="over two hunks: that of its end"),
        pytest.param(3, 8, (None, 3), id="an end outside: what is inside"),
        pytest.param(5, 9, None, id="between the hunks: no nearest line"),
        pytest.param(12, 99, (None, 12), id="beyond the last hunk"),
    ],
)
def test_a_range_is_cut_to_one_hunk(
    first: int, last: int, expected: tuple[int | None, int] | None
) -> None:
    found = anchor(FILE, first, last)

    assert (found and (found.start_line, found.line)) == expected


def test_a_removed_line_is_on_the_left_and_a_copy_has_none() -> None:
    assert anchor(FILE, 10, 11, "LEFT") == Anchor(path="a.py", line=11, side="LEFT", start_line=10)
    assert anchor(FILE, 1, 2, "LEFT") is None
    assert anchor(replace(FILE, status=FileStatus.COPIED), 10, 11, "LEFT") is None
