"""Holding a review back, and letting it go without looking at everything again."""

import json
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.step import Job, Stepped, pull_request_event
from tests.fakes.github.hub import Hub
from tests.fakes.github.opened import Opened
from tests.fakes.github.scenario import open_pull_request

HOLD = "reviewbot:hold"


def held(hub: Hub, *, fork: bool = False) -> Opened:
    pull = open_pull_request(hub, BASE, BROKEN, fork=fork)
    pull.repository.labels[HOLD] = {"name": HOLD, "color": "ededed", "description": None}
    pull.issue.labels.append(HOLD)
    return pull


def released(job: Job, pull: Opened) -> Stepped:
    pull.issue.labels.remove(HOLD)
    payload = pull_request_event(pull, "unlabeled") | {"label": {"name": HOLD}}
    return job.step("pull_request", payload, {"journal": "journal.sqlite3"}, run=2)


def repeated(stepped: Stepped) -> set[str]:
    """The nodes that this run has worked on."""
    nodes = json.loads(stepped.report)["nodes"]
    return {each["name"] for each in nodes if each["reason"] != "from an earlier run"}


@pytest.mark.feature("E42", "S04")
def test_a_held_review_is_posted_from_the_journal_when_the_label_goes(
    hub: Hub, tmp_path: Path
) -> None:
    pull = held(hub)
    job = Job.create(tmp_path / "job", hub, hub.actions_token())

    first = job.review(pull, run=1, journal="journal.sqlite3")
    written = list(hub.log.writes)
    second = released(job, pull)

    assert (first.ended.code, written) == (0, [])
    assert "hold is on it: it is posted when somebody takes the label" in first.summary
    assert second.ended.code == 0, second.ended.err
    assert repeated(second) == set()
    assert second.outputs["verdict"] == "REQUEST_CHANGES"
    assert [each.state for each in pull.repository.reviews.values()] == ["CHANGES_REQUESTED"]


@pytest.mark.feature("S04")
def test_a_fork_leaves_no_journal_that_another_run_would_believe(hub: Hub, tmp_path: Path) -> None:
    pull = held(hub, fork=True)
    job = Job.create(tmp_path / "job", hub, hub.actions_token())

    job.review(pull, run=1, journal="journal.sqlite3")
    second = released(job, pull)

    assert not (tmp_path / "job" / "temp" / "journal.sqlite3").exists()
    assert {"lint", "types", "security", "merge"} <= repeated(second)


@pytest.mark.feature("S04")
def test_another_head_is_looked_at_anew(hub: Hub, tmp_path: Path) -> None:
    pull = held(hub)
    job = Job.create(tmp_path / "job", hub, hub.actions_token())
    job.review(pull, run=1, journal="journal.sqlite3")
    pull.push({"shapes/new.py": "import os\n"})

    second = released(job, pull)

    assert {"lint", "types", "security", "merge"} <= repeated(second)


@pytest.mark.parametrize("name", ["../journal", "/var/journal", ".."])
def test_a_journal_where_a_checkout_could_put_one_is_refused(
    name: str, hub: Hub, tmp_path: Path
) -> None:
    pull = open_pull_request(hub, BASE, BROKEN)
    job = Job.create(tmp_path / "job", hub, hub.actions_token())

    stepped = job.review(pull, journal=name)

    assert stepped.ended.code == 2
    assert f"input 'journal': '{name}' is no file name" in stepped.ended.out + stepped.ended.err
