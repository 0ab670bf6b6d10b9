"""A started program: its pipes, its end, and its kill."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Protocol, Self

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


class Child(Protocol):
    """A running program, whoever stands between it and us."""

    @property
    def stdin(self) -> IO[bytes]:
        """The writable end of its standard input, for whoever has something to say."""
        ...

    @property
    def stdout(self) -> IO[bytes]:
        """The readable end of its standard output."""
        ...

    @property
    def stderr(self) -> IO[bytes]:
        """The readable end of its standard error."""
        ...

    async def ended(self) -> None:
        """Wait for the program's end."""
        ...

    def interrupt(self) -> None:
        """Ask it to end and to write what it has."""
        ...

    async def finish(self) -> End:
        """Kill what is left of the tree, and see its end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectChild:
    """A running program in a session of its own, with nothing between it and us.

    Attributes:
        popen: its number and pipes.
        pidfd: turns readable when it has ended.
    """

    popen: subprocess.Popen[bytes]
    pidfd: int

    @classmethod
    def start(cls, command: Command, environment: Mapping[str, str]) -> Self:
        """Start `command`.

        Raises:
            ToolMissing: it cannot be started; the message names the reason.
        """
        try:
            popen = subprocess.Popen(  # noqa: S603 -- this is the door; argv is no shell line
                command.argv,
                bufsize=0,
                stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=command.cwd,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise ToolMissing(f"{command.name} cannot be started: {error.strerror}") from error
        return cls(popen=popen, pidfd=os.pidfd_open(popen.pid))

    @property
    def stdin(self) -> IO[bytes]:
        """See ``Child``."""
        return _asked_for(self.popen.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """See ``Child``."""
        return _asked_for(self.popen.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        """See ``Child``."""
        return _asked_for(self.popen.stderr)

    async def ended(self) -> None:
        """Wait for the program's end; it is not reaped yet."""
        await anyio.wait_readable(self.pidfd)

    def interrupt(self) -> None:
        """Ask it to end and to write what it has."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGINT)

    async def finish(self) -> End:
        """Kill what is left of the tree and reap it.

        By its number: waiting for any child would steal the exit codes of others.
        """
        kill_session(self.popen.pid)
        await self.ended()
        _, status, usage = os.wait4(self.popen.pid, 0)  # noqa: ASYNC222 -- it has ended
        os.close(self.pidfd)
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        return End(returncode=self.popen.returncode, cpu_seconds=usage.ru_utime + usage.ru_stime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A program of our own that sees nothing of ours and says nothing but over one descriptor."""

    popen: subprocess.Popen[bytes]

    @classmethod
    def start(cls, argv: Sequence[str], *, keep: int, environment: Mapping[str, str]) -> Self:
        """Start it with the descriptor `keep`.

        Raises:
            ToolMissing: it cannot be started; the message names the reason.
        """
        try:
            popen = subprocess.Popen(  # noqa: S603 -- same
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment,
                start_new_session=True,
                pass_fds=(keep,),
            )
        except OSError as error:
            raise ToolMissing(f"{argv[0]} cannot be started: {error.strerror}") from error
        return cls(popen=popen)

    def kill(self) -> None:
        """End it, whatever it does."""
        self.popen.kill()

    def reap(self, seconds: float) -> None:
        """Wait until it ended; kill it when that takes longer."""
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self.popen.wait()


def _asked_for(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("this pipe was not asked for")
    return stream
