"""Publishing twice changes nothing the second time, and nothing is said twice."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import FoldReview, OpenIssue, SubmitReview, WriteSummary
from reviewbot.review.finding import Severity
from reviewbot.review.posted import PostedSummary
from reviewbot.review.publishing import Byline, PublishPolicy, plan
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow, NodeRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import (
    BYLINE,
    HEADS,
    NOTHING,
    PULL,
    SEVERITIES,
    ident,
    report,
    row,
    situation,
)

WORDS = GitHubWords()
_WARNING = Severity.WARNING
EVERYTHING = PublishPolicy(approve=True, assign_author=True, open_issue=True, merge=True)
OBSTACLES = {
    "closed": replace(PULL, open=False),
    "merged": replace(PULL, merged=True),
    "locked": replace(PULL, locked=True),
    "a draft": replace(PULL, draft=True),
    "held": replace(PULL, labels=("reviewbot:hold",)),
    "at another head": replace(PULL, head="e" * 40),
}


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A review of some findings, placed anywhere, by a node that answered or did not."""
    numbers = draw(st.lists(st.integers(0, 50), unique=True, max_size=40))
    severities = [draw(st.sampled_from(SEVERITIES)) for _ in numbers]
    rows = [
        row(number, severity, line=None if number % 7 == 0 else number)
        for number, severity in zip(numbers, severities, strict=True)
    ]
    blocking = [
        number for number, severity in zip(numbers, severities, strict=True) if severity == "error"
    ]
    status = draw(st.sampled_from(("succeeded", "succeeded", "cached", "failed")))
    gaps = [GapRow(path=None, node="lint", reason="odd", blocking=True)]
    found = report(rows, blocking=blocking, gaps=gaps if status == "failed" else ())
    return replace(found, nodes=(NodeRow(name="lint", status=status),))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 4), reports()), min_size=1, max_size=6))
def test_the_same_again_does_nothing_and_no_finding_is_said_twice(
    found: list[tuple[int, Report]],
) -> None:
    """Whatever is pushed, an earlier head among it, and whichever node fails."""
    forge = Forge(NOTHING)
    for push, each in found:
        forge.push()
        first = plan(situation(each, forge.posted, EVERYTHING, push=push), WORDS, BYLINE)
        forge.perform(first)
        again = plan(situation(each, forge.posted, EVERYTHING, push=push), WORDS, BYLINE)

        assert first.places.keys() == {finding.id for finding in each.findings}
        assert {type(step).__name__ for step in again.steps} <= {"AssignAuthor", "OpenIssue"}
        keys = Counter(comment.marker.key for comment in forge.posted.comments)
        assert max(keys.values(), default=0) <= 1
        live = [comment for comment in forge.posted.comments if not comment.closed]
        assert len(live) <= 30 + 3 * len(found)
    assert len(forge.posted.summaries) == 1


@pytest.mark.feature("G09")
def test_ten_pushes_that_change_nothing_are_ten_edits_of_one_comment() -> None:
    forge = Forge(NOTHING)
    found = report(
        [*(row(number, line=number) for number in range(1, 30)), row(90, line=None)], blocking=()
    )
    first = forge.perform(plan(situation(found), WORDS, BYLINE))
    assert first == ["SubmitReview", "PostFileComment", "WriteSummary"]

    for push in range(1, 11):
        forge.push()
        shaken = found.findings[push:] + found.findings[:push]
        moved = tuple(replace(each, line=each.line and each.line + push % 3) for each in shaken)
        here = situation(replace(found, findings=moved), forge.posted, push=push)

        assert forge.perform(plan(here, WORDS, Byline(run=push + 1))) == ["WriteSummary"]

    assert len(forge.posted.comments) == 21
    assert len(forge.posted.summaries) == 1


@pytest.mark.feature("G08")
def test_a_second_run_that_found_the_same_writes_nothing_however_long_it_took() -> None:
    forge = Forge(NOTHING)
    found = report([row(1)])
    forge.perform(plan(situation(found), WORDS, BYLINE))
    slow = replace(
        found,
        seconds=99.0,
        nodes=(NodeRow(name="lint", status="cached", seconds=9.0, tool_version="ruff 1"),),
    )

    assert plan(situation(slow, forge.posted), WORDS, Byline(run=1, attempt=2)).steps == ()


@pytest.mark.feature("G08")
def test_the_oldest_summary_is_edited_and_the_others_are_folded() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)])), WORDS, BYLINE))
    (one,) = forge.posted.summaries
    twice: tuple[PostedSummary, ...] = (one, replace(one, id=500, node_id="S500"))

    steps = plan(
        situation(report(), replace(forge.posted, summaries=twice), push=1), WORDS, BYLINE
    ).steps

    (written,) = [each for each in steps if isinstance(each, WriteSummary)]
    assert (written.edits, written.surplus) == (one.id, ("S500",))


@pytest.mark.feature("R13")
def test_of_two_reviews_that_say_the_same_the_newer_is_folded() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)])), WORDS, BYLINE))
    (one,) = forge.posted.reviews
    twice = (one, replace(one, id=600, node_id="R600"))

    steps = plan(
        situation(report([row(1)]), replace(forge.posted, reviews=twice)), WORDS, BYLINE
    ).steps

    assert steps == (FoldReview(id=600, node_id="R600"),)


