"""A test in which a client misbehaves fails, by itself."""

import subprocess
import sys
from pathlib import Path

from tests.ledger import ROOT

_CONFTEST = "from tests.fakes.github.fixture import github_server, hub\n"
_TESTS = """
from tests.fakes.asking import Client

def test_fine(hub):
    assert Client(hub.api_url, hub.actions_token()).get("/rate_limit").status == 200

def test_no_version(hub):
    Client(hub.api_url, hub.actions_token(), version=None).get("/rate_limit")

def test_fine_again(hub):
    assert hub.violations == []
"""


def test_a_violation_fails_the_test_that_caused_it_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_it.py").write_text(_TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "3 passed, 1 error" in done.stdout
    assert "ERROR" in done.stdout
    assert "test_no_version" in done.stdout.rpartition("short test summary")[2]
    assert "x-github-api-version is None" in done.stdout
