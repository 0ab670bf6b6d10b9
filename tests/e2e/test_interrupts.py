"""An interrupt at any moment is exit code 130, prompt, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

# Seconds after our first line: modules load, git reads, the tool runs. Before it Python itself is
# starting, and ends in its own words.
_MOMENTS = (0.0, 0.15, 0.45)


@pytest.mark.feature("E56")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("moment", _MOMENTS)
def test_an_interrupt_at_any_moment_is_exit_code_130(
    moment: float, number: signal.Signals, tmp_path: Path
) -> None:
    repository = Repository.create(tmp_path / "repository")
    repository.commit({"a.py": "import os\n"})
    bench = Workbench.create(tmp_path / "bin", {"ruff": "sleep 600"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = ("review", str(repository.root), "--only", "lint")

    with subprocess.Popen(
        [str(bench.folder / "python"), "-m", "reviewbot", *arguments],
        cwd=tmp_path,
        env=bench._environment() | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        while not _catches(signal.SIGTERM, process.pid):
            time.sleep(0.001)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(moment)  # it waits for ruff, however slow this machine is
        process.send_signal(number)
        started = time.monotonic()
        ended = bench.ended(process)

    assert time.monotonic() - started < 5
    assert ended.code == 130, ended.err
    assert "Traceback" not in ended.err
    assert list(scratch.iterdir()) == []


def _catches(number: signal.Signals, pid: int) -> bool:
    """Whether a process has a handler for a signal; proc(5), SigCgt."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    caught = next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:"))
    return bool(caught >> (number - 1) & 1)


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "repository")
    repository.commit({"a.py": "import os\n"})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = ("review", str(repository.root), "--only", "lint,types,security", "--quiet")
    waiting = "touch $HOME/here; sleep 600"
    stuck = Workbench.create(tmp_path / "stuck", dict.fromkeys(("ruff", "mypy", "bandit"), waiting))

    with stuck.start(*arguments, secrets={"TMPDIR": str(scratch)}) as process:
        while len(list(scratch.glob("reviewbot-*/home/here"))) < 3:
            time.sleep(0.01)
        process.kill()
    left = list(scratch.iterdir())
    for lock in scratch.glob("*/.lock"):
        os.utime(lock, (0, 0))
    whole = Workbench.create(tmp_path / "whole")
    ended = whole.run(*arguments, secrets={"TMPDIR": str(scratch)})

    assert ended.code == 0, ended.err
    assert len(left) >= 6
    assert list(scratch.iterdir()) == []


_DROPPED = """
import os, signal, sys
import anyio
from reviewbot.__main__ import Interruption
from reviewbot.cli.signals import stop_on_signals

class Dying:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)

async def listen():
    async with stop_on_signals():
        print("nobody was told")

signal.signal(signal.SIGINT, Interruption())
Dying()
try:
    anyio.run(listen)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.feature("E56")
def test_an_interrupt_that_python_drops_is_not_forgotten() -> None:
    done = subprocess.run([sys.executable, "-c", _DROPPED], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


_HALF_MADE = """
import os, signal, sys
from reviewbot.__main__ import Interruption

class Loop:
    def __init__(self):
        os.kill(os.getpid(), signal.SIGINT)
        self.socket = "never made"

    def __del__(self):
        print(self.socket)

signal.signal(signal.SIGINT, Interruption())
try:
    Loop()
except KeyboardInterrupt:
    pass
sys.exit(130)
"""


@pytest.mark.feature("E56")
def test_what_an_interrupt_left_half_made_does_not_complain() -> None:
    done = subprocess.run([sys.executable, "-c", _HALF_MADE], capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
