"""The check run and the summary's memory."""

from dataclasses import replace

import pytest

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import WriteCheck, WriteSummary
from reviewbot.review.posted import Posted
from reviewbot.review.publishing import PublishPolicy, Situation, plan
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import BYLINE, NOTHING, report, row, situation

WORDS = GitHubWords()
CHECKING = PublishPolicy(labels=False)
LOST = GapRow(path="a.py", node="lint", reason="odd", blocking=True)


def check(found: Report, posted: Posted = NOTHING) -> WriteCheck:
    steps = plan(situation(found, posted, CHECKING), WORDS, BYLINE).steps
    (written,) = [each for each in steps if isinstance(each, WriteCheck)]
    return written


@pytest.mark.feature("G12")
@pytest.mark.parametrize(
    ("found", "conclusion"),
    [
        pytest.param(report(), "success", id="clean"),
        pytest.param(report([row(1)]), "success", id="something to look at"),
        pytest.param(report([row(1, "error")], blocking=[1]), "failure", id="blocking"),
        pytest.param(report(gaps=[LOST]), "neutral", id="incomplete"),
        pytest.param(
            replace(
                report(gaps=[LOST]),
                verdict=replace(report(gaps=[LOST]).verdict, decision="REQUEST_CHANGES"),
            ),
            "failure",
            id="incomplete, and the policy blocks that",
        ),
    ],
)
def test_the_check_concludes_as_the_verdict_does(found: Report, conclusion: str) -> None:
    assert check(found).conclusion == conclusion


@pytest.mark.feature("G12")
def test_only_what_has_no_comment_is_annotated_and_not_without_end() -> None:
    rows = [row(number, line=number) for number in range(1, 150)]
    odd = [row(900, path="\udcff.py"), row(901, path="far.py", line=None)]

    written = check(report([*odd, *rows]))

    assert len(written.annotations) == 100
    shown = {each.message for each in written.annotations}
    assert {"finding 1", "finding 20", "finding 900", "finding 901"}.isdisjoint(shown)
    assert {each.level for each in written.annotations} == {"warning"}
    assert all(each.end_line >= each.start_line > 0 for each in written.annotations)


@pytest.mark.feature("G12")
def test_a_check_that_stands_is_updated_when_there_is_something_to_say() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)]), policy=CHECKING), WORDS, BYLINE))

    assert plan(situation(report([row(1)]), forge.posted, CHECKING), WORDS, BYLINE).steps == ()
    assert check(report(), forge.posted).edits == forge.posted.check_run


@pytest.mark.feature("G12")
def test_a_check_that_could_not_be_written_is_written_by_the_next_run() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)]), policy=CHECKING), WORDS, BYLINE))
    forge.posted = replace(forge.posted, check_run=None)

    again = plan(situation(report([row(1)]), forge.posted, CHECKING), WORDS, BYLINE)

    assert forge.perform(again) == ["WriteCheck"]


def summary(here: Situation) -> WriteSummary:
    steps = plan(here, WORDS, BYLINE).steps
    (written,) = [each for each in steps if isinstance(each, WriteSummary)]
    return written


@pytest.mark.feature("G08")
def test_a_finding_that_came_back_is_new() -> None:
    forge = Forge(NOTHING)
    for push, rows in enumerate(([row(1)], [])):
        forge.perform(plan(situation(report(rows), forge.posted, push=push), WORDS, BYLINE))

    assert "1 new since" in summary(situation(report([row(1)]), forge.posted, push=2)).body


@pytest.mark.feature("G08")
def test_no_number_is_named_when_more_was_known_than_is_remembered() -> None:
    forge = Forge(NOTHING)
    many = report([row(number, path="far.py") for number in range(500)])
    forge.perform(plan(situation(many), WORDS, BYLINE))

    assert "since" not in summary(situation(report(), forge.posted, push=1)).body


def test_whoever_wants_no_summary_gets_none() -> None:
    policy = PublishPolicy(summary=False, check_run=False, labels=False)

    assert plan(situation(report(), policy=policy), WORDS, BYLINE).steps == ()
