"""The image as it is shipped."""

import json
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.repository import Repository

CASE = Path(__file__).parents[1] / "repos" / "signature_change"
LARGEST = 250_000_000
PYTHON = ("--entrypoint", "/usr/local/bin/python")
REVIEW = ("-I", "-m", "reviewbot", "review", "--base", "main", "--head", "topic")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A change with findings of several tools in several files."""
    made = Repository.create(tmp_path / "repository")
    made.commit(_files(CASE / "base"))
    made.switch("topic", new=True)
    made.commit(_files(CASE / "head"))
    return made


def _files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def _docker(*arguments: str) -> str:
    """What docker prints."""
    ended = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
    return ended.stdout


@pytest.mark.feature("G23")
def test_it_is_small(image: str) -> None:
    packed, size = zlib.compressobj(level=1), 0
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
        assert saved.stdout is not None
        while data := saved.stdout.read(1 << 20):
            size += len(packed.compress(data))
    size += len(packed.flush())
    assert saved.returncode == 0
    assert 10_000_000 < size < LARGEST


@pytest.mark.feature("G23")
def test_nothing_in_it_installs_or_compiles(image: str) -> None:
    program = (
        "import importlib.util as u, shutil; print("
        "[each for each in ('pip', 'ensurepip', 'setuptools', 'hatchling') if u.find_spec(each)],"
        "[each for each in ('pip', 'pip3', 'gcc', 'cc', 'make', 'curl') if shutil.which(each)])"
    )
    assert _docker("run", "--rm", *PYTHON, image, "-I", "-c", program).strip() == "[] []"


def test_all_of_it_is_compiled_once_and_for_all(image: str) -> None:
    program = (
        "import importlib.util as u, pathlib; print([each for each in"
        " ('json', 'reviewbot.pipeline', 'bandit.core.manager', 'click.core')"
        " if not pathlib.Path(u.find_spec(each).cached).exists()])"
    )
    assert _docker("run", "--rm", *PYTHON, image, "-I", "-c", program).strip() == "[]"


def test_it_starts_as_root_and_deaf_to_the_workspace(image: str) -> None:
    (shown,) = json.loads(_docker("image", "inspect", image))
    assert shown["Config"]["User"] == ""
    assert shown["Config"]["Entrypoint"] == [
        *("/usr/local/bin/python", "-I", "-m", "reviewbot", "action")
    ]
    assert not [each for each in shown["Config"]["Env"] if each.startswith("PYTHONPATH")]


@pytest.mark.feature("U09")
def test_without_network_and_token_it_finds_what_is_found_at_the_desk(
    image: str, repository: Repository
) -> None:
    mounted = ("--volume", f"{repository.root}:/workspace", "--workdir", "/workspace")
    printed = ("--format", "json", "--quiet")
    there = json.loads(
        _docker("run", "--rm", "--network=none", *mounted, *PYTHON, image, *REVIEW, *printed)
    )
    here = subprocess.run(
        [sys.executable, *REVIEW, *printed],
        cwd=repository.root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(repository.root.parent), "CI": "true"},
        capture_output=True,
        check=True,
    )
    assert _said(json.loads(here.stdout)) == _said(there)
    assert len(there["findings"]) == 7


def _said(report: dict[str, Any]) -> str:
    return json.dumps({name: report[name] for name in ("findings", "counts", "verdict")}, indent=1)


@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_a_cancelled_step_ends_at_once_and_says_so(
    image: str, repository: Repository, tmp_path: Path, signal: str
) -> None:
    """As first process of a container nobody but us ends us: the kernel's default does nothing."""
    name = f"reviewbot-cancelled-{tmp_path.name}-{signal.lower()}"
    mounted = ("--volume", f"{repository.root}:/workspace", "--workdir", "/workspace")
    command = ["docker", "run", "--rm", "--name", name, *mounted, *PYTHON, image, *REVIEW]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()  # the first analysis has ended, others are at work
        started = time.monotonic()
        _docker("kill", f"--signal={signal}", name)
        printed, _ = process.communicate()
    assert process.returncode == 130
    assert time.monotonic() - started < 5
    assert b"Reviewed topic" in printed
