"""Bad input gets one clear line, the documented exit code, and loses nothing."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.create(tmp_path / "bin")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n"})
    made.commit({"a.py": "import os\nx = 1\n"})
    return made


def _plain_directory(repository: Repository) -> list[str]:
    return [str(repository.root.parent)]


def _settings(repository: Repository) -> list[str]:
    repository.write({".reviewbot.yml": "version: 1\nanalyses:\n  lnt: {}\n"})
    return [str(repository.root)]


def _unrelated(repository: Repository) -> list[str]:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"b.py": "y = 1\n"})
    return [str(repository.root), "--base", "main"]


def _shallow(repository: Repository) -> list[str]:
    clone = repository.root.parent / "shallow"
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(clone))
    return [str(clone)]


def _no_patch(repository: Repository) -> list[str]:
    repository.write({"no.patch": "this is no diff\n"})
    return [str(repository.root), "--diff-file", str(repository.root / "no.patch")]


def _with(*arguments: str) -> Callable[[Repository], list[str]]:
    return lambda repository: [str(repository.root), *arguments]


BAD = {
    "not a repository": (_plain_directory, "is not in a git repository"),
    "no such path": (lambda _: ["/no/such/path"], "does not exist"),
    "unknown revision": (_with("--base", "nope"), "'nope' names no commit"),
    "a revision like an option": (_with("--base", "--help"), ""),
    "unrelated histories": (_unrelated, "no common"),
    "shallow": (_shallow, "shallow"),
    "bad settings": (_settings, ".reviewbot.yml:3: unknown key 'analyses.lnt'; did you mean"),
    "missing settings": (_with("--config", "/nope.yml"), "--config /nope.yml: No such file"),
    "no patch": (_no_patch, "patch"),
    "missing patch": (_with("--diff-file", "/nope.patch"), "/nope.patch"),
    "contradiction": (_with("--head", "HEAD", "--staged"), "contradict"),
    "unknown analysis": (_with("--only", "lnt"), "no analysis 'lnt'"),
    "no analysis": (_with("--only", ""), "'--only': it is empty"),
    "only a comma": (_with("--only", ","), "--only ,: no analysis is named"),
    "nothing to skip": (_with("--skip", " "), "'--skip': it is empty"),
    "no file to write": (_with("-o", ""), "'--output': it is empty"),
    "an empty revision": (_with("--base", ""), "'--base': it is empty"),
    "an empty path": (lambda _: [""], "it is empty"),
    "bad time": (_with("--deadline", "soon"), "--deadline soon"),
    "unknown option": (_with("--bse", "x"), "--bse"),
    "bad number": (_with("--max-parallel", "0"), "max-parallel"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_exit_code_2(
    case: str, bench: Workbench, repository: Repository
) -> None:
    arguments, words = BAD[case]

    ended = bench.run("review", *arguments(repository))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("reviewbot: ")
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_a_file_that_cannot_be_written_loses_nothing(
    bench: Workbench, repository: Repository
) -> None:
    ended = bench.run(
        *("review", str(repository.root), "--only", "lint", "--format", "json", "-o"),
        f"{repository.root}/none/x.json",
    )

    assert ended.code == 5
    assert ended.report["counts"]["introduced"] == 1
    assert "none/x.json" in ended.err


def test_a_full_disk_keeps_the_old_file_and_loses_nothing(
    bench: Workbench, repository: Repository
) -> None:
    ended = bench.run(
        "review", str(repository.root), "--only", "lint", "--format", "json", "-o", "/dev/full"
    )

    assert ended.code == 5
    assert ended.report["counts"]["introduced"] == 1


def test_a_read_only_checkout_is_reviewed(bench: Workbench, repository: Repository) -> None:
    for path in sorted(repository.root.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    repository.root.chmod(0o555)

    ended = bench.run("review", str(repository.root), "--only", "lint", "--format", "json")

    assert ended.code == 0, ended.err
    assert ended.report["counts"]["introduced"] == 1


def test_an_unwritable_cache_is_no_obstacle(bench: Workbench, repository: Repository) -> None:
    (bench.folder / ".cache").write_text("a file, no directory")

    ended = bench.run("review", str(repository.root), "--format", "json", "--only", "lint,types")

    assert ended.code == 0, ended.err
    assert ended.node("types")["status"] == "succeeded"


@pytest.mark.feature("E54")
def test_at_the_deadline_what_exists_is_printed(tmp_path: Path, repository: Repository) -> None:
    bench = Workbench.create(tmp_path / "slow", {"mypy": "sleep 600"})
    started = time.monotonic()

    ended = bench.run(
        *("review", str(repository.root), "--only", "lint,types", "--format", "json"),
        *("--deadline", "3s"),
    )

    assert time.monotonic() - started < 10
    assert ended.code == 0
    assert ended.node("types")["status"] == "timed_out"
    assert ended.node("lint")["status"] == "succeeded"
    assert not ended.report["verdict"]["complete"]


@pytest.mark.feature("E56")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupted_review_prints_what_exists_and_leaves_no_process(
    number: signal.Signals, tmp_path: Path, repository: Repository
) -> None:
    bench = Workbench.create(tmp_path / "slow", {"mypy": f"touch {tmp_path}/started; sleep 600"})
    arguments = ("review", str(repository.root), "--only", "lint,types", "--format", "json")

    with bench.start(*arguments) as process:
        _wait_for_line(process.stderr, b"lint")
        process.send_signal(number)
        started = time.monotonic()
        ended = bench.ended(process)

    assert time.monotonic() - started < 5
    assert ended.code == 130
    assert ended.node("types")["status"] == "cancelled"
    assert ended.report["counts"]["introduced"] == 1


def _wait_for_line(stream: object, word: bytes) -> None:
    for line in iter(stream.readline, b""):  # type: ignore[attr-defined]  # a pipe's own type is private
        if word in line:
            return
    raise AssertionError("the review ended before anything settled")
