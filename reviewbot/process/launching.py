"""Our side of the launcher: one program of ours that forks a supervisor for each of theirs."""

import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import anyio

from reviewbot.errors import ToolCrashed
from reviewbot.process.child import Service
from reviewbot.process.command import Command
from reviewbot.process.environment import NO_HOME, child_environment
from reviewbot.process.preloaded import Preloaded

_FOLDER = str(Path(__file__).parent)
_START = """\
import sys
sys.path.append(sys.argv[1])
from launcher.serving import serve
sys.path.pop()
serve(int(sys.argv[2]), sys.argv[3:])
"""
"""``launcher`` is imported as a package of its own: its parents would bring the whole house."""
_ROOM = {"ROOM": "." * 4096}
"""Memory in which a program that is forked from it can show its own environment."""
_ATTEMPTS = 2
_PATIENCE = 5.0
_LAST_SECOND = 1.0


class Launcher:
    """Gives supervisors; it runs while somebody holds it.

    One that does not answer within `patience` seconds, because it is stopped or dead, is replaced.

    Args:
        programs: what it imports while nobody asks for anything, so that starting one is a fork.
        patience: see above.
    """

    def __init__(self, programs: Iterable[Preloaded] = (), patience: float = _PATIENCE) -> None:
        self._programs = tuple(programs)
        self._patience = patience
        self._running: _Running | None = None
        self._holders = 0

    def keeps(self, command: Command) -> bool:
        """Whether it has imported a program, or will have, and somebody keeps it running."""
        return self._holders > 0 and self._place(command) > 0

    def start(self) -> None:
        """Let it run from now on; see ``held``."""
        self._current()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep it running, so that the next program need not wait for an interpreter.

        In the main thread: the launcher dies with the thread that started it (prctl(2)).

        Raises:
            ToolMissing: it cannot be started.
        """
        self._current()
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if self._running and not self._holders:
                self._give_up(self._running)

    async def supervisor(
        self, descriptors: Sequence[int], command: Command | None = None
    ) -> tuple[socket.socket, int]:
        """A supervisor for a program; should one have killed the launcher, from another launcher.

        Args:
            descriptors: the three standard streams of the program, then whatever the supervisor is
                to hold to its end and the program not to get.
            command: the program, in case it has to be imported first.

        Returns:
            Our line to it, on which it waits for its order, and its pidfd; both ours to close.

        Raises:
            ToolMissing: the launcher cannot be started.
            ToolCrashed: it does not answer.
        """
        needed = self._place(command).to_bytes()
        for _ in range(_ATTEMPTS):
            running = self._current()
            line, theirs = socket.socketpair()
            with ExitStack() as on_failure:
                on_failure.enter_context(line)
                line.setblocking(False)  # noqa: FBT003 -- takes no keyword
                with theirs, suppress(OSError):
                    socket.send_fds(running.control, [needed], [theirs.fileno(), *descriptors])
                pidfd = await self._answer(line)
                if pidfd is not None:
                    on_failure.pop_all()
                    return line, pidfd
            running.process.kill()
            self._give_up(running)
        raise ToolCrashed("the launcher of programs does not answer")

    def _place(self, command: Command | None) -> int:
        """The place of a program among those that are imported, from 1; 0 when it is none."""
        places = enumerate(self._programs, 1)
        return next((place for place, each in places if command and each.starts(command)), 0)

    async def _answer(self, line: socket.socket) -> int | None:
        """The pidfd that comes over a new line; None when nobody is there to send it."""
        with anyio.move_on_after(self._patience), suppress(OSError):
            await anyio.wait_readable(line)
            _, descriptors, _, _ = socket.recv_fds(line, 1, 1, socket.MSG_CMSG_CLOEXEC)
            return descriptors[0] if descriptors else None
        return None

    def _current(self) -> "_Running":
        if self._running is None:
            self._running = _Running.start(self._programs)
        return self._running

    def _give_up(self, running: "_Running") -> None:
        if self._running is running:  # nobody else did
            self._running = None
            running.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """A launcher: its process, and the socket that asks it for supervisors."""

    process: Service
    control: socket.socket

    @classmethod
    def start(cls, programs: Iterable[Preloaded]) -> Self:
        """Start it in the environment of every child, which holds nothing of ours."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as on_failure, theirs:
            on_failure.enter_context(control)
            control.setblocking(False)  # noqa: FBT003 -- takes no keyword
            words = (word for each in programs for word in each.words)
            number = theirs.fileno()
            argv = (sys.executable, "-s", "-S", "-c", _START, _FOLDER, str(number), *words)
            environment = child_environment(NO_HOME, _ROOM)
            process = Service.start(argv, keep=number, environment=environment)
            on_failure.pop_all()
        return cls(process=process, control=control)

    def end(self) -> None:
        """Let it end, and see that it did; the supervisors it gave live on."""
        self.control.close()
        self.process.reap(_LAST_SECOND)
