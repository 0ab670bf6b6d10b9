"""A program behind the launcher: less power, and a supervisor that outlives its whole tree."""

import math
import os
import platform
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import anyio

from reviewbot.process.child import Child, End, spawn
from reviewbot.process.command import Command, Limits
from reviewbot.process.identity import Identity
from reviewbot.process.syscalls import system_call_filter
from reviewbot.process.tree import kill_marked

_LAUNCHER = str(Path(__file__).with_name("launcher.py"))
_PATIENCE = 5.0
"""Seconds for the supervisor to end its tree; it gives up by itself after two."""

_LAST_WORDS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised(Child):
    """A supervisor and, below it, the program.

    Attributes:
        line: the socket to the supervisor; ``launcher.py`` describes what is said on it.
        home: the program's home, the mark of its processes should the supervisor be gone.
    """

    line: socket.socket
    home: str

    @classmethod
    def launch(
        cls,
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
            ToolMissing: not even the launcher can be started.
        """
        system_calls = b""
        if filtered:
            system_calls = system_call_filter(platform.machine(), network=command.network)
        line, theirs = socket.socketpair()
        with ExitStack() as on_failure, theirs:
            on_failure.enter_context(line)
            claim = identity.claim.fileno() if identity else -1
            uid = identity.uid if identity else 0
            argv = (
                *(sys.executable, "-I", "-S", _LAUNCHER),
                *map(str, (theirs.fileno(), claim, uid)),
                *_limits(command.limits),
                ",".join(map(str, sorted(command.pin or ()))),
                system_calls.hex(),
                command.cwd,
                *command.argv,
            )
            keep = [each for each in (theirs.fileno(), claim) if each >= 0]
            popen = spawn(argv, command, environment, cwd="/", keep=keep)
            on_failure.pop_all()
        pidfd = os.pidfd_open(popen.pid)
        return cls(popen=popen, pidfd=pidfd, line=line, home=environment["HOME"])

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
            os.kill(self.popen.pid, signal.SIGKILL)  # still ours to kill: it is not reaped
            await self.ended()
            self.reap()
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


def _limits(limits: Limits) -> tuple[str, ...]:
    """The five numbers the launcher wants, in its order.

    The CPU limit is no promise of its own: it only catches a tree whose supervisor and parent are
    both gone, so it lies above what all cores together can use within the wall time.
    """
    cpu = math.ceil(limits.seconds * (os.cpu_count() or 1)) + 5
    numbers = (cpu, limits.memory, limits.file_size, limits.processes, limits.open_files)
    return tuple(map(str, numbers))
