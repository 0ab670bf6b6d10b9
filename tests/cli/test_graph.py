"""``reviewbot graph`` prints the review as it would run."""

import re
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

EVERY = [
    "wave 1  lint  <- change",
    "wave 1  types  <- change",
    "wave 1  security  <- change",
    "wave 1  tests  <- change",
    "wave 2  merge  <- change, lint!, types!, security!, tests!",
    "wave 3  decide  <- merge",
]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.create(tmp_path / "bin")


@pytest.mark.feature("E01")
def test_every_node_and_edge_is_printed(bench: Workbench, tmp_path: Path) -> None:
    ended = bench.run("graph", str(tmp_path))
    assert (ended.code, ended.out.splitlines()) == (0, EVERY)


@pytest.mark.feature("E01")
def test_the_settings_in_force_are_what_is_printed(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / ".reviewbot.yml").write_text("analyses: {tests: {enabled: false}}\n")
    told = bench.run("graph", str(tmp_path)).out.splitlines()
    assert told[:3] + told[4:] == EVERY[:3] + EVERY[4:]
    assert told[3].startswith(f"{EVERY[3]}  skipped (configuration")


@pytest.mark.feature("E01")
def test_the_picture_has_the_same_nodes_and_edges(bench: Workbench, tmp_path: Path) -> None:
    drawn = bench.run("graph", str(tmp_path), "--format", "mermaid").out
    names = dict(re.findall(r'^  (n\d+)\["(\w+)<br/>wave \d"\]$', drawn, re.MULTILINE))
    links = {(names[one], names[two]) for one, two in re.findall(r"(n\d+) [=-]+> (n\d+)", drawn)}
    analyses = ("lint", "types", "security", "tests")
    assert links == {*((each, "merge") for each in analyses), ("merge", "decide")}


@pytest.mark.feature("E01")
def test_what_is_printed_is_what_runs(bench: Workbench, tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n"})
    printed = bench.run("graph", str(made.root)).out.splitlines()
    ran = bench.run("review", str(made.root), "--format", "json", "--quiet").report["nodes"]
    rows = [(f"wave {row['wave']}", row["name"]) for row in ran]
    assert rows == [tuple(line.split("  ")[:2]) for line in printed]
