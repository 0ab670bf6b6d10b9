"""One child from its start to its end: what it is told, what it says, how long it may."""

import time
from dataclasses import dataclass, field

import anyio

from reviewbot.errors import ToolCrashed, ToolTimedOut
from reviewbot.process.child import Child, End
from reviewbot.process.command import Command, Completed
from reviewbot.process.streams import feed, read_capped, read_tail

_GRACE = 2.0
"""Seconds between SIGINT and the kill, for a program that writes its result on SIGINT."""

_DRAIN = 1.0
"""Seconds to read what a dead tree left in its pipes."""


@dataclass(slots=True, kw_only=True)
class Conversation:
    """Holds one child; on every way out, cancellation too, its tree is dead and reaped."""

    command: Command
    child: Child
    started: float = field(default_factory=time.monotonic)
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    flooded: bool = False
    timed_out: bool = False

    async def hold(self) -> End:
        """Talk until the child ends, its time is up or it says too much; then end its tree."""
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
                        end = await self.child.finish()
                group.cancel_scope.deadline = anyio.current_time() + _DRAIN
        return end

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

    def conclude(self, end: End) -> Completed:
        """What came of it.

        Raises:
            ToolTimedOut: its time was up.
            ToolCrashed: it wrote too much, or its end could not be seen or enforced.
        """
        limits, name = self.command.limits, self.command.name
        if self.flooded:
            raise limits.flood(name)
        if self.timed_out:
            raise ToolTimedOut(f"{name} was killed after {limits.seconds:g} s")
        if end.left:
            raise ToolCrashed(f"{name} left {end.left} processes that could not be killed")
        if end.returncode is None:
            raise ToolCrashed(f"{name} ended together with its supervisor")
        return Completed(
            returncode=end.returncode,
            stdout=bytes(self.stdout),
            stderr=bytes(self.stderr),
            seconds=time.monotonic() - self.started,
            cpu_seconds=end.cpu_seconds,
        )