@pytest.mark.feature("G08")
def test_the_summary_says_what_is_new_since_the_last_head() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1), row(2, path="far.py")])), WORDS, BYLINE))
    more = report([row(1), row(2, path="far.py"), row(3), row(4, path="far.py")])

    steps = plan(situation(more, forge.posted, push=1), WORDS, BYLINE).steps

    (written,) = [each for each in steps if isinstance(each, WriteSummary)]
    assert "2 new since [`1111111`]" in written.body


@pytest.mark.feature("R14")
def test_what_the_summary_said_is_not_said_again_when_there_is_room() -> None:
    forge = Forge(NOTHING)
    few = PublishPolicy(inline=2, check_run=False, labels=False)
    rows = [row(number, line=number) for number in range(1, 6)]
    forge.perform(plan(situation(report(rows), policy=few), WORDS, BYLINE))

    fixed_two = situation(report(rows[2:]), forge.posted, few, push=1)

    assert forge.perform(plan(fixed_two, WORDS, BYLINE)) == ["CloseComment"] * 2 + ["WriteSummary"]


@pytest.mark.feature("D10")
def test_what_is_below_the_threshold_or_over_the_cap_is_in_the_summary_and_counted() -> None:
    rows = [row(1, "note"), row(2, "warning"), row(3, "error"), row(4, "error")]
    policy = PublishPolicy(inline=2, check_run=False, labels=False)

    capped = plan(situation(report(rows), policy=policy), WORDS, BYLINE)
    sieved = plan(
        situation(report(rows), policy=replace(policy, inline=20, inline_severity=_WARNING)),
        WORDS,
        BYLINE,
    )

    assert [capped.places[ident(each)] for each in range(1, 5)] == [
        *("summary", "summary", "inline", "inline")
    ]
    assert [sieved.places[ident(each)] for each in range(1, 5)] == ["summary", *["inline"] * 3]
    (written,) = [each for each in capped.steps if isinstance(each, WriteSummary)]
    assert "2 findings in comments" in written.body
    assert "finding 1 " in written.body


@pytest.mark.feature("G06")
def test_a_finding_without_a_shown_line_is_on_its_file_three_times_and_then_in_the_summary() -> (
    None
):
    rows = [row(number, line=200 + number) for number in range(5)]

    found = plan(situation(report([*rows, row(9, path="untouched.py")])), WORDS, BYLINE)

    assert list(found.places.values()) == ["file"] * 3 + ["summary"] * 3


@pytest.mark.parametrize("case", OBSTACLES)
def test_a_pull_request_that_is_not_to_be_touched_is_not(case: str) -> None:
    here = situation(report([row(1)]))
    changed = replace(here, pull=OBSTACLES[case])

    found = plan(changed, WORDS, BYLINE)

    assert found.steps == ()
    assert len(found.notes) == 1
    assert dict(found.places) == {row(1).id: "summary"}


def test_nothing_is_written_on_what_could_not_be_read_to_its_end() -> None:
    assert (
        plan(situation(report([row(1)]), replace(NOTHING, complete=False)), WORDS, BYLINE).steps
        == ()
    )


@pytest.mark.parametrize(
    ("run", "attempt", "speaks"),
    [(4, 9, False), (5, 1, False), (5, 3, True), (6, 1, True), (0, 1, True)],
)
def test_an_older_run_never_overwrites_a_newer_one(run: int, attempt: int, *, speaks: bool) -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(report([row(1)])), WORDS, Byline(run=5, attempt=2)))

    steps = plan(
        situation(report([row(2)]), forge.posted, push=1), WORDS, Byline(run=run, attempt=attempt)
    ).steps

    assert bool(steps) is speaks


def test_a_review_that_was_never_submitted_said_nothing() -> None:
    forge = Forge(NOTHING)
    found = situation(report([row(1)]))
    forge.perform(plan(found, WORDS, BYLINE))
    (draft,) = forge.posted.reviews
    pending = replace(NOTHING, reviews=(replace(draft, state="PENDING"),))

    again = plan(replace(found, posted=pending), WORDS, BYLINE)

    assert dict(again.places) == {ident(1): "inline"}


@pytest.mark.feature("R11")
def test_ten_runs_of_a_block_ask_for_one_issue() -> None:
    forge = Forge(NOTHING)
    asked = []
    blocked = report([row(1, "error")], blocking=[1])
    for push in range(10):
        found = plan(situation(blocked, forge.posted, EVERYTHING, push=push), WORDS, BYLINE)
        forge.perform(found)
        asked += [each.key for each in found.steps if isinstance(each, OpenIssue)]
    again = plan(situation(blocked, forge.posted, EVERYTHING), WORDS, BYLINE)

    assert len(asked) == 1
    assert [each.key for each in again.steps if isinstance(each, OpenIssue)] == asked


@pytest.mark.feature("G04")
def test_a_review_holds_all_its_comments_and_names_the_analysed_head() -> None:
    (review, *_) = plan(situation(report([row(1), row(2)])), WORDS, BYLINE).steps

    assert isinstance(review, SubmitReview)
    assert (review.commit, len(review.comments)) == (HEADS[0], 2)
    assert all(each.message in review.whole_body for each in (row(1), row(2)))
