"""What is asked of a program, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reviewbot.errors import ToolCrashed

_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a program may take before it is stopped.

    Attributes:
        seconds: wall time; the whole process tree is killed after it.
        memory: address space in bytes, per process (``RLIMIT_AS``; counts what is reserved).
        file_size: the largest file it may write, in bytes.
        processes: processes and threads at a time; only bites for a user id of its own.
        open_files: file descriptors per process.
        stdout: bytes of standard output; the program is killed when it writes more.
        stderr: bytes of standard error that are kept, from its end; the rest is drained.
    """

    seconds: float = 120
    memory: int = 4096 * _MIB
    file_size: int = 256 * _MIB
    processes: int = 128
    open_files: int = 1024
    stdout: int = 16 * _MIB
    stderr: int = 64 << 10

    def flood(self, name: str) -> ToolCrashed:
        """What to raise when the program `name` wrote more than `stdout`."""
        cap = f"{self.stdout >> 20} MiB" if self.stdout >= _MIB else f"{self.stdout} bytes"
        return ToolCrashed(f"{name} wrote more than {cap}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One program to run.

    Attributes:
        argv: the program, by absolute path, and its arguments. Readable by everybody on the
            machine while it runs: never a secret.
        cwd: absolute path of the directory to start in.
        stdin: what it reads; nothing means ``/dev/null``.
        environment: added to the fixed list of ``environment.py``; never a secret.
        writable: directories its user id must be able to write: handed over before it starts,
            taken back after it ended.
        limits: see Limits.
        isolated: False only for git on one's own repository: no launcher, no other user id, no
            home and no resource limits; the same environment, the same output caps, the same kill.
        interrupt_first: at its deadline it gets SIGINT and two seconds before it is killed.
        network: whether it may open sockets that leave the machine or reach its other programs;
            a program that is not isolated always may.
        pin: the CPUs it may run on; None for all. Only when isolated.
        slowest: it decides how long everything takes: while it runs, others leave it a core.
    """

    argv: tuple[str, ...]
    cwd: str
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)
    writable: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    isolated: bool = True
    interrupt_first: bool = False
    network: bool = False
    pin: frozenset[int] | None = None
    slowest: bool = False

    @property
    def name(self) -> str:
        """The program's own name, for messages."""
        return self.argv[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A program that ended by itself, well or badly.

    Attributes:
        returncode: its exit code; negative for the signal that ended it.
        stdout: all it wrote there.
        stderr: the end of what it wrote there.
        seconds: wall time.
        cpu_seconds: user and system time of its whole process tree, as far as it was reaped.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    cpu_seconds: float


class Programs(Protocol):
    """Whoever can run a program: the Sandbox, or a fake in a test."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the isolation is not possible here, one line each."""
        ...

    async def run(self, command: Command) -> Completed:
        """Run it to its end; see ``Sandbox.run`` for the errors."""
        ...
