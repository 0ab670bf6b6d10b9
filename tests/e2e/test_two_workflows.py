"""The layout for strangers: one half analyses without power, the other posts what it can check."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.step import Job, Stepped, pull_request_event
from tests.fakes.github.hub import Hub
from tests.fakes.github.scenario import Opened, open_pull_request
from tests.fakes.github.state import WorkflowRun

REPORT = "reviewbot-report.json"


def analyzed(pull: Opened, folder: Path) -> Stepped:
    """The first half: a checkout with its history, and no token at all."""
    job = Job.create(folder, pull.hub, "")
    checkout(pull, job.workspace)
    return job.step("pull_request", pull_request_event(pull), {"mode": "analyze"})


def checkout(pull: Opened, workspace: Path) -> None:
    """What actions/checkout leaves with fetch-depth: 0 and without credentials."""
    source = pull.repository.git.root
    for command in (
        ("init", "--quiet", str(workspace)),
        ("-C", str(workspace), "fetch", "--quiet", str(source), "+refs/*:refs/remotes/origin/*"),
        ("-C", str(workspace), "checkout", "--quiet", "--detach", pull.head),
    ):
        subprocess.run(["git", *command], check=True)


def published(pull: Opened, run: WorkflowRun, folder: Path) -> Stepped:
    """The second half: it checks nothing out."""
    job = Job.create(folder, pull.hub, pull.hub.actions_token())
    payload = {
        "action": "completed",
        "workflow_run": {
            "id": run.id,
            "event": "pull_request",
            "conclusion": "success",
            "head_sha": run.head,
            "head_branch": run.head_branch,
        },
        "repository": pull.hub.shapes("2022-11-28").repository(pull.repository),
    }
    return job.step("workflow_run", payload, {"mode": "publish"})


@pytest.mark.feature("G20")
def test_a_stranger_s_change_is_analyzed_without_a_token_and_posted_by_the_other_half(
    hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    first = analyzed(pull, tmp_path / "analyze")
    assert first.ended.code == 0, first.ended.err
    assert len(hub.log) == 0
    run = pull.finished_run({REPORT: first.report.encode()})

    second = published(pull, run, tmp_path / "publish")

    assert second.ended.code == 0, second.ended.out
    assert second.outputs["verdict"] == "REQUEST_CHANGES"
    assert len(pull.repository.reviews) == 1
    assert set(hub.by_key().values()) == {1}


def garbled(report: str, **changes: object) -> bytes:
    return json.dumps({**json.loads(report), **changes}).encode()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(REPORT, b" " * (64 << 20))
    return packed.getvalue()


@pytest.mark.feature("Q03")
def test_an_artifact_that_is_not_a_report_of_this_very_run_posts_nothing(
    hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    report = analyzed(pull, tmp_path / "analyze").report
    runs = {
        "another commit": pull.finished_run({REPORT: garbled(report, head="f" * 40)}),
        "another base": pull.finished_run({REPORT: garbled(report, base="f" * 40)}),
        "an unknown key": pull.finished_run({REPORT: garbled(report, pull_request=1)}),
        "no JSON": pull.finished_run({REPORT: b"<html>@everyone"}),
        "another file": pull.finished_run({"../../x": report.encode()}),
        "two files": pull.finished_run({REPORT: report.encode(), "b": b""}),
        "no archive": pull.run_with(b"PK nonsense"),
        "a bomb": pull.run_with(bomb()),
    }
    for number, (name, run) in enumerate(runs.items()):
        stepped = published(pull, run, tmp_path / f"publish{number}")
        assert stepped.ended.code == 4, (name, stepped.ended.out, stepped.ended.err)
        assert len(stepped.ended.err.splitlines()) == 1, (name, stepped.ended.err)
        assert "@everyone" not in stepped.ended.out + stepped.ended.err
    assert hub.log.writes == []


def test_hostile_words_in_an_artifact_are_posted_as_words(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    found = json.loads(analyzed(pull, tmp_path / "analyze").report)
    found["findings"][0]["message"] = "@everyone <img src=x> [l](http://e.vil) fixes #1"
    run = pull.finished_run({REPORT: json.dumps(found).encode()})

    assert published(pull, run, tmp_path / "publish").ended.code == 0

    said = "\n".join(hub.bodies())
    assert "@everyone" not in said
    assert "<img" not in said
    assert "](http://e.vil" not in said


def test_an_approval_never_comes_from_an_artifact(hub: Hub, tmp_path: Path) -> None:
    approving = {**BASE, ".reviewbot.yml": "verdict: {approve: when_clean}\n"}
    pull = open_pull_request(hub, approving, {"README.md": "Shapes\n"}, fork=True)
    pull.repository.actions_approve = True
    first = analyzed(pull, tmp_path / "analyze")
    run = pull.finished_run({REPORT: first.report.encode()})

    second = published(pull, run, tmp_path / "publish")

    assert second.ended.code == 0
    assert "APPROVED" not in [each.state for each in pull.repository.reviews.values()]


def test_a_run_whose_head_has_moved_on_posts_nothing(hub: Hub, tmp_path: Path) -> None:
    pull = open_pull_request(hub, BASE, BROKEN, fork=True)
    first = analyzed(pull, tmp_path / "analyze")
    run = pull.finished_run({REPORT: first.report.encode()})
    pull.push({"shapes/run.py": "x = 1\n"})

    second = published(pull, run, tmp_path / "publish")

    assert second.ended.code == 0
    assert "belongs to no open pull request" in second.ended.out
    assert hub.log.writes == []
