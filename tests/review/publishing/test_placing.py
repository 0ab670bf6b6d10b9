"""Where a finding is said, and what one click may replace there."""

from dataclasses import replace

import pytest

from reviewbot.review.classified import CONFIGURATION
from reviewbot.review.diff import Diff, FileDiff, FileStatus, parse_hunks
from reviewbot.review.finding import Replacement, Suggestion
from reviewbot.review.publishing import PublishPolicy
from reviewbot.review.publishing.placing import Placed, Told, place
from reviewbot.review.rows import FindingRow
from tests.review.publishing.situations import DIFF, ident, report, row, situation

FIXED = replace(
    row(1, line=4),
    suggestion=Suggestion(
        description="Delete it",
        edits=(Replacement(start=(4, 1), end=(6, 1), text=""),),
        safe=True,
    ),
)


def only(finding: FindingRow, *, diff: Diff = DIFF, from_artifact: bool = False) -> Placed:
    policy = PublishPolicy(from_artifact=from_artifact)
    (placed,) = place(situation(report([finding]), policy=policy, diff=diff), Told())
    return placed


@pytest.mark.feature("G05")
def test_what_one_click_replaces_is_exactly_what_the_comment_is_on() -> None:
    placed = only(FIXED)

    assert placed.anchor is not None
    assert placed.rewrite is not None
    assert (placed.anchor.start_line, placed.anchor.line) == (4, 5)
    assert (placed.rewrite.first, placed.rewrite.last) == (4, 5)


@pytest.mark.feature("G05")
@pytest.mark.parametrize(
    "placed",
    [
        pytest.param(only(FIXED, from_artifact=True), id="somebody else could have written it"),
        pytest.param(only(replace(FIXED, line=9)), id="it replaces other lines than its finding's"),
    ],
)
def test_there_is_nothing_to_click(placed: Placed) -> None:
    assert placed.place == "inline"
    assert placed.rewrite is None


@pytest.mark.feature("G05")
def test_nothing_is_replaced_across_two_hunks() -> None:
    hunks = parse_hunks("@@ -3,0 +4 @@\n+a\n@@ -4,0 +5 @@\n+b\n")
    file = FileDiff(status=FileStatus.MODIFIED, path="a.py", old_path="a.py", hunks=hunks)

    placed = only(FIXED, diff=Diff(files=(file,)))

    assert placed.rewrite is None
    assert placed.anchor is not None
    assert (placed.anchor.start_line, placed.anchor.line) == (None, 4)


def test_what_only_other_settings_bring_is_charged_to_no_line() -> None:
    assert only(replace(row(1), group=CONFIGURATION)).place == "summary"


@pytest.mark.feature("D10")
def test_comments_that_are_open_count_towards_the_most() -> None:
    rows = [row(number, line=number) for number in range(1, 10)]
    here = situation(report(rows), policy=PublishPolicy(inline=5))

    placed = place(here, Told(standing={ident(each): ident(each) for each in (1, 2, 3)}))

    assert [each.place for each in placed] == ["standing"] * 3 + ["inline"] * 2 + ["summary"] * 4
