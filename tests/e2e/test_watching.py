"""A review can be watched while it runs, and looked at afterwards."""

import json
from pathlib import Path

import pytest

from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit(dict(BASE))
    made.commit(dict(BROKEN))
    return made


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.create(tmp_path / "bin")


@pytest.mark.feature("U12")
def test_every_event_is_a_line_and_the_last_one_settles_the_run(
    bench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    file = tmp_path / "events.ndjson"

    bench.run("review", str(repository.root), "--only", "lint", "--events", str(file))

    events = [json.loads(line) for line in file.read_text().splitlines()]
    kinds = [each["event"] for each in events]
    assert (kinds[0], kinds[-1]) == ("run_started", "run_settled")
    settled = [each["node"] for each in events if each["event"] == "node_settled"]
    assert sorted(settled) == ["decide", "lint", "merge", "security", "tests", "types"]
    assert settled[-2:] == ["merge", "decide"]
    assert [each["at"] for each in events] == sorted(each["at"] for each in events)


def test_events_on_standard_output_leave_the_review_to_a_file(
    bench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    ended = bench.run(
        *("review", str(repository.root), "--only", "lint", "--events", "-"),
        *("-o", str(tmp_path / "review.txt")),
    )

    assert all(json.loads(line)["event"] for line in ended.out.splitlines())
    assert "lint" in (tmp_path / "review.txt").read_text()


def test_events_that_cannot_be_written_are_refused_before_any_work(
    bench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    ended = bench.run("review", str(repository.root), "--events", str(tmp_path))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1] == f"reviewbot: --events {tmp_path}: Is a directory"


@pytest.mark.feature("S15")
def test_a_run_can_be_taken_away_and_looked_at_elsewhere(
    bench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    file = tmp_path / "trace.json"
    bench.run("review", str(repository.root), "--only", "lint", "--trace", str(file), "--quiet")

    shown = bench.run("trace", str(file))

    assert shown.code == 0, shown.err
    for node in ("lint", "types", "merge", "decide"):
        assert node in shown.out


@pytest.mark.feature("S14")
def test_in_a_workflow_each_node_has_its_own_part_of_the_log(
    bench: Workbench, repository: Repository
) -> None:
    runner = {"GITHUB_ACTIONS": "true"}
    ended = bench.run("review", str(repository.root), "--only", "lint", secrets=runner)

    lines = ended.err.splitlines()
    titles = [line.removeprefix("::group::") for line in lines if not line.startswith(("|", "::e"))]
    assert [each.split()[1] for each in titles[:-1]].count("lint") == 1
    assert any(line.startswith("::group::· types skipped") for line in lines)
    assert "| configuration: not asked for on the command line" in lines
    assert titles[-1].startswith("6 nodes in ")
