"""What follows a verdict, once."""

from dataclasses import replace

import pytest

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import AssignAuthor, OpenIssue, SetLabels
from reviewbot.review.marker import parse_marker
from reviewbot.review.publishing import PublishPolicy, plan
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import BYLINE, NOTHING, PULL, report, row, situation

WORDS = GitHubWords()
LABELLING = PublishPolicy(check_run=False)
FOLLOWING = PublishPolicy(check_run=False, labels=False, assign_author=True, open_issue=True)
BLOCKED = report([row(1, "error")], blocking=[1])
LOST = GapRow(path="a.py", node="lint", reason="odd", blocking=True)


def labels(found: Report, *there: str) -> SetLabels | None:
    posted = replace(NOTHING, labels=there)
    steps = plan(situation(found, posted, LABELLING), WORDS, BYLINE).steps
    return next((each for each in steps if isinstance(each, SetLabels)), None)


@pytest.mark.feature("G17")
@pytest.mark.parametrize(
    ("found", "there", "expected"),
    [
        pytest.param(BLOCKED, (), (("reviewbot: blocking",), ()), id="blocking"),
        pytest.param(report(), (), (("reviewbot: clean",), ()), id="clean"),
        pytest.param(report([row(1)]), (), (("reviewbot: warning",), ()), id="warning"),
        pytest.param(report(gaps=[LOST]), (), (("reviewbot: incomplete",), ()), id="incomplete"),
        pytest.param(
            report(),
            ("bug", "reviewbot: blocking", "reviewbot:mine"),
            (("reviewbot: clean",), ("reviewbot: blocking",)),
            id="a stale one of ours goes, all others stay",
        ),
        pytest.param(
            report(),
            ("reviewbot: clean", "reviewbot: blocking"),
            ((), ("reviewbot: blocking",)),
            id="one too many",
        ),
        pytest.param(report(), ("reviewbot: clean", "bug"), None, id="all is well"),
    ],
)
def test_the_label_of_the_level_stands_and_no_other_of_ours(
    found: Report, there: tuple[str, ...], expected: tuple[tuple[str, ...], tuple[str, ...]] | None
) -> None:
    wanted = labels(found, *there)

    assert (wanted and (wanted.add, wanted.remove)) == expected


@pytest.mark.feature("R11")
def test_a_block_assigns_the_author_and_opens_an_issue_when_asked_to() -> None:
    steps = plan(situation(BLOCKED, policy=FOLLOWING), WORDS, BYLINE).steps

    (assigned,) = [each for each in steps if isinstance(each, AssignAuthor)]
    (opened,) = [each for each in steps if isinstance(each, OpenIssue)]
    marker = parse_marker(opened.body)
    assert assigned.login == PULL.author
    assert marker is not None
    assert (marker.kind, marker.key) == ("issue", opened.key)
    assert "- [ ] [`a.py:2`]" in opened.body


@pytest.mark.feature("R11")
@pytest.mark.parametrize("found", [report(), report([row(1)]), report(gaps=[LOST])])
def test_nothing_follows_what_does_not_block(found: Report) -> None:
    steps = plan(situation(found, policy=FOLLOWING), WORDS, BYLINE).steps

    assert not any(isinstance(each, AssignAuthor | OpenIssue) for each in steps)


@pytest.mark.feature("R11")
def test_what_somebody_undid_on_a_later_head_stays_undone() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED, policy=FOLLOWING), WORDS, BYLINE))

    steps = plan(situation(BLOCKED, forge.posted, FOLLOWING, push=1), WORDS, BYLINE).steps

    assert not any(isinstance(each, AssignAuthor | OpenIssue) for each in steps)


def test_a_bot_is_not_assigned() -> None:
    here = situation(BLOCKED, policy=FOLLOWING)
    bots = replace(here, pull=replace(here.pull, author_is_bot=True))

    assert not any(isinstance(each, AssignAuthor) for each in plan(bots, WORDS, BYLINE).steps)
