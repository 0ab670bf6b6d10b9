"""Attacks on the tools, each a real repository reviewed as a stranger's change.

The rows are those of the threat model: settings of tools that run code or write files (A1, A2),
settings that hide findings (A3), modules with a tool's name (A4), links out of the tree (A8),
attributes that hide lines (A10), caches that were prepared (A14).
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.workbench import Ended, Workbench
from tests.fakes.repository import Content, Link, Repository

_CANARY = "RB_CANARY_6f1d2c"
_FLAW = "import subprocess\n\nsubprocess.call('ls', shell=True)\n"


def _mypy(key: str) -> Mapping[str, Content | Link]:
    return {
        "mypy.ini": f"[mypy]\n{key}\n",
        "setup.cfg": f"[mypy]\n{key}\n",
        "evil.py": "open('TRIP', 'w')\n\n\ndef plugin(version):\n    open('TRIP', 'w')\n",
        "evil.sh": "#!/bin/sh\ntouch TRIP\n",
    }


_ATTACKS: Mapping[str, Mapping[str, Content | Link]] = {
    "A1 plugin": _mypy("plugins = ./evil.py"),
    "A1 interpreter": _mypy("python_executable = ./evil.sh"),
    "A1 report": _mypy("junit_xml = TRIP"),
    "A1 cache": _mypy("cache_dir = TRIP"),
    "A1 coverage": _mypy("linecount_report = TRIP"),
    "A2 extended": {"ruff.toml": 'extend = "SECRET"\n'},
    "A2 cache": {"ruff.toml": 'cache-dir = "TRIP"\n'},
    "A2 excluded": {"ruff.toml": 'exclude = ["**"]\n[lint]\nignore = ["ALL"]\n'},
    "A2 version": {"ruff.toml": 'required-version = ">=99"\n'},
    "A3 skipped": {".bandit": "[bandit]\nskips = B404,B602,B607\nexclude = *\n"},
    "A4 modules": {
        f"{name}.py": "open('TRIP', 'w')\n"
        for name in ("bandit", "mypy", "ruff", "json", "yaml", "sitecustomize", "usercustomize")
    },
    "A8 link": {"link.py": Link("SECRET"), "folder": Link("/etc")},
    "A10 attributes": {".gitattributes": "*.py -diff filter=x diff=x\n"},
    "A14 caches": {".mypy_cache/CACHEDIR.TAG": "x", ".ruff_cache/0.1/x": "x"},
}


@pytest.mark.parametrize("attack", _ATTACKS)
def test_an_attack_on_a_tool_hides_runs_and_reads_nothing(attack: str, tmp_path: Path) -> None:
    trip, secret = tmp_path / "trip", tmp_path / "secret"
    secret.write_text(f"token = '{_CANARY}'\n")
    repository = Repository.create(tmp_path / "repository")
    repository.git("config", "user.token", _CANARY)
    base = repository.commit({"good.py": "x = 1\n"})
    repository.commit(
        {path: _aimed(content, trip, secret) for path, content in _ATTACKS[attack].items()}
        | {"flaw.py": _FLAW}
    )

    ended = _reviewed(tmp_path, repository, base)

    assert ended.code == 0, ended.err
    assert not trip.exists()
    assert _CANARY not in ended.out + ended.err
    assert {"B404", "B602"} <= _rules(ended, "flaw.py")


def _reviewed(tmp_path: Path, repository: Repository, base: str) -> Ended:
    """As a stranger's change, by the analyses that read settings of the checkout."""
    bench = Workbench.create(tmp_path / "bin")
    request = ("review", str(repository.root), "--base", base, "--head", "HEAD", "--untrusted")
    return bench.run(*request, "--only", "lint,types,security", "--format", "json", "--all")


def _aimed(content: Content | Link, trip: Path, secret: Path) -> Content | Link:
    """The attack with the places that it would write to and read from."""
    if isinstance(content, Link):
        return Link(content.target.replace("SECRET", str(secret)))
    text = content.decode() if isinstance(content, bytes) else content
    return text.replace("TRIP", str(trip)).replace("SECRET", str(secret))


def _rules(ended: Ended, path: str) -> set[str]:
    return {each["rule"] for each in ended.report["findings"] if each["path"] == path}
