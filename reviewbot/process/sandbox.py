"""Run a program with as little power as this machine allows, and leave nothing of it behind."""

import errno
import os
import sys
from contextlib import ExitStack
from functools import cached_property

from reviewbot.errors import ToolMissing
from reviewbot.process.child import Child, End
from reviewbot.process.command import Command, Completed
from reviewbot.process.conversation import Conversation
from reviewbot.process.environment import child_environment
from reviewbot.process.identity import Identity, closed_to_others, why_impossible
from reviewbot.process.scratch import home, lent
from reviewbot.process.supervised import Supervised


class Sandbox:
    """The only door to a program."""

    def __init__(self) -> None:
        self._unreachable: dict[str, str] = {}
        self._spoiled: list[ExitStack] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the isolation is not possible here, one line each.

        What the machine forbids is known at once; a program or directory that another user id
        cannot reach is known after the first attempt.
        """
        general = self._no_identities or _interpreter_note()
        return tuple(note for note in dict.fromkeys((general, *self._unreachable.values())) if note)

    @cached_property
    def _no_identities(self) -> str:
        return why_impossible()

    async def run(self, command: Command) -> Completed:
        """Run `command` to its end; a non-zero exit code is no error here.

        When it is cancelled, the whole tree is dead before the cancellation goes on.

        Raises:
            ToolMissing: it cannot be started.
            ToolTimedOut: its time was up; the whole tree was killed.
            ToolCrashed: it wrote more to standard output than the limit, or its end could not be
                seen or enforced; the tree was killed.
        """
        if not command.isolated:
            return await _run_directly(command)
        if not self._no_identities and self._unreachable.keys().isdisjoint(_touched(command)):
            conversation, end = await self._run_as_stranger(command)
            if not self._learns(command, end):
                return _conclude(conversation, end)
        return _conclude(*await _run_supervised(command, None))

    async def _run_as_stranger(self, command: Command) -> tuple[Conversation, End]:
        identity = await Identity.take()
        with ExitStack() as claim:
            claim.callback(identity.release)
            conversation, end = await _run_supervised(command, identity.uid)
            if end.left:  # somebody still lives under this number: nobody else may
                self._spoiled.append(claim.pop_all())
        return conversation, end

    def _learns(self, command: Command, end: End) -> bool:
        """Remember what another user id cannot reach; True when that kept the program away."""
        match end.denied:
            case ("identity", number):
                self._no_identities = f"{os.strerror(number)}: no other uid"
            case ("cwd", errno.EACCES):
                closed = closed_to_others(command.cwd) or command.cwd
                self._unreachable[command.cwd] = (
                    f"the code is not reachable for another uid: {closed} is closed"
                )
            case ("program", errno.EACCES):
                closed = closed_to_others(command.argv[0])
                self._unreachable[command.argv[0]] = (
                    f"{command.name} is not reachable for another uid: {closed} is closed"
                    if closed
                    else _interpreter_note()
                )
            case _:
                return False
        return True


def _interpreter_note() -> str:
    closed = closed_to_others(sys.executable)
    return f"the interpreter is not reachable for another uid: {closed} is closed" * bool(closed)


def _touched(command: Command) -> tuple[str, str]:
    return command.argv[0], command.cwd


async def _run_directly(command: Command) -> Completed:
    with home(None) as path:
        child = Child.start(command, child_environment(path, command.environment))
        conversation = Conversation(command=command, child=child)
        return conversation.conclude(await conversation.hold())


async def _run_supervised(command: Command, uid: int | None) -> tuple[Conversation, End]:
    with lent(command.writable, uid), home(uid) as path:
        environment = child_environment(path, command.environment)
        child = Supervised.launch(command, environment, uid)
        conversation = Conversation(command=command, child=child)
        return conversation, await conversation.hold()


def _conclude(conversation: Conversation, end: End) -> Completed:
    if end.denied:
        stage, number = end.denied
        name, reason = conversation.command.name, os.strerror(number)
        raise ToolMissing(f"{name} cannot be started: {reason}", hint=f"refused at: {stage}")
    return conversation.conclude(end)
