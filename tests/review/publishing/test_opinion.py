"""What may be said, and what becomes of what was said before."""

from dataclasses import replace

import pytest

from reviewbot.render.pull_request import GitHubWords
from reviewbot.review.actions import DismissReview, EnableMerge, SubmitReview
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.review.publishing import PublishPolicy, Situation, plan
from reviewbot.review.publishing.approval import guarded_path
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow, NodeRow
from tests.review.publishing.forge import Forge
from tests.review.publishing.situations import BYLINE, NOTHING, report, row, situation

WORDS = GitHubWords()
APPROVING = PublishPolicy(approve=True, merge=True, check_run=False, labels=False)
LOST = GapRow(path=None, node="lint", reason="ruff crashed", blocking=True)
CLEAN, NOTED, BLOCKED = report(), report([row(1)]), report([row(1, "error")], blocking=[1])


def event(here: Situation) -> str | None:
    """The event of the review that is posted."""
    steps = plan(here, WORDS, BYLINE).steps
    return next((each.event for each in steps if isinstance(each, SubmitReview)), None)


@pytest.mark.feature("R07")
@pytest.mark.parametrize(
    ("found", "policy", "expected"),
    [
        pytest.param(CLEAN, PublishPolicy(), None, id="clean, no approvals: the summary says it"),
        pytest.param(CLEAN, APPROVING, "APPROVE", id="clean"),
        pytest.param(NOTED, APPROVING, "COMMENT", id="something to say"),
        pytest.param(BLOCKED, PublishPolicy(), "REQUEST_CHANGES", id="blocking"),
        pytest.param(
            BLOCKED, PublishPolicy(request_changes=False), "COMMENT", id="blocking, not allowed to"
        ),
    ],
)
def test_the_policy_maps_the_verdict_to_one_event(
    found: Report, policy: PublishPolicy, expected: str | None
) -> None:
    assert event(situation(found, policy=policy)) == expected


def with_file(path: str, old_path: str | None = None, unreadable: str = "") -> Diff:
    """A change of one file."""
    file = FileDiff(
        status=FileStatus.MODIFIED, path=path, old_path=old_path or path, unreadable=unreadable
    )
    return Diff(files=(file,))


READY = situation(CLEAN, policy=APPROVING)
NEVER_APPROVED = {
    "incomplete": replace(READY, report=replace(report(gaps=[LOST]), head=READY.pull.head)),
    "an incomplete report that says approve": replace(
        READY,
        report=replace(READY.report, verdict=replace(READY.report.verdict, complete=False)),
    ),
    "switched off": replace(READY, policy=PublishPolicy()),
    "made where the change could run": replace(
        READY, policy=replace(APPROVING, from_artifact=True)
    ),
    "our own": replace(READY, posted=replace(NOTHING, own_id=READY.pull.author_id)),
    "nobody knows who we are": replace(READY, posted=replace(NOTHING, own_id=None)),
    "a bot's": replace(READY, pull=replace(READY.pull, author_is_bot=True)),
    "a diff that lacks files": replace(READY, pull=replace(READY.pull, changed_files=2)),
    "a file that could not be read": replace(READY, diff=with_file("a.png", unreadable="binary")),
    "a workflow": replace(READY, diff=with_file(".github/workflows/ci.yml")),
    "a workflow moved away": replace(READY, diff=with_file("x.yml", ".github/workflows/ci.yml")),
    "our settings": replace(READY, diff=with_file(".reviewbot.yml")),
    "a lock file": replace(READY, diff=with_file("sub/uv.lock")),
    "another head": replace(READY, pull=replace(READY.pull, head="e" * 40)),
}


@pytest.mark.feature("R08")
@pytest.mark.parametrize("case", NEVER_APPROVED)
def test_it_is_not_approved_and_a_note_says_why(case: str) -> None:
    found = plan(NEVER_APPROVED[case], WORDS, BYLINE)

    assert not any(
        isinstance(each, SubmitReview) and each.event == "APPROVE" for each in found.steps
    )
    if NEVER_APPROVED[case].report.verdict.decision == "APPROVE":
        assert found.notes


@pytest.mark.feature("R08")
def test_a_bot_is_approved_when_that_is_allowed() -> None:
    here = NEVER_APPROVED["a bot's"]

    assert event(replace(here, policy=replace(APPROVING, approve_bots=True))) == "APPROVE"


@pytest.mark.feature("R08")
def test_nobody_blocks_his_own_pull_request() -> None:
    own = replace(NOTHING, own_id=situation(BLOCKED).pull.author_id)

    assert event(situation(BLOCKED, own)) == "COMMENT"


@pytest.mark.parametrize(
    ("path", "guarded"),
    [
        (".github/CODEOWNERS", True),
        (".GitHub/x", True),
        (".reviewbot/rules.md", True),
        ("poetry.lock", True),
        ("web/package-lock.json", True),
        ("requirements-dev.txt", True),
        ("requirements/base.txt", True),
        ("pylock.toml", True),
        ("action.yml", True),
        ("a\n/uv.lock", True),
        ("src/github/lock.py", False),
        ("src/.github_notes.md", False),
        ("block.py", False),
        ("docs/lockfiles.md", False),
    ],
)
def test_people_look_at_what_runs_or_pins(path: str, *, guarded: bool) -> None:
    assert (guarded_path(with_file(path)) is not None) is guarded


