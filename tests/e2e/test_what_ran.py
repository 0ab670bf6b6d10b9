"""The reader sees what ran: together or after one another, how often, by whom, and why."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

ANALYSES = ("lint", "types", "security", "tests")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository.create(tmp_path_factory.mktemp("ran") / "repository")
    package = {f"shop/m{number}.py": "import json\n" for number in range(20)}
    made.commit({"shop/__init__.py": "", **package})
    made.commit({"shop/m1.py": "import os\nimport subprocess\n"})
    return made


@pytest.fixture(scope="module")
def all_four(tmp_path_factory: pytest.TempPathFactory, repository: Repository) -> Any:
    bench = Workbench.create(tmp_path_factory.mktemp("four") / "bin")
    of_the_change = ("--base", "HEAD~1", "--max-parallel", "4")
    return bench.run(
        "review", str(repository.root), *of_the_change, "--format", "json", "--quiet"
    ).report


@pytest.mark.feature("E07", "U17")
def test_all_four_analyses_are_at_work_together(all_four: Any) -> None:
    rows = [row for row in all_four["nodes"] if row["name"] in ANALYSES]
    spans = [(row["started"], row["started"] + row["seconds"]) for row in rows]
    assert len(spans) == 4
    assert [
        (one, two)
        for one, two in combinations(spans, 2)
        if min(one[1], two[1]) <= max(one[0], two[0])
    ] == []


@pytest.mark.feature("A15", "U17")
def test_the_analyses_take_the_time_of_the_slowest(all_four: Any) -> None:
    rows = [row for row in all_four["nodes"] if row["name"] in ANALYSES]
    slowest = max(row["seconds"] for row in rows)
    ended = max(row["started"] + row["seconds"] for row in rows)
    # A quarter is room for a busy machine; one after the other would take about twice the slowest.
    assert ended <= slowest * 1.25
    assert sum(row["seconds"] for row in rows) > slowest * 1.25


@pytest.mark.feature("S09")
def test_a_finding_leads_to_who_found_it_and_to_the_content_in_which_it_stands(
    all_four: Any, repository: Repository
) -> None:
    versions = {row["name"]: row["tool_version"] for row in all_four["nodes"]}
    found = {row["rule"]: row for row in all_four["findings"] if row["path"] == "shop/m1.py"}
    blob = repository.git("rev-parse", "HEAD:shop/m1.py").strip()

    assert {"F401", "B404"} <= found.keys()
    for row in found.values():
        assert row["blob"] == blob
        assert versions[row["node"]].startswith(row["tool"])
        assert row["sources"]


@pytest.mark.feature("U18")
def test_every_node_has_its_outcome_tries_seconds_and_version(all_four: Any) -> None:
    rows = {row["name"]: row for row in all_four["nodes"]}
    assert [*rows] == [*ANALYSES, "merge", "decide"]
    assert {(row["status"], row["attempts"], row["reason"]) for row in rows.values()} == {
        ("succeeded", 1, "")
    }
    assert all(row["seconds"] > 0 for row in rows.values() if row["name"] in ANALYSES)
    by = [rows[name]["tool_version"].split()[0] for name in ANALYSES]
    assert by == ["ruff", "mypy", "bandit", "pytest"]
    longest = max(rows[name]["seconds"] for name in ANALYSES)
    assert longest <= all_four["critical_path_seconds"] <= all_four["seconds"]


@pytest.mark.feature("R16", "U18")
@pytest.mark.parametrize("form", ["markdown", "terminal"])
def test_tries_that_failed_and_who_answered_instead_stand_in_the_table(
    form: str, repository: Repository, tmp_path: Path
) -> None:
    bench = Workbench.create(tmp_path / "bin", {"bandit": "kill -SEGV $$", "mypy": None})
    chosen = ("--base", "HEAD~1", "--only", "security,types")

    ended = bench.run("review", str(repository.root), *chosen, "--format", form, "--quiet")

    table = [" ".join(line.replace("|", " ").split()) for line in ended.out.splitlines()]
    security = next(line for line in table if line.startswith("security 1"))
    types = next(line for line in table if line.startswith("types 1"))
    assert security.startswith("security 1 rerouted 3 ")
    assert security.endswith("ruff answered: ToolCrashed: bandit ended with -11, attempt 2 of 2")
    assert types.startswith("types 1 rerouted 2 ")
    assert "ty answered: ToolMissing: mypy is not installed" in types
    assert next(line for line in table if line.startswith("lint 1")).startswith("lint 1 skipped 0 ")
    assert "critical path" in ended.out


@pytest.mark.feature("E36", "E37")
@pytest.mark.parametrize(
    ("words", "executed"),
    [
        (("--only", "security"), {"security"}),
        (("--skip", "types,tests"), {"lint", "security"}),
    ],
)
def test_what_is_not_asked_for_does_not_start_and_says_why(
    words: tuple[str, str], executed: set[str], repository: Repository, tmp_path: Path
) -> None:
    bench = Workbench.create(tmp_path / "bin")

    told = bench.run(
        *("review", str(repository.root), "--base", "HEAD~1", *words),
        *("--format", "json", "--quiet"),
    ).report

    rows = told["nodes"]
    ran = {row["name"] for row in rows if row["status"] == "succeeded"}
    left_out = [row for row in rows if row["status"] == "skipped"]
    assert ran == executed | {"merge", "decide"}
    assert {row["name"] for row in left_out} == {*ANALYSES} - executed
    assert {row["attempts"] for row in left_out} == {0}
    assert all(row["reason"].startswith("configuration: ") for row in left_out)


@pytest.mark.feature("A14")
def test_without_an_environment_there_is_a_review_and_a_word_for_each_missing_part(
    tmp_path: Path,
) -> None:
    made = Repository.create(tmp_path / "repository")
    test = "from shop import one\n\n\ndef test_one() -> None:\n    assert one() == 1\n"
    made.commit({"shop.py": "def one() -> int:\n    return 1\n", "test_shop.py": test})
    made.commit({"shop.py": "import requests\n\n\ndef one() -> int:\n    return requests\n"})
    bench = Workbench.create(tmp_path / "bin")

    told = bench.run("review", str(made.root), "--format", "json", "--quiet").report

    assert told["verdict"]["complete"]
    assert {row["status"] for row in told["nodes"]} == {"succeeded"}
    assert [row["rule"] for row in told["findings"] if row["node"] == "lint"] == []
    assert [note for note in told["notes"] if note.startswith("degraded: dependencies")]
    assert told["tests"]["selected_files"] == ["test_shop.py"]
    assert (told["tests"]["ran"], "no virtual environment" in told["tests"]["reason"]) == (0, True)
