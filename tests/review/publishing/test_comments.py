"""A comment that stands is kept, closed or opened again; it is never said twice."""

from dataclasses import replace

import pytest

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import CloseComment, ReopenComment
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.posted import Posted
from reviewbot.review.publishing import plan
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow, NodeRow, SuppressedRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import BYLINE, NOTHING, ident, report, row, situation

WORDS = GitHubWords()
SUPPRESSED = SuppressedRow(
    id=ident(1),
    tool="ruff",
    rule="F1",
    message="finding 1",
    severity="warning",
    path="a.py",
    line=2,
    by="a comment",
    reason="it is a test",
    new=True,
)


def after_one_comment() -> Forge:
    """A pull request with a comment on finding 1."""
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)])), WORDS, BYLINE))
    forge.push()
    return forge


def closings(found: Report, posted: Posted) -> list[CloseComment]:
    steps = plan(situation(found, posted, push=1), WORDS, BYLINE).steps
    return [each for each in steps if isinstance(each, CloseComment)]


def unread(path: str | None, node: str = "lint", *, blocking: bool = True) -> Report:
    """A clean report that could not look at something."""
    return report(gaps=[GapRow(path=path, node=node, reason="odd", blocking=blocking)])


def with_lint(status: str) -> Report:
    return replace(report(), nodes=(NodeRow(name="lint", status=status),))


@pytest.mark.feature("G10")
def test_a_fixed_finding_is_closed_once_and_keeps_what_it_said() -> None:
    forge = after_one_comment()

    (closing,) = closings(report(), forge.posted)
    assert "✅ **Fixed** in [`2222222`]" in closing.body
    assert "~~🟡 **finding 1**~~" in closing.body

    forge.perform(plan(situation(report(), forge.posted, push=1), WORDS, BYLINE))
    assert closings(report(), forge.posted) == []


@pytest.mark.feature("G10")
@pytest.mark.parametrize(
    "found",
    [
        pytest.param(with_lint("failed"), id="its tool failed"),
        pytest.param(with_lint("skipped"), id="its tool was left out"),
        pytest.param(with_lint("rerouted"), id="another tool answered"),
        pytest.param(replace(report(), nodes=()), id="nothing ran"),
        pytest.param(unread("a.py"), id="its file was not read"),
        pytest.param(unread("a.py", ""), id="its file was read by nobody"),
        pytest.param(unread("a.py", blocking=False), id="its file is left out by rule now"),
        pytest.param(unread(None), id="its tool lost something without a name"),
    ],
)
def test_a_finding_that_nobody_looked_for_is_not_fixed(found: Report) -> None:
    assert closings(found, after_one_comment().posted) == []


@pytest.mark.feature("G10")
@pytest.mark.parametrize(
    "found",
    [
        pytest.param(with_lint("cached"), id="a stored answer"),
        pytest.param(unread("b.py"), id="another file was not read"),
        pytest.param(unread("a.py", "types"), id="another tool did not read it"),
        pytest.param(unread(None, "", blocking=False), id="something is always left out"),
    ],
)
def test_a_finding_that_was_looked_for_is(found: Report) -> None:
    assert len(closings(found, after_one_comment().posted)) == 1


@pytest.mark.feature("G10")
@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param(
            replace(with_lint("failed"), suppressed=(SUPPRESSED,)), "Kept aside", id="suppressed"
        ),
        pytest.param(
            replace(with_lint("failed"), findings=(replace(row(1), change="existing"),)),
            "Not of this change",
            id="on the base too",
        ),
    ],
)
def test_a_finding_that_is_there_but_not_introduced_is_not_called_fixed(
    found: Report, words: str
) -> None:
    forge = after_one_comment()
    (closing,) = closings(found, forge.posted)

    assert words in closing.body
    assert "Fixed" not in closing.body
    forge.perform(plan(situation(found, forge.posted, push=1), WORDS, BYLINE))
    assert closings(found, forge.posted) == []


@pytest.mark.feature("G10")
def test_a_renamed_file_that_was_not_read_fixes_nothing_under_its_old_name() -> None:
    moved = Diff(files=(FileDiff(status=FileStatus.RENAMED, path="b.py", old_path="a.py"),))

    steps = plan(
        situation(unread("b.py"), after_one_comment().posted, push=1, diff=moved), WORDS, BYLINE
    ).steps

    assert not any(isinstance(each, CloseComment) for each in steps)


@pytest.mark.feature("G09")
def test_a_finding_that_comes_back_has_its_old_comment_again() -> None:
    forge = after_one_comment()
    forge.perform(plan(situation(report(), forge.posted, push=1), WORDS, BYLINE))
    forge.push()

    found = plan(situation(report([row(1)]), forge.posted, push=2), WORDS, BYLINE)
    done = forge.perform(found)

    assert done == ["ReopenComment", "WriteSummary"]
    (back,) = [each for each in found.steps if isinstance(each, ReopenComment)]
    assert "is back in [`3333333`]" in back.body
    assert [each.closed for each in forge.posted.comments] == [False]


@pytest.mark.feature("G09")
def test_a_comment_that_somebody_deleted_is_not_posted_again() -> None:
    forge = after_one_comment()
    forge.posted = replace(forge.posted, comments=())

    found = plan(situation(report([row(1)]), forge.posted, push=1), WORDS, BYLINE)

    assert forge.perform(found) == ["WriteSummary"]
    assert dict(found.places) == {ident(1): "summary"}


def test_of_two_comments_that_a_lost_answer_made_the_older_stays() -> None:
    forge = after_one_comment()
    (one,) = forge.posted.comments
    twice = replace(forge.posted, comments=(one, replace(one, id=one.id + 50)))

    (closing,) = closings(report([row(1)]), twice)

    assert closing.id == one.id + 50
    assert "Said twice" in closing.body
