"""Programs that answer from a script: the same port as the Sandbox, without starting anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reviewbot.errors import ToolError, ToolMissing
from reviewbot.process.command import Command, Completed

Answer = Completed | ToolError | Callable[[Command], Completed]


def says(stdout: str = "", *, stderr: str = "", returncode: int = 0) -> Completed:
    """A program that ended at once with this output."""
    return Completed(
        returncode=returncode,
        stdout=stdout.encode(),
        stderr=stderr.encode(),
        seconds=0.0,
        cpu_seconds=0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FakePrograms:
    """Answers by program name; remembers every command it was given.

    An unknown program is missing, as on a real machine. An answer longer than the command's
    limit is a crash and the stderr is cut to its tail, as in the Sandbox.
    """

    answers: Mapping[str, Answer]
    notes: tuple[str, ...] = ()
    seen: list[Command] = field(default_factory=list)

    async def run(self, command: Command) -> Completed:
        """Give the answer to this program.

        Raises:
            ToolMissing: there is none.
            ToolCrashed: it is longer than the command's limit.
            ToolError: that is the answer.
        """
        self.seen.append(command)
        answer = self.answers.get(command.name)
        if answer is None:
            raise ToolMissing(f"{command.name} cannot be started: No such file or directory")
        if isinstance(answer, ToolError):
            raise answer
        return _limited(command, answer if isinstance(answer, Completed) else answer(command))


def _limited(command: Command, completed: Completed) -> Completed:
    limits = command.limits
    if len(completed.stdout) > limits.stdout:
        raise limits.flood(command.name)
    return Completed(
        returncode=completed.returncode,
        stdout=completed.stdout,
        stderr=completed.stderr[max(0, len(completed.stderr) - limits.stderr) :],
        seconds=completed.seconds,
        cpu_seconds=completed.cpu_seconds,
    )
