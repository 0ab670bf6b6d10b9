"""What one line of the change causes elsewhere has one comment, on that line."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import (
    Actions,
    CloseComment,
    EditComment,
    InlineComment,
    ReopenComment,
    SubmitReview,
    WriteCheck,
    WriteSummary,
)
from reviewbot.review.classified import CONFIGURATION
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.finding import Severity
from reviewbot.review.publishing import PublishPolicy, plan
from reviewbot.review.publishing.cause_memory import CauseMemory
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, FindingRow, GapRow, NodeRow, SuppressedRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import (
    BYLINE,
    DIFF,
    NOTHING,
    caused,
    ident,
    report,
    row,
    situation,
)

WORDS = GitHubWords()
QUIET = PublishPolicy(check_run=False, labels=False)
THREE = (caused(1), caused(2, path="other.py"), caused(3))
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


class Life:
    """The pushes to one pull request."""

    def __init__(self, policy: PublishPolicy = QUIET) -> None:
        self.forge = Forge(NOTHING)
        self._policy = policy
        self._push = -1

    def push(self, found: Report | Iterable[FindingRow], *, diff: Diff = DIFF) -> Actions:
        """A new head, and what is done about it."""
        self._push += 1
        self.forge.push()
        return self.again(found, diff=diff)

    def again(self, found: Report | Iterable[FindingRow], *, diff: Diff = DIFF) -> Actions:
        """The same head once more."""
        said = found if isinstance(found, Report) else report(found)
        here = situation(said, self.forge.posted, self._policy, push=self._push, diff=diff)
        done = plan(here, WORDS, BYLINE)
        self.forge.perform(done)
        return done

    @property
    def bodies(self) -> list[str]:
        """What comments say."""
        return [each.body for each in self.forge.posted.comments]


def inline(done: Actions) -> list[InlineComment]:
    return [each for step in done.steps if isinstance(step, SubmitReview) for each in step.comments]


def names(done: Actions) -> list[str]:
    return [type(each).__name__ for each in done.steps]


def places(done: Actions) -> list[str]:
    return list(done.places.values())


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
def test_a_finding_with_a_comment_of_its_own_does_not_move_to_its_cause() -> None:
    life = Life()
    life.push([row(1)])

    done = life.push([caused(1), caused(2)])

    assert done.places == {ident(1): "standing", ident(2): "cause"}
    assert "causes 1 finding" in inline(done)[0].body


@pytest.mark.feature("G09")
def test_a_cause_whose_comment_somebody_deleted_is_told_in_the_summary() -> None:
    life = Life()
    life.push(THREE[:2])
    life.push(THREE)
    life.forge.posted = replace(life.forge.posted, comments=())

    done = life.push([*THREE, caused(4)])

    assert names(done) == ["WriteSummary"]
    assert places(done) == ["summary"] * 4


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


def test_what_a_comment_on_its_cause_tells_is_not_annotated_too() -> None:
    done = Life(PublishPolicy(labels=False)).push([*THREE, row(7, path="far.py")])

    (check,) = [each for each in done.steps if isinstance(each, WriteCheck)]
    assert [each.message for each in check.annotations] == ["finding 7"]


def test_what_is_new_is_counted_whichever_comment_tells_it() -> None:
    life = Life()
    life.push(THREE[:2])

    done = life.push([*THREE, caused(4, at=9, symbol="other")])

    (written,) = [each for each in done.steps if isinstance(each, WriteSummary)]
    assert "2 new since [`1111111`]" in written.body
    assert "4 findings in comments" in written.body


@pytest.mark.parametrize("data", ["", "abcdef01", "c105ed", ",", "aa,bb.cc,dd.ee.ff.aa"])
def test_a_marker_of_another_form_remembers_no_more_than_it_says(data: str) -> None:
    memory = CauseMemory.parse(data)

    assert memory is None or (memory.listed, memory.former) == (frozenset(), frozenset())
