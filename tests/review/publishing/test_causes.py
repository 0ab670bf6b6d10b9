"""What one line of the change causes elsewhere has one comment, on that line."""

from dataclasses import replace

import pytest

from reviewbot.review.actions import (
    WriteCheck,
)
from reviewbot.review.classified import CONFIGURATION
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.finding import Severity
from reviewbot.review.publishing import PublishPolicy
from reviewbot.review.rows import CauseRow, FindingRow
from tests.review.publishing.life import QUIET, THREE, Life, inline, names, places
from tests.review.publishing.situations import (
    DIFF,
    caused,
    ident,
    row,
)


@pytest.mark.feature("D06")
def test_findings_of_one_cause_are_one_comment_on_the_line_that_caused_them() -> None:
    done = Life().push(THREE)

    (comment,) = inline(done)
    assert (comment.anchor.path, comment.anchor.line, comment.anchor.side) == ("a.py", 5, "RIGHT")
    assert "**The change of `area` causes 3 findings in 2 files**" in comment.body
    assert all(each.message in comment.body for each in THREE)
    assert "/blob/1111111111111111111111111111111111111111/other.py#L1" in comment.body
    assert places(done) == ["cause"] * 3


@pytest.mark.feature("D06")
def test_two_tools_and_two_groups_with_one_cause_are_one_comment() -> None:
    types = replace(caused(2), node="types", tool="mypy", group="another")

    assert len(inline(Life().push([caused(1), types]))) == 1


@pytest.mark.feature("D06")
def test_a_finding_alone_with_its_cause_gets_the_same() -> None:
    done = Life().push([replace(caused(1), group=None, remediation="Give it a unit.")])

    (comment,) = inline(done)
    assert "**The change of `area` causes 1 finding in 1 file**" in comment.body
    assert "Give it a unit." in comment.body


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        pytest.param(row(1), "inline", id="on a line that the change wrote"),
        pytest.param(
            replace(caused(1, path="a.py"), line=1, group=None),
            "inline",
            id="alone, on a shown line",
        ),
        pytest.param(
            replace(caused(1, path="a.py"), line=1), "cause", id="one of several, on a shown line"
        ),
        pytest.param(replace(caused(1, path="a.py"), line=900), "cause", id="beyond the hunks"),
        pytest.param(
            replace(caused(1), path="\udcff.py"), "cause", id="a path that no one can send"
        ),
        pytest.param(caused(1, at=500), "summary", id="its cause is in no hunk"),
        pytest.param(
            caused(1, at=500, path="a.py", line=900), "file", id="neither is, but the file is there"
        ),
        pytest.param(caused(1, at=None), "summary", id="a whole file is the cause"),
        pytest.param(
            replace(caused(1), cause=CauseRow(path="b.py", line=5)), "summary", id="not in the diff"
        ),
        pytest.param(
            replace(caused(1), cause=CauseRow(path="\udcff.py", line=1)), "summary", id="unsendable"
        ),
        pytest.param(replace(caused(1), group=CONFIGURATION), "summary", id="other settings"),
    ],
)
def test_a_finding_has_the_place_that_is_nearest_to_its_cause(
    finding: FindingRow, place: str
) -> None:
    odd = FileDiff(
        status=FileStatus.ADDED, path="\udcff.py", old_path=None, hunks=DIFF.files[0].hunks
    )

    assert places(Life().push([finding], diff=Diff(files=(*DIFF.files, odd)))) == [place]


@pytest.mark.feature("D10")
def test_a_cause_counts_as_one_comment_and_stands_where_its_worst_finding_does() -> None:
    rows = [*(row(each, line=each) for each in range(10, 15)), caused(1), caused(2, "error")]

    done = Life(replace(QUIET, inline=2)).push(rows)

    assert [len(each.body.splitlines()) > 6 for each in inline(done)] == [True, False]
    assert [done.places[ident(each)] for each in (1, 2, 10, 11)] == [
        *("cause", "cause", "inline", "summary")
    ]


def test_what_is_below_the_threshold_is_not_in_the_list() -> None:
    done = Life(replace(QUIET, inline_severity=Severity.WARNING)).push(
        [caused(1), caused(2, "note")]
    )

    assert places(done) == ["cause", "summary"]
    assert "finding 2" not in inline(done)[0].body


def test_without_room_all_of_a_cause_is_in_the_summary_and_stays_there() -> None:
    life = Life(replace(QUIET, inline=1))
    life.push([row(9, "error"), *THREE])

    done = life.push(THREE)

    assert places(done) == ["summary"] * 3
    assert names(done) == ["CloseComment", "WriteSummary"]


@pytest.mark.feature("G09")
def test_a_finding_with_a_comment_of_its_own_does_not_move_to_its_cause() -> None:
    life = Life()
    life.push([row(1)])

    done = life.push([caused(1), caused(2)])

    assert done.places == {ident(1): "standing", ident(2): "cause"}
    assert "causes 1 finding" in inline(done)[0].body


def test_two_lines_of_one_symbol_are_two_comments_with_two_keys() -> None:
    life = Life()
    done = life.push([caused(1), caused(2, at=9)])

    first, second = inline(done)
    assert first.key != second.key
    assert names(life.push([caused(2, at=9)])) == ["CloseComment", "WriteSummary"]


def test_causes_without_a_name_are_told_apart() -> None:
    done = Life().push([caused(1, symbol=""), caused(2, symbol="", at=9)])

    first, second = inline(done)
    assert first.key != second.key
    assert "**This change causes 1 finding in 1 file**" in first.body


def test_what_a_comment_on_its_cause_tells_is_not_annotated_too() -> None:
    done = Life(PublishPolicy(labels=False)).push([*THREE, row(7, path="far.py")])

    (check,) = [each for each in done.steps if isinstance(each, WriteCheck)]
    assert [each.message for each in check.annotations] == ["finding 7"]
