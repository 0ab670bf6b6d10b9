"""A review that was killed goes on where it was, and says the same as one that was not."""

import time
from pathlib import Path

import pytest

from reviewbot.dag.journal.reader import Reader, State
from tests.e2e.shapes import BASE, BROKEN
from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository


def counted(folder: Path, tool: str, first: str = ":") -> str:
    """The real tool, which leaves a line for each of its starts."""
    real = Workbench.real(tool)
    return f'echo started >> {folder}/{tool}.starts\n{first}\nexec {real} "$@"'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit(dict(BASE))
    made.commit(dict(BROKEN))
    return made


@pytest.mark.feature("S03", "S18")
def test_what_a_killed_review_had_finished_is_not_run_again(
    repository: Repository, tmp_path: Path
) -> None:
    journal, gate = tmp_path / "journal.sqlite3", tmp_path / "open"
    waits = f"while [ ! -e {gate} ]; do sleep 0.05; done"
    tools = {
        "ruff": counted(tmp_path, "ruff"),
        "bandit": counted(tmp_path, "bandit"),
        "mypy": counted(tmp_path, "mypy", waits),
    }
    bench = Workbench.create(tmp_path / "bin", tools)
    arguments = ("review", str(repository.root), "--quiet", "--format", "json")

    with bench.start(*arguments, "--journal", str(journal)) as process:
        while not {"lint", "security"} <= _settled(journal):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    before = _starts(tmp_path)
    gate.touch()
    resumed = bench.run(*arguments, "--journal", str(journal), "--resume")

    assert resumed.code == 0, resumed.err
    assert before["ruff"] == _starts(tmp_path)["ruff"] > 0
    assert before["bandit"] == _starts(tmp_path)["bandit"] > 0
    assert resumed.node("lint")["reason"] == "from an earlier run"
    assert resumed.node("types")["attempts"] == 1
    whole = bench.run(*arguments, "--journal", "none")
    assert resumed.report["findings"] == whole.report["findings"]
    assert resumed.report["verdict"] == whole.report["verdict"]


def _settled(journal: Path) -> set[str]:
    """Who is finished, as a second process sees it while the run goes on."""
    if not journal.exists():
        return set()
    with Reader.open(journal) as reader:
        runs = reader.runs()
        if not runs:
            return set()
        assert runs[0].state is State.RUNNING
        nodes = reader.load(runs[0].name).nodes
    return {path for path, each in nodes.items() if each.status != "working"}


def _starts(folder: Path) -> dict[str, int]:
    return {each.stem: len(each.read_text().splitlines()) for each in folder.glob("*.starts")}


def test_a_change_that_is_another_is_not_gone_on_with(
    repository: Repository, tmp_path: Path
) -> None:
    bench = Workbench.create(tmp_path / "bin")
    arguments = ("review", str(repository.root), "--quiet", "--only", "lint", "--format", "json")
    kept = ("--journal", str(tmp_path / "journal.sqlite3"))
    first = bench.run(*arguments, *kept)
    repository.commit({"new.py": "import os\n"})

    second = bench.run(*arguments, *kept, "--resume")

    assert (first.code, second.code) == (0, 0)
    assert (
        "no earlier run of this change is in the journal: everything is run"
        in (second.report["notes"])
    )
    assert second.node("lint")["attempts"] == 1


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"no journal at all, but long enough to be read as one" * 30, (), "is no journal"),
        (None, ("--resume", "yesterday"), "has no run 'yesterday'"),
    ],
    ids=["another file", "an unknown run"],
)
def test_a_journal_that_was_asked_for_and_cannot_be_used_is_one_line(
    content: bytes | None,
    options: tuple[str, ...],
    said: str,
    repository: Repository,
    tmp_path: Path,
) -> None:
    journal = tmp_path / "journal.sqlite3"
    if content is not None:
        journal.write_bytes(content)

    ended = Workbench.create(tmp_path / "bin").run(
        *("review", str(repository.root), "--quiet", "--only", "lint"),
        *("--journal", str(journal), *options),
    )

    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert said in ended.err


@pytest.mark.feature("S01")
def test_equal_manifests_are_equal_findings_in_one_order(
    repository: Repository, tmp_path: Path
) -> None:
    bench, journal = Workbench.create(tmp_path / "bin"), tmp_path / "journal.sqlite3"
    arguments = ("review", str(repository.root), "--quiet", "--format", "json")
    reports = [bench.run(*arguments, "--journal", str(journal)).report for _ in range(2)]
    bench.run(*arguments, "--journal", str(journal), "--set", "analyses.lint.timeout=50s")

    with Reader.open(journal) as reader:
        changed, second, first = (dict(each.manifest) for each in reader.runs())
    assert reports[0]["findings"] == reports[1]["findings"] != []
    assert first == second
    assert {key for key in first if first[key] != changed[key]} == {"settings"}
    assert {"head", "base", "tools", "reviewbot"} <= {key for key in first if first[key]}
