"""Running bandit: one tree, one configuration, some of its files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.bandit.configuration import Configuration
from reviewbot.analyzers.bandit.report import Report, parse_report
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Completed, Limits, Programs, find_program
from reviewbot.process.folders import readable_folder

_LIMITS = Limits(seconds=120)
_SCAN = ("-q", "-f", "json", "--ini", "/dev/null", "-x", "")


@contextmanager
def written(configuration: Configuration) -> Iterator[tuple[str, ...]]:
    """The ``-c`` arguments of a configuration, in a directory that any user id can read."""
    if not configuration.text:
        yield ()
        return
    with readable_folder() as home:
        path = home / "bandit.yaml"
        path.write_text(configuration.text, encoding="utf-8")
        yield ("-c", str(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Bandit with fixed arguments over files of one tree.

    Attributes:
        programs: the door to programs.
        root: absolute path of the tree.
        arguments: the configuration.
        node: the node that reports.
    """

    programs: Programs
    root: str
    arguments: tuple[str, ...]
    node: str

    async def scan(self, files: Sequence[str], *, ignore_nosec: bool = False) -> Report:
        """The findings in some files.

        Raises:
            Refused: bandit does not accept the configuration.
            ToolCrashed: it ended by a signal, a traceback or an undocumented exit code.
            ToolGarbled: its answer is not what it documents, or contradicts its exit code.
        """
        more = ("--ignore-nosec",) if ignore_nosec else ()
        completed = await self.programs.run(
            Command(
                argv=(
                    find_program("bandit"),
                    *_SCAN,
                    *self.arguments,
                    *more,
                    "--",
                    *(f"./{path}" for path in files),
                ),
                cwd=self.root,
                limits=_LIMITS,
            )
        )
        _accept(completed)
        report = parse_report(completed.stdout, requested=files, node=self.node)
        if bool(report.findings) != (completed.returncode == 1):
            raise ToolGarbled(f"bandit ended with {completed.returncode} against its own report")
        return report


def _accept(completed: Completed) -> None:
    """Exit codes: 0 nothing, 1 findings or a traceback, 2 configuration, else a crash."""
    words = " ".join(completed.stderr.decode("utf-8", "replace").split())[-300:]
    if completed.returncode == 2:  # noqa: PLR2004 -- the table above
        raise Refused(f"bandit does not accept its configuration: {words}")
    if completed.returncode not in (0, 1):
        raise ToolCrashed(f"bandit ended with {completed.returncode}")
    if completed.returncode == 1 and not completed.stdout.strip():
        raise ToolCrashed(f"bandit failed: {words}")
