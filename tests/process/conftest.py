"""The hostile probe, ready to be started, and who of it is still alive."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewbot.process import Command, Limits
from reviewbot.process.identity import closed_to_others, why_impossible

_LIMITS = Limits(seconds=10)
_PYTHONS = (sys.executable, "/usr/bin/python3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """The probe in a directory of its own, whose name marks every process of it."""

    python: str
    path: Path
    cwd: Path
    separate: bool

    def attack(self, name: str, *arguments: str, limits: Limits = _LIMITS) -> Command:
        """The command that starts one attack of ``probe.py``."""
        argv = (self.python, "-I", "-S", str(self.path), name, *arguments)
        return Command(argv=argv, cwd=str(self.cwd), limits=limits)

    def survivors(self) -> list[str]:
        """The numbers of all living processes of this probe, and of all our supervisors."""
        return [*self.programs(), *map(str, supervisors(os.getpid()))]

    def programs(self) -> list[str]:
        """The numbers of all living processes whose command line names this probe."""
        return [entry.name for entry in Path("/proc").glob("[0-9]*") if self._owns(entry)]

    def _owns(self, process: Path) -> bool:
        try:
            return str(self.path).encode() in (process / "cmdline").read_bytes()
        except OSError:
            return False


def family(above: int) -> set[int]:
    """Every living process below one, which is not counted."""
    parents = dict(filter(None, map(_parentage, Path("/proc").glob("[0-9]*"))))
    found = {above}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {above}


def supervisors(above: int) -> set[int]:
    """Those of them that stand between a launcher and a program: forks of the launcher."""
    below = family(above)
    launchers = {pid for pid in below if b"launcher.serving" in _command_line(pid)}
    return {
        pid for pid in launchers if (_parentage(Path(f"/proc/{pid}")) or (0, 0))[1] in launchers
    }


def _parentage(process: Path) -> tuple[int, int] | None:
    """A living process and its parent (proc(5), stat)."""
    try:
        state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else (int(process.name), int(parent))


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that every user of the machine can enter."""
    directory = Path(tempfile.mkdtemp(prefix="reviewbot-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def make_probe(open_directory: Path) -> Callable[[bool], Probe]:
    """Build the probe that runs under a user id of its own, or under ours."""

    def make(separate: bool) -> Probe:  # noqa: FBT001 -- the one thing it is asked
        path = open_directory / "probe.py"
        shutil.copy(Path(__file__).with_name("probe.py"), path)
        closed = open_directory / "closed"
        closed.mkdir(mode=0o700)
        cwd = open_directory if separate else closed
        return Probe(python=reachable_python(), path=path, cwd=cwd, separate=separate)

    return make


@pytest.fixture
def stranger(make_probe: Callable[[bool], Probe]) -> Probe:
    """The probe under a user id of its own."""
    if reason := why_impossible():
        pytest.skip(reason)
    return make_probe(True)  # noqa: FBT003 -- same


@pytest.fixture(params=["stranger", "ourselves"])
def probe(request: pytest.FixtureRequest, make_probe: Callable[[bool], Probe]) -> Probe:
    """The probe, once under a user id of its own and once under ours."""
    separate = request.param == "stranger"
    if separate and (reason := why_impossible()):
        pytest.skip(reason)
    return make_probe(separate)


def reachable_python() -> str:
    """An interpreter that every user of the machine can start."""
    for python in _PYTHONS:
        if Path(python).exists() and not closed_to_others(python):
            return python
    pytest.skip(f"no interpreter outside closed directories: {', '.join(_PYTHONS)}")
