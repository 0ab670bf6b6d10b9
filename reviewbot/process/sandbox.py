"""Run a program: start it, watch it, cap it, and leave nothing of it behind."""

import shutil
import tempfile
import time
from dataclasses import dataclass, field

import anyio

from reviewbot.errors import ToolCrashed, ToolTimedOut
from reviewbot.process.child import Child
from reviewbot.process.command import Command, Completed
from reviewbot.process.environment import child_environment
from reviewbot.process.streams import feed, read_capped, read_tail

_GRACE = 2.0
"""Seconds between SIGINT and the kill, for a program that writes its result on SIGINT."""

_DRAIN = 1.0
"""Seconds to read what a dead tree left in its pipes."""


class Sandbox:
    """The only door to a program."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the isolation is not possible here, one line each."""
        return ("no other user id: programs run as ours",)

    async def run(self, command: Command) -> Completed:
        """Run `command` to its end; a non-zero exit code is no error here.

        Raises:
            ToolMissing: it cannot be started.
            ToolTimedOut: its time was up; the whole tree was killed.
            ToolCrashed: it wrote more to standard output than the limit; the tree was killed.
        """
        home = tempfile.mkdtemp(prefix="reviewbot-")
        try:
            child = Child.start(command, child_environment(home, command.environment))
            return await _Conversation(command=command, child=child).hold()
        finally:
            shutil.rmtree(home, ignore_errors=True)


@dataclass(slots=True, kw_only=True)
class _Conversation:
    """One child from its start to its end; on every way out its tree is dead."""

    command: Command
    child: Child
    started: float = field(default_factory=time.monotonic)
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    flooded: bool = False
    timed_out: bool = False

    async def hold(self) -> Completed:
        limits = self.command.limits
        patience = anyio.CancelScope()
        with self.child.stdout, self.child.stderr:
            async with anyio.create_task_group() as group:
                if self.command.stdin:
                    group.start_soon(feed, self.child.stdin, self.command.stdin)
                group.start_soon(self._listen, patience)
                group.start_soon(read_tail, self.child.stderr, self.stderr, limits.stderr)
                try:
                    await self._wait(patience)
                finally:
                    with anyio.CancelScope(shield=True):
                        returncode, cpu_seconds = await self.child.finish()
                group.cancel_scope.deadline = anyio.current_time() + _DRAIN
        self._complain()
        return Completed(
            returncode=returncode,
            stdout=bytes(self.stdout),
            stderr=bytes(self.stderr),
            seconds=time.monotonic() - self.started,
            cpu_seconds=cpu_seconds,
        )

    async def _listen(self, patience: anyio.CancelScope) -> None:
        if not await read_capped(self.child.stdout, self.stdout, self.command.limits.stdout):
            self.flooded = True
            patience.cancel()

    async def _wait(self, patience: anyio.CancelScope) -> None:
        with patience:
            with anyio.move_on_after(self.command.limits.seconds) as allowance:
                await self.child.ended()
            self.timed_out = allowance.cancelled_caught
            if self.timed_out and self.command.interrupt_first:
                self.child.interrupt()
                with anyio.move_on_after(_GRACE):
                    await self.child.ended()

    def _complain(self) -> None:
        limits, name = self.command.limits, self.command.name
        if self.flooded:
            raise ToolCrashed(f"{name} wrote more than {limits.stdout >> 20} MiB")
        if self.timed_out:
            raise ToolTimedOut(f"{name} was killed after {limits.seconds:g} s")
