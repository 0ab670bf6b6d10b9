"""A few of the kills of benchmarks/kills.py: the whole campaign takes minutes."""

import subprocess
import sys

import pytest

from tests.ledger import ROOT


@pytest.mark.feature("S03")
def test_a_run_that_is_killed_loses_nothing_and_does_nothing_twice() -> None:
    few = ["--rounds", "1", "--step", "9", "--random", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *few],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()[1:]
    assert len(lines) == 3
    assert all("lost 0, twice 0, early 0, other 0" in line for line in lines)
    assert not any(" 0 kills" in line for line in lines)