@pytest.mark.feature("R10")
def test_the_merge_is_asked_for_only_with_an_approval() -> None:
    def merges(here: Situation) -> bool:
        return any(isinstance(each, EnableMerge) for each in plan(here, WORDS, BYLINE).steps)

    assert merges(READY)
    assert not merges(replace(READY, policy=replace(APPROVING, merge=False)))
    assert not any(map(merges, NEVER_APPROVED.values()))


def states(forge: Forge) -> list[str]:
    return [each.state for each in forge.posted.reviews]


@pytest.mark.feature("R09")
def test_block_and_fix_leave_no_block_of_ours() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED), WORDS, BYLINE))
    assert states(forge) == ["CHANGES_REQUESTED"]

    forge.push()
    found = plan(situation(CLEAN, forge.posted, push=1), WORDS, BYLINE)
    forge.perform(found)

    (taken_back,) = [each for each in found.steps if isinstance(each, DismissReview)]
    assert "2222222" in taken_back.reason
    assert states(forge) == ["DISMISSED"]


@pytest.mark.feature("R09")
def test_an_approval_takes_the_block_back_too() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED), WORDS, BYLINE))

    forge.perform(plan(situation(CLEAN, forge.posted, APPROVING, push=1), WORDS, BYLINE))

    assert states(forge) == ["DISMISSED", "APPROVED"]


@pytest.mark.feature("R09")
def test_an_approval_is_of_one_commit() -> None:
    forge = Forge(NOTHING)
    for push in range(3):
        forge.perform(plan(situation(CLEAN, forge.posted, APPROVING, push=push), WORDS, BYLINE))
    assert states(forge) == ["DISMISSED", "DISMISSED", "APPROVED"]

    forge.perform(plan(situation(NOTED, forge.posted, APPROVING, push=3), WORDS, BYLINE))

    assert states(forge) == ["DISMISSED"] * 3 + ["COMMENTED"]


@pytest.mark.feature("R09")
@pytest.mark.parametrize(
    ("node", "gaps", "stays"),
    [
        pytest.param("succeeded", (), False, id="looked at, and gone"),
        pytest.param("failed", (LOST,), True, id="the tool crashed"),
        pytest.param("rerouted", (LOST,), True, id="another tool answered"),
        pytest.param("rerouted", (), False, id="another tool answered, and missed nothing"),
        pytest.param(
            "succeeded",
            (GapRow(path="a.py", node="lint", reason="too large", blocking=True),),
            True,
            id="that file was not looked at",
        ),
        pytest.param(
            "succeeded",
            (GapRow(path="b.py", node="lint", reason="too large", blocking=True),),
            False,
            id="another file was not",
        ),
    ],
)
def test_a_block_is_lifted_only_by_looking(
    node: str, gaps: tuple[GapRow, ...], *, stays: bool
) -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED), WORDS, BYLINE))
    nodes = (NodeRow(name="lint", status=node),)
    now = replace(report(gaps=gaps), nodes=nodes)

    found = plan(situation(now, forge.posted, push=1), WORDS, BYLINE)
    forge.perform(found)

    assert states(forge) == ["CHANGES_REQUESTED" if stays else "DISMISSED"]
    assert any("stands" in note for note in found.notes) is stays


@pytest.mark.feature("R09")
def test_a_block_for_what_was_missing_stands_while_something_is() -> None:
    forge = Forge(NOTHING)
    missing = report(gaps=[LOST])
    strict = replace(missing, verdict=replace(missing.verdict, decision="REQUEST_CHANGES"))
    forge.perform(plan(situation(strict), WORDS, BYLINE))
    assert states(forge) == ["CHANGES_REQUESTED"]

    forge.perform(plan(situation(missing, forge.posted, push=1), WORDS, BYLINE))
    assert states(forge) == ["CHANGES_REQUESTED"]

    forge.perform(plan(situation(CLEAN, forge.posted, push=2), WORDS, BYLINE))
    assert states(forge) == ["DISMISSED"]


@pytest.mark.feature("R13")
def test_one_head_has_one_review_whatever_a_second_look_finds() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(NOTED), WORDS, BYLINE))

    found = plan(
        situation(report([row(1), row(2, "error")], blocking=[2]), forge.posted), WORDS, BYLINE
    )
    done = forge.perform(found)

    assert done == ["WriteSummary"]
    assert found.places[row(2).id] == "summary"
    assert found.notes == ("not blocked: this commit has a review of ours already",)


@pytest.mark.feature("R14")
def test_a_block_that_stands_is_not_said_again() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED), WORDS, BYLINE))

    assert event(situation(BLOCKED, forge.posted, push=1)) is None
    more = report([row(1, "error"), row(2)], blocking=[1])
    assert event(situation(more, forge.posted, push=1)) == "COMMENT"
    worse = report([row(1, "error"), row(2, "error")], blocking=[1, 2])
    assert event(situation(worse, forge.posted, push=1)) == "REQUEST_CHANGES"


def test_what_somebody_else_said_with_our_account_is_left_alone() -> None:
    forge = Forge(NOTHING)
    forge.perform(plan(situation(BLOCKED), WORDS, BYLINE))
    (block,) = forge.posted.reviews
    foreign = replace(forge.posted, reviews=(replace(block, marker=None),))

    steps = plan(situation(CLEAN, foreign, push=1), WORDS, BYLINE).steps

    assert not any(isinstance(each, DismissReview) for each in steps)
