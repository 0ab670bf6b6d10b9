"""A pull request that changes while it is reviewed, and a reviewer that is killed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.step import Job, Stepped, pull_request_event
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request

QUICK = "lint,security"
APPROVING = {".reviewbot.yml": "verdict: {approve: when_clean}\n"}
CLEAN = {"shapes/core.py": BASE["shapes/core.py"].replace("The area", "The area, squared")}
WRITES = ("pulls/create-review", "issues/create-comment", "checks/create")


def reviewed(pull: Opened, folder: Path, *, run: int = 1, only: str = QUICK) -> Stepped:
    job = Job.create(folder, pull.hub, pull.hub.actions_token())
    return job.review(pull, run=run, only=only)


def draft(pull: Opened) -> None:
    pull.pull.draft = True


@pytest.mark.parametrize(
    "end",
    [Opened.close, Opened.merge, Opened.lock, draft],
    ids=["closed", "merged", "locked", "draft"],
)
@pytest.mark.parametrize("moment", ["pulls/get", "repos/compare-commits-with-basehead", "graphql"])
def test_nothing_is_written_on_a_pull_request_that_is_not_open_for_it(
    end: Callable[[Opened], None], moment: str, hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    hub.before(moment, do=lambda: end(pull))

    stepped = reviewed(pull, tmp_path / "job")

    assert stepped.ended.code == 0, stepped.ended.err
    assert hub.log.writes == []
    assert "shapes/run.py" in stepped.summary


@pytest.mark.feature("G31")
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_head_that_moves_is_never_judged_by_what_was_seen_before(
    nth: int, hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE | APPROVING, CLEAN)
    pull.repository.actions_approve = True
    seen = pull.head
    hub.before("pulls/get", nth=nth, do=lambda: pull.push(BROKEN))

    stepped = reviewed(pull, tmp_path / "job")

    assert stepped.ended.code == 0, stepped.ended.err
    standing = [each for each in pull.repository.reviews.values() if each.state == "APPROVED"]
    assert [each for each in standing if each.commit == seen] == []


def test_a_deleted_fork_is_reviewed_all_the_same(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    pull.delete_fork()

    stepped = reviewed(pull, tmp_path / "job")

    assert stepped.ended.code == 0, stepped.ended.err
    assert len(pull.repository.reviews) == 1


def test_a_base_that_moved_on_brings_none_of_its_own_findings(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    pull.advance_base({"later.py": "import os\n"})

    stepped = reviewed(pull, tmp_path / "job")

    assert "later.py" not in stepped.report
    assert stepped.outputs["introduced"] == "2"


@pytest.mark.feature("S24")
@pytest.mark.parametrize("write", WRITES)
def test_a_reviewer_that_is_killed_at_a_write_is_finished_by_the_next(
    write: str, hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    job = Job.create(tmp_path / "first", hub, hub.actions_token())
    process = job.start("pull_request", pull_request_event(pull), {"only": QUICK})
    hub.before(write, do=process.kill)
    with process:
        process.communicate()

    again = reviewed(pull, tmp_path / "second", run=2)

    assert process.returncode == -9
    assert again.ended.code == 0, again.ended.out
    assert set(hub.by_key().values()) == {1}, hub.by_key()
    assert {kind for kind, _ in hub.by_key()} == {"review", "comment", "summary", "check"}
    assert len(pull.repository.check_runs) == 1


@pytest.mark.feature("R13")
def test_two_reviewers_at_once_leave_one_review_in_the_end(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    jobs = [Job.create(tmp_path / name, hub, hub.actions_token()) for name in ("one", "two")]
    started = [
        job.start("pull_request", pull_request_event(pull), {"only": QUICK}, run=number)
        for number, job in enumerate(jobs, 1)
    ]
    for job, process in zip(jobs, started, strict=True):
        with process:
            assert job.stepped(process).ended.code in {0, 5}

    reviewed(pull, tmp_path / "last", run=3)

    shown = [each for each in pull.repository.comments.values() if each.minimized is None]
    open_ = [each for each in pull.repository.review_comments.values() if each.minimized is None]
    assert len(shown) == 1
    assert len(open_) == len({each.path for each in open_}) == 2
