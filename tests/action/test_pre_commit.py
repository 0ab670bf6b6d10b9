"""The hook for pre-commit, run as pre-commit runs it."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.action.files import ROOT
from tests.fakes.repository import Repository

HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
ERROR = "def size() -> int:\n    return 'wide'\n"


def _commit(repository: Repository) -> subprocess.CompletedProcess[str]:
    """The hook's command in the repository, with the scripts of its environment on the path."""
    scripts = str(Path(sys.executable).parent)
    return subprocess.run(
        shlex.split(HOOK["entry"]),
        executable=str(Path(scripts, "reviewbot")),
        cwd=repository.root,
        env={"PATH": f"{scripts}:/usr/bin:/bin", "HOME": str(repository.root.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository.create(tmp_path / "repository")
    made.commit({"size.py": "def size() -> int:\n    return 1\n"})
    return made


@pytest.mark.feature("G24")
def test_the_hook_stops_a_commit_that_breaks_something(repository: Repository) -> None:
    repository.write({"size.py": ERROR})
    repository.git("add", "size.py")

    ended = _commit(repository)

    assert ended.returncode == 1, ended.stderr
    assert "size.py:2" in ended.stdout


@pytest.mark.feature("G24")
def test_the_hook_looks_at_what_is_staged_and_at_nothing_else(repository: Repository) -> None:
    repository.write({"size.py": "def size() -> int:\n    return 2\n"})
    repository.git("add", "size.py")
    repository.write({"size.py": ERROR})

    ended = _commit(repository)

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_hook_is_run_once_for_all_files_and_by_pythons_packaging() -> None:
    assert (HOOK["language"], HOOK["pass_filenames"]) == ("python", False)
    assert HOOK["require_serial"] is True
