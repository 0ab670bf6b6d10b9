"""A program behind the launcher: less power, and a supervisor that outlives its whole tree."""

import math
import os
import platform
import signal
import socket
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO, Self

import anyio

from reviewbot.errors import ToolMissing
from reviewbot.process.child import End
from reviewbot.process.command import Command, Limits
from reviewbot.process.identity import Identity
from reviewbot.process.launcher.order import pack
from reviewbot.process.launching import Launcher
from reviewbot.process.pipes import Pipes
from reviewbot.process.streams import send
from reviewbot.process.syscalls import system_call_filter
from reviewbot.process.tree import kill_marked

_PATIENCE = 5.0
"""Seconds for the supervisor to end its tree; it gives up by itself after two."""

_LAST_WORDS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """A supervisor and, below it, the program.

    Attributes:
        pipes: to the program.
        pidfd: turns readable when the supervisor has ended.
        line: the socket to the supervisor; ``launcher/__init__.py`` says what is said on it.
        home: the program's home, the mark of its processes should the supervisor be gone.
    """

    pipes: Pipes
    pidfd: int
    line: socket.socket
    home: str

    @classmethod
    async def launch(
        cls,
        launcher: Launcher,
        command: Command,
        environment: Mapping[str, str],
        identity: Identity | None,
        *,
        filtered: bool,
    ) -> Self:
        """Start `command` under an identity of its own, or under ours.

        The supervisor holds the claim too: when we are killed, the user id stays taken until what
        runs under it is dead.

        Raises:
            ToolMissing: not even the launcher can be started, or no pipe be opened.
            ToolCrashed: the launcher does not answer.
        """
        uid, claim = (identity.uid, [identity.claim.fileno()]) if identity else (0, [])
        order = pack(_fields(command, environment, uid, filtered=filtered))
        with ExitStack() as on_failure:
            try:
                pipes = Pipes.open(on_failure, stdin=bool(command.stdin))
            except OSError as error:
                raise ToolMissing(f"{command.name} cannot be started: {error.strerror}") from error
            streams = [each.fileno() for each in pipes.theirs]
            line, pidfd = await launcher.supervisor([*streams, *claim], command)
            on_failure.enter_context(line)
            on_failure.callback(os.close, pidfd)
            await send(line, order)
            on_failure.pop_all()
        for each in pipes.theirs:
            each.close()
        return cls(pipes=pipes, pidfd=pidfd, line=line, home=environment["HOME"])

    @property
    def stdin(self) -> IO[bytes]:
        """See ``Child``."""
        return self.pipes.input

    @property
    def stdout(self) -> IO[bytes]:
        """See ``Child``."""
        return self.pipes.stdout

    @property
    def stderr(self) -> IO[bytes]:
        """See ``Child``."""
        return self.pipes.stderr

    async def ended(self) -> None:
        """Wait for the end of the supervisor, which is that of the whole tree."""
        await anyio.wait_readable(self.pidfd)

    def interrupt(self) -> None:
        """Ask the program to end and to write what it has."""
        with suppress(OSError):
            self.line.send(b"i")

    async def finish(self) -> End:
        """Let the supervisor kill what is left, and hear how it went."""
        with self.line:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_WR)
            with anyio.move_on_after(_PATIENCE):
                await self.ended()
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            await self.ended()
            os.close(self.pidfd)
            return self._understand(self._last_words())

    def _last_words(self) -> list[str]:
        try:
            return self.line.recv(_LAST_WORDS, socket.MSG_DONTWAIT).decode().split()
        except OSError:
            return []

    def _understand(self, words: list[str]) -> End:
        match words:
            case ["denied", stage, number, *_]:
                return End(returncode=None, denied=(stage, int(number)))
            case ["ended", returncode, cpu_seconds, left]:
                return End(
                    returncode=int(returncode), cpu_seconds=float(cpu_seconds), left=int(left)
                )
            case _:
                kill_marked(self.home)
                return End(returncode=None)


def _fields(
    command: Command, environment: Mapping[str, str], uid: int, *, filtered: bool
) -> list[str]:
    """The order in the words of ``launcher/order.py``."""
    system_calls = b""
    if filtered:
        system_calls = system_call_filter(platform.machine(), network=command.network)
    return [
        str(uid),
        *_limits(command.limits),
        ",".join(map(str, sorted(command.pin or ()))),
        system_calls.hex(),
        command.cwd,
        str(len(environment)),
        *(f"{name}={value}" for name, value in environment.items()),
        *command.argv,
    ]


def _limits(limits: Limits) -> tuple[str, ...]:
    """The five numbers the launcher wants, in its order.

    The CPU limit is no promise of its own: it only catches a tree whose supervisor and parent are
    both gone, so it lies above what all cores together can use within the wall time.
    """
    cpu = math.ceil(limits.seconds * (os.cpu_count() or 1)) + 5
    numbers = (cpu, limits.memory, limits.file_size, limits.processes, limits.open_files)
    return tuple(map(str, numbers))
