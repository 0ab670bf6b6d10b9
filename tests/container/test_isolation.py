"""What a pull request's code sees inside the image, under a runner: nothing that is not its own."""

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.container.as_runner import CANARY, Ended, Step, run
from tests.fakes.repository import Repository

PROBE = (Path(__file__).parent / "probe.py").read_text(encoding="utf-8")
PROJECT = {
    ".gitignore": ".venv\n",
    ".reviewbot.yml": "version: 1\n",
    "shop.py": "x: int = 1\n",
    "test_shop.py": "import shop\n\n\ndef test_x():\n    assert shop.x\n",
}
ALWAYS = {".reviewbot.yml": "version: 1\nanalyses:\n  tests: {run: always}\n"}
CHANGE = {
    "conftest.py": PROBE,
    "evil.py": PROBE + "\n\ndef plugin(version):\n    raise SystemExit\n",
    "mypy.ini": "[mypy]\nplugins = ./evil.py\n",
    "setup.py": PROBE,
    "sitecustomize.py": PROBE,
    "json.py": PROBE,
    "shop.py": "x: int = 2\n",
}
POWERS = {"secrets", "variables", "written", "internet", "docker", "killed", "root", "namespace"}
_OF_THE_RUNNER = ("GITHUB", "INPUT", "ACTIONS", "RUNNER")
ATTACKS = Path(__file__).parents[1] / "process" / "probe.py"
LAST = """
import os, sys, anyio
from reviewbot.process import Command, Sandbox, harden_self
harden_self()
attack = Command(argv=("/usr/local/bin/python", "/attacks.py", sys.argv[1]), cwd="/")
anyio.run(Sandbox().run, attack)
print(*(name for name in os.listdir("/proc") if name.isdigit()))
"""
"""Starts a hostile program as the first process of a container; prints which processes are left."""
REVIEW = ("/usr/local/bin/python", "-I", "-m", "reviewbot", "review", "--base", "main")
# A test runner and all that it needs.
RUNNER = ("pytest", "py.py", "_pytest", "pluggy", "iniconfig", "packaging", "pygments")


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A folder in which everybody may leave a word."""
    folder = tmp_path / "told"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def _reviewed(
    image: str, tmp_path: Path, told: Path, base: Mapping[str, str], change: Mapping[str, str]
) -> Ended:
    """A review of a hostile change, by the image, in a step that holds secrets."""
    repository = Repository.create(tmp_path / "workspace")
    repository.commit({**PROJECT, **base})
    repository.switch("topic", new=True)
    repository.commit(change)
    _install_pytest(image, repository.root)
    (tmp_path / "runner").mkdir()
    return run(
        Step(
            image=image,
            workspace=repository.root,
            folder=tmp_path / "runner",
            inputs={"github-token": f"{CANARY}-token"},
            arguments=(*REVIEW, "--head", "topic", "--format", "json", "--quiet"),
            mounts={told: "/told"},
        )
    )


def _install_pytest(image: str, root: Path) -> None:
    """An environment of the project that the image can start."""
    mount = f"{root}:/github/workspace"
    made = ("-I", "-m", "venv", "--without-pip", "/github/workspace/.venv")
    entry = ("--entrypoint", "/usr/local/bin/python")
    subprocess.run(["docker", "run", "--rm", "-v", mount, *entry, image, *made], check=True)
    (packages,) = (root / ".venv" / "lib").glob("python*/site-packages")
    ours = Path(sysconfig.get_path("purelib"))
    for path in (*map(ours.joinpath, RUNNER), *ours.glob("pytest-*.dist-info")):
        if path.is_dir():
            shutil.copytree(path, packages / path.name, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(path, packages / path.name)


def test_nothing_of_a_change_is_executed_by_default(image: str, tmp_path: Path, told: Path) -> None:
    ended = _reviewed(image, tmp_path, told, {}, CHANGE)

    assert ended.code == 0, ended.log
    assert list(told.iterdir()) == []
    assert CANARY not in ended.log
    assert "the change is not trusted" in json.loads(ended.log)["tests"]["reason"]


def test_tests_that_the_base_lets_run_reach_nothing(image: str, tmp_path: Path, told: Path) -> None:
    ended = _reviewed(image, tmp_path, told, ALWAYS, {"conftest.py": PROBE, "shop.py": "x = 2\n"})

    assert ended.code == 0, ended.log
    assert CANARY not in ended.log
    report = json.loads(ended.log)
    assert report["tests"]["ran"] == 1, report["tests"]
    seen = _heard(told)
    assert seen, "the probe was not run"
    for each in seen:
        assert 64000 <= each["uid"] < 64064
        assert _powers(each) == {}
        assert not [name for name in each["environment"] if name.startswith(_OF_THE_RUNNER)]
    assert [note for note in report["notes"] if "uid" in note or "filter" in note] == []


def test_the_probe_sees_and_reaches_where_nothing_is_in_its_way(
    image: str, tmp_path: Path, told: Path
) -> None:
    """The control: the same program without us between, as any tool would start it."""
    repository = Repository.create(tmp_path / "workspace")
    repository.commit({"probe.py": PROBE})
    (tmp_path / "runner").mkdir()

    run(
        Step(
            image=image,
            workspace=repository.root,
            folder=tmp_path / "runner",
            inputs={"github-token": f"{CANARY}-token"},
            arguments=("/usr/local/bin/python", "probe.py"),
            mounts={told: "/told"},
        )
    )

    (seen,) = _heard(told)
    blocked = {"namespace"}  # by the engine's own profile
    assert set(_powers(seen)) == POWERS - blocked
    assert "/proc/1/environ" in seen["secrets"]


@pytest.mark.parametrize("attack", ["daemon", "loud_daemon", "assassin"])
def test_as_first_process_of_the_container_we_leave_none_behind(image: str, attack: str) -> None:
    told = subprocess.run(
        [
            *("docker", "run", "--rm", "--volume", f"{ATTACKS}:/attacks.py:ro"),
            *("--entrypoint", "/usr/local/bin/python", image, "-I", "-c", LAST, attack),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["1"]


def _heard(told: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in told.glob("*.json")]


def _powers(seen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: seen[name] for name in POWERS if seen[name]}
