"""Programs that misbehave: real ones, started in place of those that were asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reviewbot.process import Command, Completed, Programs
from reviewbot.testing.fault import Fault, half
from reviewbot.testing.plan import Plan

SHELL = "/bin/sh"

SCRIPTS: Mapping[Fault, str] = {
    Fault.RAISE: "echo injected >&2; exit 70",
    Fault.LOSE_CONNECTION: "kill -PIPE $$",
    Fault.TIME_OUT: "exit 124",
    Fault.OUT_OF_MEMORY: "kill -KILL $$",
    Fault.RECURSE: "kill -SEGV $$",
    Fault.EXIT: "exit 3",
    Fault.CANCEL: "kill -INT $$",
    Fault.HANG: "exec sleep 3600",
    Fault.SWALLOW: "trap '' INT TERM HUP; sleep 3600 & sleep 3600; sleep 3600",
    Fault.LATE: """sleep 3600 & echo '{"half":'""",
    Fault.BLOCK: "while :; do :; done",
    Fault.STALL: "kill -STOP $$",
    Fault.WRONG_TYPE: r"printf '\377\376{\000'",
    Fault.NOTHING: "exit 0",
    Fault.NAN: "echo NaN",
    Fault.FLOOD: "exec yes",
}
"""What each fault is for a program. LATE answers, and leaves a process of its own behind."""

_ENDLESS = frozenset({Fault.HANG, Fault.SWALLOW, Fault.BLOCK, Fault.STALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyPrograms:
    """Starts what it is asked to, or by plan a shell that misbehaves in its stead.

    In the plan a program is its name after `prefix`. One that would go on for ever is given
    `plan.seconds`. CUT starts the program that was asked for and loses half of what it says.
    """

    programs: Programs
    plan: Plan
    prefix: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the isolation is not possible here."""
        return self.programs.notes

    async def run(self, command: Command) -> Completed:
        """Run it, or what the plan puts in its place; the errors are those of the real door."""
        name = self.prefix + command.name
        fault = self.plan.drawn(name)
        with self.plan.watched(name):
            if fault is None:
                return await self.programs.run(command)
            if fault is Fault.CUT:
                completed = await self.programs.run(command)
                return replace(completed, stdout=half(completed.stdout))
            return await self.programs.run(self._misbehaving(command, fault))

    def _misbehaving(self, command: Command, fault: Fault) -> Command:
        limits = command.limits
        if fault in _ENDLESS:
            limits = replace(limits, seconds=min(limits.seconds, self.plan.seconds))
        return replace(command, argv=(SHELL, "-c", SCRIPTS[fault]), stdin=b"", limits=limits)
