"""After a review: what ran is listed, shown and explained, from what the review wrote down."""

import json
from pathlib import Path

import pytest

from tests.e2e.workbench import Ended, Workbench
from tests.fakes.repository import Repository


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A machine on which mypy does not start, so that ty answers for it."""
    return Workbench.create(tmp_path_factory.mktemp("machine") / "bin", {"mypy": "exit 70"})


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Repository.create(tmp_path_factory.mktemp("code") / "repository")
    made.commit(
        {"a.py": "def f(x: int) -> int:\n    return x\n", "b.py": "from a import f\n\nf(1)\n"}
    )
    (made.root / "a.py").write_text("def f(x: str) -> str:\n    return x\n")
    return made.root


@pytest.fixture(scope="module")
def reviewed(bench: Workbench, repository: Path) -> Ended:
    events = str(repository.parent / "events")
    return bench.run("review", str(repository), "--format", "json", "--events", events)


@pytest.mark.feature("U14", "S15")
def test_a_review_is_explained_node_by_node(
    bench: Workbench, repository: Path, reviewed: Ended
) -> None:
    assert reviewed.node("types")["status"] == "rerouted"
    told = bench.run("explain", "types", "--path", str(repository)).out
    assert "ended      rerouted after" in told
    assert "because    the input change was given (content " in told
    assert "answered   ty, instead of types" in told
    assert "meant      merge continued with it" in told
    assert "backups ty" in told


@pytest.mark.feature("S15", "S17")
def test_a_review_is_shown_as_it_was(bench: Workbench, repository: Path, reviewed: Ended) -> None:
    place = ("--path", str(repository))
    (line,) = bench.run("trace", "--list", *place).out.splitlines()
    assert "finished" in line
    shown = json.loads(bench.run("trace", line.split()[0], "--format", "json", *place).out)
    rows = {row["name"]: row for row in reviewed.report["nodes"]}
    nodes = {node["name"]: node for node in shown["graph"]["nodes"]}
    assert nodes.keys() == rows.keys()
    for name, node in nodes.items():
        assert node["outcome"]["status"].replace(" ", "_") == rows[name]["status"]
        assert round(node["outcome"]["seconds"], 3) == pytest.approx(
            rows[name]["seconds"], abs=2e-3
        )
        assert len(node["outcome"].get("attempts", ())) == rows[name]["attempts"]
        assert node["wave"] == rows[name]["wave"]
        assert len(node["outcome"]["digest"]) == 64
    page = bench.run("trace", "--format", "html", *place).out
    assert page.startswith("<!doctype html>")


@pytest.mark.feature("U12")
def test_a_review_tells_its_events_while_it_runs(repository: Path, reviewed: Ended) -> None:
    lines = (repository.parent / "events").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert (told[0]["event"], told[-1]["event"]) == ("run_started", "run_settled")
    settled = [row["node"] for row in told if row["event"] == "node_settled"]
    assert sorted(settled) == sorted(row["name"] for row in reviewed.report["nodes"])
