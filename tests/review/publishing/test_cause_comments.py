"""A comment on a cause lists what is found, and is closed when none of it is left."""

from dataclasses import replace

import pytest

from reviewbot.review.actions import (
    CloseComment,
    EditComment,
    ReopenComment,
)
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, FindingRow, GapRow, NodeRow, SuppressedRow
from tests.review.publishing.life import THREE, Life, inline, names, places, summary
from tests.review.publishing.situations import (
    caused,
    ident,
    report,
)

KEPT_ASIDE = SuppressedRow(
    id=ident(1),
    tool="ruff",
    rule="F1",
    message="finding 1",
    severity="warning",
    path="far.py",
    line=1,
    by="a comment",
    reason="it is a test",
    new=True,
)


@pytest.mark.feature("R14")
def test_pushes_that_change_nothing_edit_nothing_but_the_summary() -> None:
    life = Life()
    life.push(THREE)
    said = life.bodies
    for shift in range(1, 6):
        moved = [
            replace(each, line=shift, cause=CauseRow(path="a.py", line=5 + shift, symbol="area"))
            for each in reversed(THREE)
        ]
        assert names(life.push(moved)) == ["WriteSummary"]
        assert names(life.again(moved)) == []

    assert life.bodies == said


@pytest.mark.feature("G09")
def test_the_list_follows_the_findings_in_one_comment() -> None:
    life = Life()
    life.push(THREE[:1])
    added = life.push(THREE)
    fewer = life.push(THREE[1:])
    gone = life.push([])
    back = life.push(THREE[:1])

    assert [names(each) for each in (added, fewer, gone, back)] == [
        ["EditComment", "WriteSummary"],
        ["EditComment", "WriteSummary"],
        ["CloseComment", "WriteSummary"],
        ["ReopenComment", "WriteSummary"],
    ]
    assert places(added) == ["standing"] * 3
    (body,) = life.bodies
    assert "is back in" in body
    assert "causes 1 finding in 1 file" in body


@pytest.mark.feature("G10")
def test_a_cause_is_closed_when_the_last_of_its_findings_is_gone_and_keeps_what_it_said() -> None:
    life = Life()
    life.push(THREE)

    (closing,) = [each for each in life.push([]).steps if isinstance(each, CloseComment)]

    assert "✅ **Fixed** in [`2222222`]" in closing.body
    assert "~~🟡 **The change of `area` causes 3 findings in 2 files**~~" in closing.body
    assert names(life.again([])) == []


@pytest.mark.feature("G10")
@pytest.mark.parametrize(
    "found",
    [
        pytest.param(replace(report(), nodes=(NodeRow(name="lint", status="failed"),)), id="tool"),
        pytest.param(
            report(gaps=[GapRow(path="other.py", node="lint", reason="odd", blocking=True)]),
            id="one file of two",
        ),
    ],
)
def test_a_cause_is_open_while_nobody_looked_for_all_of_its_findings(found: Report) -> None:
    life = Life()
    life.push(THREE)

    assert names(life.push(found)) == ["WriteSummary"]


@pytest.mark.feature("G10")
def test_what_nobody_looked_for_is_kept_in_mind_and_said_when_the_list_changes() -> None:
    life = Life()
    life.push(THREE)
    unread = GapRow(path="other.py", node="lint", reason="odd", blocking=True)

    flaky = life.push(report([THREE[0], THREE[2]], gaps=[unread]))
    changed = life.push(report([THREE[0]], gaps=[unread]))
    mended = life.push([THREE[1]])

    assert names(flaky) == ["WriteSummary"]
    (edit,) = [each for each in changed.steps if isinstance(each, EditComment)]
    assert "causes 1 finding in 1 file" in edit.body
    assert "1 more finding stood here; nobody looked for it in [`3333333`]" in edit.body
    (again,) = [each for each in mended.steps if isinstance(each, EditComment)]
    assert "nobody looked" not in again.body
    assert names(life.push([])) == ["CloseComment", "WriteSummary"]


@pytest.mark.feature("G10")
def test_what_was_not_looked_for_and_then_is_gone_leaves_no_word_behind() -> None:
    life = Life()
    life.push(THREE)
    unread = GapRow(path="other.py", node="lint", reason="odd", blocking=True)
    life.push(report([THREE[0]], gaps=[unread]))

    assert names(life.push([THREE[0]])) == ["EditComment", "WriteSummary"]
    assert "nobody looked" not in life.bodies[0]


@pytest.mark.feature("G10")
@pytest.mark.parametrize(
    ("before", "found", "words"),
    [
        (THREE[:1], replace(report(), suppressed=(KEPT_ASIDE,)), "**Kept aside**"),
        (THREE, replace(report(), suppressed=(KEPT_ASIDE,)), "**Nothing left**"),
        (THREE[:1], report([replace(THREE[0], change="existing")]), "**Not of this change**"),
    ],
)
def test_what_is_gone_in_another_way_is_not_called_fixed(
    before: tuple[FindingRow, ...], found: Report, words: str
) -> None:
    life = Life()
    life.push(before)

    (closing,) = [each for each in life.push(found).steps if isinstance(each, CloseComment)]

    assert words in closing.body
    assert "**Fixed**" not in closing.body


