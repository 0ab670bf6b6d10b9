"""Watch one program, and leave nothing of its tree alive.

The supervisor is the "child subreaper" (prctl(2)) of its program: whatever forks away and starts a
session of its own (``fork`` + ``setsid``) becomes a child of the supervisor and dies with the rest.
"""

import os
import resource
import select
import time

from .memory import Memory
from .order import read_order
from .powers import adopt_orphans, become, say, take_identity

_SIGINT, _SIGKILL = 2, 9
_SWEEP_SECONDS = 2.0
_PAUSE_MS = 2
_REAP_EVERY_MS = 500


def supervise(line: int, standard: list[int], memory: Memory) -> None:
    """Supervise one program from its start to the death of its last descendant.

    Args:
        line: a socket to whoever wants the program; the order arrives on it.
        standard: descriptors of the program's standard streams.
        memory: the programs that need not be executed.
    """
    os.setsid()
    order = read_order(line)
    if order is None:
        return  # nobody wants it any more
    adopt_orphans()
    us = os.getpid()
    program = os.fork()
    if program == 0:
        become(order, standard, line, supervisor=us, memory=memory)
    for descriptor in standard:
        os.close(descriptor)  # the pipes belong to the program alone: their end is its end
    supervisor = _Supervisor(line, order.identity, program)
    supervisor.watch()
    left = supervisor.sweep()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(line, f"ended {supervisor.returncode} {usage.ru_utime + usage.ru_stime:.6f} {left}")


class _Supervisor:
    """Watches the program and reaps every orphan of its tree."""

    def __init__(self, line: int, identity: int, program: int) -> None:
        self.line = line
        self.identity = identity
        self.program = program
        self.returncode: int | None = None

    def watch(self) -> None:
        """Wait until the program ended or the line did."""
        ended = os.pidfd_open(self.program)
        poll = select.poll()
        poll.register(self.line, select.POLLIN)
        poll.register(ended, select.POLLIN)
        while self.returncode is None:
            ready = {descriptor for descriptor, _ in poll.poll(_REAP_EVERY_MS)}
            if self.line in ready and not self._obey():
                return
            self._reap()

    def sweep(self) -> int:
        """Kill until nothing of the tree is alive; how many were left when time was up."""
        until = time.monotonic() + _SWEEP_SECONDS
        while self._reap():
            if time.monotonic() > until:
                return sum(1 for _ in _descendants())
            _kill_all(self.identity)
            select.select((), (), (), _PAUSE_MS / 1000)
        return 0

    def _obey(self) -> bool:
        if os.read(self.line, 1) != b"i":
            return False
        if self.returncode is None:
            os.killpg(self.program, _SIGINT)
        return True

    def _reap(self) -> bool:
        """Collect every dead child; True while there are others."""
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                if pid == self.program:
                    self.returncode = os.waitstatus_to_exitcode(status)
        except ChildProcessError:
            return False


def _kill_all(identity: int) -> None:
    """Kill the tree: at once by its user id where it has one, else process by process."""
    if not identity:
        for pid in _descendants():
            _kill(pid)
        return
    killer = os.fork()
    if killer == 0:
        try:
            take_identity(identity)
            os.kill(-1, _SIGKILL)  # one sweep inside the kernel, which no fork can outrun
        finally:
            os._exit(0)
    os.waitpid(killer, 0)


def _descendants() -> list[int]:
    """Every living process below us, by the parents that proc(5) names."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 -- pathlib is slow to import
        if name.isdigit() and (parent := _living_parent(name)):
            children.setdefault(parent, []).append(int(name))
    found = [os.getpid()]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found[1:]


def _living_parent(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123 -- same
            state, parent = stat.read().rpartition(b")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state == b"Z" else int(parent)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, _SIGKILL)
    except ProcessLookupError:
        return
