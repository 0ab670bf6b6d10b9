"""Run a program with as little power as this machine allows, and leave nothing of it behind."""

import errno
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import cached_property

from reviewbot.errors import ToolCrashed, ToolMissing
from reviewbot.process.child import DirectChild, End
from reviewbot.process.command import Command, Completed
from reviewbot.process.conversation import Conversation
from reviewbot.process.cores import Cores
from reviewbot.process.environment import NO_HOME, child_environment
from reviewbot.process.identity import Identity, closed_program, closed_to_others, why_impossible
from reviewbot.process.launching import Launcher
from reviewbot.process.preloaded import Preloaded
from reviewbot.process.scratch import home, lent
from reviewbot.process.supervised import Supervised
from reviewbot.process.syscalls import why_unfiltered


class Sandbox:
    """The only door to a program.

    Args:
        preloaded: programs that are imported once and forked then, while the door is ``ready``.
    """

    def __init__(self, preloaded: Iterable[Preloaded] = ()) -> None:
        self._preloaded = tuple(preloaded)
        self._unreachable: dict[str, str] = {}
        self._examined: set[str] = set()
        self._spoiled: list[ExitStack] = []
        self._cores = Cores()
        self._launcher = Launcher()
        self._warm = Launcher(self._preloaded)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the isolation is not possible here, one line each.

        What the machine forbids is known at once; a program or directory that another user id
        cannot reach is known when it was asked for.
        """
        identity = self._no_identities or _interpreter_note()
        notes = (identity, self._no_filter, *self._unreachable.values())
        return tuple(note for note in dict.fromkeys(notes) if note)

    @cached_property
    def _no_identities(self) -> str:
        return why_impossible()

    @cached_property
    def _no_filter(self) -> str:
        return why_unfiltered()

    def start(self) -> None:
        """Start what starts programs, for whoever has something to do before ``ready``.

        In the main thread: it dies with the thread that started it (prctl(2)).

        Raises:
            ToolMissing: it cannot be started.
        """
        if self._preloaded:
            self._warm.start()
        self._launcher.start()

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[None]:
        """Inside, programs start without waiting for an interpreter; in the main thread.

        Raises:
            ToolMissing: what starts them cannot be started.
        """
        with ExitStack() as held:
            if self._preloaded:
                held.enter_context(self._warm.held())
            held.enter_context(self._launcher.held())
            yield

    async def run(self, command: Command) -> Completed:
        """Run `command` to its end; a non-zero exit code is no error here.

        When it is cancelled, the whole tree is dead before the cancellation goes on. What part of
        the isolation turns out to be impossible is left out and noted; it never fails the program.

        Raises:
            ToolMissing: it cannot be started.
            ToolTimedOut: its time was up; the whole tree was killed.
            ToolCrashed: it wrote more to standard output than the limit, or its end could not be
                seen or enforced; the tree was killed.
        """
        if not command.isolated:
            return await _run_directly(command)
        with self._cores.shared(command) as placed, self._launcher.held():
            return await self._run_isolated(placed)

    async def _run_isolated(self, command: Command) -> Completed:
        while True:
            separate = not self._no_identities and self._reachable(command)
            run = self._run_as_stranger(command) if separate else self._run_as(None, command)
            conversation, end = await run
            if not self._learns(command, end, separate=separate):
                return _conclude(conversation, end)

    async def _run_as_stranger(self, command: Command) -> tuple[Conversation, End]:
        identity = await Identity.take()
        with ExitStack() as claim:
            claim.callback(identity.release)
            conversation, end = await self._run_as(identity, command)
            if end.left:  # somebody still lives under this number: nobody else may
                self._spoiled.append(claim.pop_all())
        return conversation, end

    async def _run_as(
        self, identity: Identity | None, command: Command
    ) -> tuple[Conversation, End]:
        uid = identity.uid if identity else None
        async with lent(command.writable, uid), home(uid) as path:
            environment = child_environment(path, command.environment)
            child = await self._launched(command, environment, identity)
            conversation = Conversation(command=command, child=child)
            return conversation, await conversation.hold()

    async def _launched(
        self, command: Command, environment: Mapping[str, str], identity: Identity | None
    ) -> Supervised:
        filtered = not self._no_filter
        if self._warm.keeps(command):
            with suppress(ToolCrashed):  # an import that ended it; as a program it may run
                return await Supervised.launch(
                    self._warm, command, environment, identity, filtered=filtered
                )
        return await Supervised.launch(
            self._launcher, command, environment, identity, filtered=filtered
        )

    def _reachable(self, command: Command) -> bool:
        """Whether another user id can start it; an attempt in vain costs as much as a good one."""
        program = command.argv[0]
        if program not in self._examined:
            self._examined.add(program)
            if closed_program(program):
                self._learn_closed(program)
        return self._unreachable.keys().isdisjoint((command.argv[0], command.cwd))

    def _learns(self, command: Command, end: End, *, separate: bool) -> bool:
        """Remember which part of the isolation kept the program away; False when none did."""
        match end.denied:
            case ("filter", number) if not self._no_filter:
                self._no_filter = f"no system call filter: {os.strerror(number)}"
            case ("identity", number) if separate:
                self._no_identities = f"no other uid: {os.strerror(number)}"
            case ("cwd", errno.EACCES) if separate:
                self._unreachable[command.cwd] = _closed(command.cwd)
            case ("program", errno.EACCES) if separate:
                self._learn_closed(command.argv[0])
            case _:
                return False
        return True

    def _learn_closed(self, program: str) -> None:
        note = _closed(program) if closed_to_others(program) else _interpreter_note()
        self._unreachable[program] = note


def _interpreter_note() -> str:
    return _closed(sys.executable) if closed_to_others(sys.executable) else ""


def _closed(path: str) -> str:
    return f"tools run under the own user id: {closed_to_others(path) or path} is closed to others"


async def _run_directly(command: Command) -> Completed:
    child = DirectChild.start(command, child_environment(NO_HOME, command.environment))
    conversation = Conversation(command=command, child=child)
    return conversation.conclude(await conversation.hold())


def _conclude(conversation: Conversation, end: End) -> Completed:
    if end.denied:
        stage, number = end.denied
        name, reason = conversation.command.name, os.strerror(number)
        raise ToolMissing(f"{name} cannot be started: {reason}", hint=f"refused at: {stage}")
    return conversation.conclude(end)
