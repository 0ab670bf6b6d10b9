"""A started program: its pipes, its end, and its kill."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Self

import anyio

from reviewbot.errors import ToolMissing
from reviewbot.process.command import Command
from reviewbot.process.tree import kill_session


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a program and its tree ended.

    Attributes:
        returncode: its exit code, negative for a signal; None when nobody saw it end.
        cpu_seconds: user and system time of the tree.
        left: processes of the tree that could not be killed.
        denied: what of the isolation refused to start it, as (stage, errno).
    """

    returncode: int | None
    cpu_seconds: float = 0.0
    left: int = 0
    denied: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A running program in a session of its own, with nothing between it and us.

    Attributes:
        popen: its number and pipes.
        pidfd: turns readable when it has ended.
    """

    popen: subprocess.Popen[bytes]
    pidfd: int

    @classmethod
    def start(cls, command: Command, environment: Mapping[str, str]) -> Self:
        """Start `command`; see ``spawn`` for what it raises."""
        popen = spawn(command.argv, command, environment, cwd=command.cwd)
        return cls(popen=popen, pidfd=os.pidfd_open(popen.pid))

    @property
    def stdin(self) -> IO[bytes]:
        """The writable end of its standard input; there is none without content."""
        return _asked_for(self.popen.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """The readable end of its standard output."""
        return _asked_for(self.popen.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        """The readable end of its standard error."""
        return _asked_for(self.popen.stderr)

    async def ended(self) -> None:
        """Wait for the program's end; it is not reaped yet."""
        await anyio.wait_readable(self.pidfd)

    def interrupt(self) -> None:
        """Ask it to end and to write what it has."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGINT)

    async def finish(self) -> End:
        """Kill what is left of the tree and reap it."""
        kill_session(self.popen.pid)
        await self.ended()
        returncode, cpu_seconds = self.reap()
        return End(returncode=returncode, cpu_seconds=cpu_seconds)

    def reap(self) -> tuple[int, float]:
        """The exit code and CPU seconds of what has ended.

        By its number: waiting for any child would steal the exit codes of others.
        """
        _, status, usage = os.wait4(self.popen.pid, 0)
        os.close(self.pidfd)
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        return self.popen.returncode, usage.ru_utime + usage.ru_stime


def spawn(
    argv: Sequence[str],
    command: Command,
    environment: Mapping[str, str],
    *,
    cwd: str,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` with the pipes that `command` needs, and no other descriptor but `keep`.

    Raises:
        ToolMissing: it cannot be started; the message names the reason.
    """
    try:
        return subprocess.Popen(  # noqa: S603 -- this is the door; argv is no shell line
            argv,
            bufsize=0,
            stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment,
            start_new_session=True,
            pass_fds=keep,
        )
    except OSError as error:
        raise ToolMissing(f"{command.name} cannot be started: {error.strerror}") from error


def _asked_for(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("this pipe was not asked for")
    return stream
