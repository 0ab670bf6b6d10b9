"""Start one program with less power, stay as its supervisor, and leave nothing of it alive.

A program of its own: ``python -I -S launcher.py LINE CLAIM IDENTITY CPU MEMORY FILE PROCESSES OPEN
PIN FILTER CWD PROGRAM ARGUMENT...``, standard library only, nothing imported that takes time to
import.

The supervisor is the "child subreaper" (prctl(2)) of the program: whatever forks away and starts a
session of its own (``fork`` + ``setsid``) becomes a child of the supervisor and dies with the rest.

LINE is a socket to whoever started us. It says ``i`` for an interrupt; its end, also by the death
of the other side, means kill. We say one line at the end: ``denied STAGE ERRNO`` when the program
could not be started, else ``ended RETURNCODE CPU_SECONDS PROCESSES_LEFT``.

CLAIM is a descriptor that keeps IDENTITY from everybody else, or -1. We hold it to our end; the
program does not get it.
"""

import ctypes
import os
import resource
import select
import sys
import time

# the signal module costs as much as the rest of this program: it imports enum
_SIGINT, _SIGKILL, _SIGPIPE, _SIGXFSZ = 2, 9, 13, 25
# linux/prctl.h
_PARENT_DEATH_SIGNAL, _DROP_CAPABILITY, _CHILD_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 24, 36, 38
_SECCOMP, _SECCOMP_FILTER = 22, 2
# linux/capability.h: CHOWN, DAC_OVERRIDE and FOWNER, so that files of another owner stay usable
_CAPABILITIES, _FILE_OWNERSHIP = 64, {0, 1, 3}
_SWEEP_SECONDS = 2.0
_PAUSE_MS = 2
_REAP_EVERY_MS = 500

_libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> None:
    """Supervise one program from its start to the death of its last descendant."""
    line, claim, identity = map(int, arguments[:3])
    for descriptor in (line, claim):
        if descriptor >= 0:
            os.set_inheritable(descriptor, False)  # noqa: FBT003 -- takes no keyword
    _prctl(_CHILD_SUBREAPER, 1)
    program = os.fork()
    if program == 0:
        _become(line, identity, arguments[3:])
    for standard in range(3):
        os.close(standard)  # the pipes belong to the program alone: their end is its end
    supervisor = _Supervisor(line, identity, program)
    supervisor.watch()
    left = supervisor.sweep()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    _say(line, f"ended {supervisor.returncode} {usage.ru_utime + usage.ru_stime:.6f} {left}")


def _become(line: int, identity: int, arguments: list[str]) -> None:
    """Give up powers in the one order that works, then be the program. Never returns."""
    cpu, memory, file_size, processes, open_files = map(int, arguments[:5])
    pin, system_calls, cwd, *argv = arguments[5:]
    stage = "limits"
    try:
        os.setsid()
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, cpu)
        _limit(resource.RLIMIT_AS, memory)
        _limit(resource.RLIMIT_FSIZE, file_size)
        _limit(resource.RLIMIT_NOFILE, open_files)
        if pin:
            os.sched_setaffinity(0, map(int, pin.split(",")))
        stage = "identity"
        if identity:
            _limit(resource.RLIMIT_NPROC, processes)  # counts per user id: not under ours
            _take(identity)
        else:
            _drop_capabilities()
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _prctl(_PARENT_DEATH_SIGNAL, _SIGKILL)  # after the change of user, which clears it
        for number in (_SIGPIPE, _SIGXFSZ):
            _libc.signal(number, None)  # the interpreter ignores them, and exec would keep that
        stage = "cwd"
        os.chdir(cwd)
        stage = "filter"
        _filter(bytes.fromhex(system_calls))
        stage = "program"
        os.execv(argv[0], argv)  # noqa: S606 -- this is what a launcher is for
    except (OSError, ValueError) as error:
        _say(line, f"denied {stage} {getattr(error, 'errno', None) or 0}")
        os._exit(127)


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
            _take(identity)
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


def _take(identity: int) -> None:
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)


def _drop_capabilities() -> None:
    """Lose most of root's powers on exec, for a program that must keep our user id.

    Whoever has less capabilities than a process may not look into it, environment and memory
    (ptrace(2), access mode checks). Not root: there is nothing to lose and the calls fail.
    """
    for capability in range(_CAPABILITIES):
        if capability not in _FILE_OWNERSHIP:
            _libc.prctl(_DROP_CAPABILITY, capability, 0, 0, 0)


class _FilterProgram(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter(instructions: bytes) -> None:
    """Let the kernel refuse system calls (seccomp(2)); eight bytes an instruction."""
    if instructions:
        program = _FilterProgram(len(instructions) // 8, instructions)
        _prctl(_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program))


def _limit(which: int, value: int) -> None:
    """Set both limits, never above the hard limit that is there."""
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _prctl(option: int, value: int, pointer: object = 0) -> None:
    if _libc.prctl(option, value, pointer, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _say(line: int, words: str) -> None:
    try:
        os.write(line, words.encode() + b"\n")
    except OSError:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
