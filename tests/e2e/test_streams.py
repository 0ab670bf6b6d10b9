"""Where the output goes may be closed, full or of another alphabet; what is said is never lost."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

_LINT = ("--only", "lint", "--quiet")


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.create(tmp_path / "bin")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n"})
    made.commit({"a.py": "import os\nx = 1\n"})
    return made


def _command(bench: Workbench, *arguments: str) -> list[str]:
    return [str(bench.folder / "python"), "-m", "reviewbot", *arguments]


def _in_shell(
    bench: Workbench, redirected: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line with its streams redirected by a shell."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", *_command(bench, *arguments)],
        env=bench._environment(),
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.parametrize("redirected", [">/dev/full", ">&-", ">&- <&-"])
@pytest.mark.parametrize("form", ["terminal", "json"])
def test_an_output_that_takes_nothing_is_exit_code_5(
    redirected: str, form: str, bench: Workbench, repository: Repository
) -> None:
    done = _in_shell(bench, redirected, "review", str(repository.root), *_LINT, "--format", form)

    assert done.returncode == 5
    assert done.stderr.startswith("reviewbot: standard output: ")
    assert done.stderr.count("\n") == 1


def test_every_document_notices_a_full_disk(bench: Workbench, repository: Repository) -> None:
    for command in (("schema", "review"), ("graph",), ("impact", str(repository.root))):
        assert _in_shell(bench, ">/dev/full", *command).returncode == 5, command


def test_a_full_disk_is_no_bug_of_ours(bench: Workbench) -> None:
    done = _in_shell(bench, ">/dev/full", "--help")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("redirected", [">&-", ">&- <&-", "1<&0 </dev/null"])
@pytest.mark.parametrize("wanted", ["--help", "--version"])
def test_help_that_nobody_can_read_is_exit_code_5(
    redirected: str, wanted: str, bench: Workbench
) -> None:
    done = _in_shell(bench, redirected, wanted)

    assert (done.returncode, done.stderr.count("\n")) == (5, 1)


@pytest.mark.feature("U08")
@pytest.mark.parametrize("command", ["review", "impact"])
def test_a_patch_may_come_by_standard_input(
    command: str, bench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.py": "x = 1\n"})
    patch = tmp_path / "patch"
    patch.write_text(repository.git("diff", "HEAD", "HEAD~1") + "\n")
    options = {"review": _LINT, "impact": ()}[command]

    piped = (command, str(repository.root), *options, "--diff-file", "-", "--format", "json")
    done = _in_shell(bench, f"<{patch}", *piped)
    closed = _in_shell(bench, "<&-", *piped)

    assert done.returncode == 0, done.stderr
    if command == "review":
        assert json.loads(done.stdout)["counts"]["introduced"] == 1
        assert json.loads(done.stdout)["range"].startswith("standard input applied to HEAD")
    assert closed.returncode == 2
    assert "standard input is empty" in closed.stderr


@pytest.mark.parametrize("redirected", ["2>&-", "<&- 2>&-"])
def test_without_a_place_for_messages_the_review_is_printed(
    redirected: str, bench: Workbench, repository: Repository
) -> None:
    arguments = ("review", str(repository.root), "--only", "lint", "--format", "json")
    done = _in_shell(bench, redirected, *arguments)

    assert done.returncode == 0
    assert json.loads(done.stdout)["counts"]["introduced"] == 1


@pytest.mark.parametrize("form", ["json", "terminal", "markdown"])
def test_in_an_old_locale_paths_are_read_and_written_as_utf_8(
    form: str, tmp_path: Path, bench: Workbench, repository: Repository
) -> None:
    repository.commit({"é.py": "import os\n", "\udcff.py": "import os\n"})
    environment = bench._environment() | {"LC_ALL": "C", "PYTHONUTF8": "0", "HOME": str(tmp_path)}

    done = subprocess.run(
        _command(bench, "review", str(repository.root), *_LINT, "--format", form),
        env=environment,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "é.py" in done.stdout.decode("utf-8")


def test_a_setting_cannot_steer_the_terminal(bench: Workbench, repository: Repository) -> None:
    repository.write({".reviewbot.yml": 'analyses: {"\\e[31mx\\n::error::y": {}}\n'})

    ended = bench.run("review", str(repository.root))

    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", ["review", "graph"])
def test_settings_without_an_end_are_not_read_to_it(
    command: str, bench: Workbench, repository: Repository
) -> None:
    ended = bench.run(command, str(repository.root), "--config", "/dev/zero")

    assert ended.code == 2
    assert ended.err == (
        "reviewbot: /dev/zero:1: larger than 64 KiB; settings are a page, not a book\n"
    )


@pytest.mark.parametrize("command", ["review", "impact", "graph"])
def test_a_deleted_directory_is_no_place_to_start_from(
    command: str, tmp_path: Path, bench: Workbench
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f'cd "{gone}" && rmdir "{gone}" && exec "$@"'

    done = subprocess.run(
        ["sh", "-c", line, "sh", *_command(bench, command)],
        env=bench._environment(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2
    assert "the current directory was deleted" in done.stderr


def test_without_a_place_for_temporary_files_there_is_one_line(
    bench: Workbench, repository: Repository
) -> None:
    command = _command(bench, "review", str(repository.root), *_LINT)

    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *command],
        env=bench._environment(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2, done.stderr
    assert done.stderr == "reviewbot: no temporary file can be written; set TMPDIR\n"


def test_a_cache_that_cannot_remember_is_not_used(bench: Workbench, repository: Repository) -> None:
    arguments = ("review", str(repository.root), *_LINT, "--format", "json")
    bench.run(*arguments)
    (stamp,) = bench.folder.glob(".cache/reviewbot/*/newest-stamp")
    stamp.unlink()
    stamp.mkdir()

    ended = bench.run(*arguments)

    assert ended.code == 0, ended.err
    assert ended.report["counts"]["introduced"] == 1


def test_a_reader_who_goes_away_is_no_verdict(bench: Workbench, repository: Repository) -> None:
    with bench.start("review", str(repository.root), *_LINT, "--format", "json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")