@pytest.mark.feature("G09")
def test_another_list_for_the_same_change_is_the_same_comment() -> None:
    """A second try at the same signature is no second comment."""
    life = Life()
    life.push([caused(1), caused(2)])

    assert names(life.push([caused(3, at=7), caused(4, at=7)])) == ["EditComment", "WriteSummary"]


@pytest.mark.feature("G09")
def test_a_finding_whose_line_is_changed_later_stays_where_it_is_said() -> None:
    life = Life()
    life.push(THREE)
    own = replace(THREE[0], in_diff=True, cause=None, group=None, path="a.py", line=9)

    done = life.push([own, *THREE[1:]])

    assert places(done) == ["standing"] * 3
    assert names(done) == ["WriteSummary"]


@pytest.mark.feature("G09")
def test_a_cause_whose_comment_somebody_deleted_is_told_in_the_summary() -> None:
    life = Life()
    life.push(THREE[:2])
    life.push(THREE)
    life.forge.posted = replace(life.forge.posted, comments=())

    done = life.push([*THREE, caused(4)])

    assert names(done) == ["WriteSummary"]
    assert places(done) == ["summary"] * 4


@pytest.mark.feature("G09")
def test_what_was_added_to_a_comment_that_somebody_deleted_is_not_posted_again() -> None:
    life = Life()
    life.push([caused(1, symbol="")])
    life.push([caused(1, symbol=""), caused(2, symbol="")])
    life.forge.posted = replace(life.forge.posted, comments=())

    assert places(life.push([caused(2, symbol="")])) == ["summary"]


def test_of_two_comments_that_two_runs_made_each_finding_is_in_one() -> None:
    one, other = Life(), Life()
    one.push([caused(1, symbol=""), caused(2, symbol="")])
    other.push([caused(2, symbol=""), caused(3, symbol="")])
    (second,) = other.forge.posted.comments
    kept = one.forge.posted
    one.forge.posted = replace(kept, comments=(*kept.comments, replace(second, id=900)))

    done = one.push([caused(each, symbol="") for each in (1, 2, 3)])

    (edit,) = [each for each in done.steps if isinstance(each, EditComment)]
    assert edit.id == 900
    assert "finding 3" in edit.body
    assert "finding 2" not in edit.body


def test_of_two_comments_that_two_runs_made_of_the_same_the_newer_is_closed() -> None:
    one, other = Life(), Life()
    one.push([caused(1, symbol=""), caused(2, symbol="")])
    other.push([caused(2, symbol="")])
    (second,) = other.forge.posted.comments
    kept = one.forge.posted
    one.forge.posted = replace(kept, comments=(*kept.comments, replace(second, id=900)))

    done = one.push([caused(1, symbol=""), caused(2, symbol="")])

    (closing,) = [each for each in done.steps if isinstance(each, CloseComment)]
    assert closing.id == 900
    assert "Said twice" in closing.body


def test_more_findings_than_a_marker_remembers_are_one_comment_that_does_not_flicker() -> None:
    life = Life()
    many = [caused(each) for each in range(300)]
    (comment,) = inline(life.push(many))

    assert comment.body.count("\n| 🟡 |") == 300
    assert "<details><summary>Findings (300)</summary>" in comment.body
    assert places(life.again(many)) == ["standing"] * 300
    assert names(life.push(many)) == ["WriteSummary"]
    assert names(life.push(many[:150])) == ["EditComment", "WriteSummary"]
    lost = replace(report(), nodes=(NodeRow(name="lint", status="failed"),))
    assert names(life.push(lost)) == ["WriteSummary"]
    assert names(life.push([])) == ["CloseComment", "WriteSummary"]
    back = life.push(many[:2])
    assert [type(each) for each in back.steps][:1] == [ReopenComment]


def test_a_list_that_is_not_remembered_to_its_end_is_closed_by_a_complete_review_alone() -> None:
    life = Life()
    life.push([caused(each, path=f"far{each}.py") for each in range(300)])
    unread = GapRow(path="far299.py", node="lint", reason="odd", blocking=True)

    assert names(life.push(report(gaps=[unread]))) == ["WriteSummary"]
    assert names(life.push([])) == ["CloseComment", "WriteSummary"]


@pytest.mark.feature("G08")
def test_what_is_new_is_counted_whichever_comment_tells_it() -> None:
    life = Life()
    life.push(THREE[:2])
    more = life.push([*THREE, caused(4, at=9, symbol="other")])
    life.again([*THREE[:2], caused(5), caused(4, at=9, symbol="other")])
    same = life.push([*THREE[:2], caused(5), caused(4, at=9, symbol="other")])
    life.push([])
    back = life.push(THREE[:1])

    assert "2 new since [`1111111`]" in summary(more)
    assert "4 findings in comments" in summary(more)
    assert "nothing new since [`2222222`]" in summary(same)
    assert "1 new since [`4444444`]" in summary(back)
