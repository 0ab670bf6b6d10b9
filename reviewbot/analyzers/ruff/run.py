"""Running ruff: one tree, one configuration, some of its files."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.ruff.configuration import Configuration
from reviewbot.analyzers.ruff.report import Report, parse_report
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Completed, Limits, Programs, find_program
from reviewbot.process.folders import readable_folder
from reviewbot.review.analysis import Tree

_LIMITS = Limits(seconds=60)
_CHECK = ("check", "--no-cache", "--no-fix", "--quiet")


@contextmanager
def written(configuration: Configuration) -> Iterator[tuple[str, ...]]:
    """The ``--config`` arguments of a configuration, in a directory that any user id can read."""
    with readable_folder() as home:
        for index, text in enumerate(configuration.documents):
            path = home / str(index) / "pyproject.toml"
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
        yield ("--config", str(home / "0" / "pyproject.toml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """Ruff with fixed arguments over files of one tree.

    Attributes:
        programs: the door to programs.
        root: absolute path of the tree, without symbolic links.
        directory: the directory below it to run in; every file is inside.
        arguments: configuration and rules.
        node: the node that reports.
    """

    programs: Programs
    root: str
    directory: str
    arguments: tuple[str, ...]
    node: str

    @classmethod
    def of(
        cls, tree: Tree, directory: str, arguments: tuple[str, ...], programs: Programs, node: str
    ) -> Self:
        """A checker for a tree; ruff prints names without symbolic links, so its root has none."""
        return cls(
            programs=programs,
            root=os.path.realpath(tree.root),
            directory=directory,
            arguments=arguments,
            node=node,
        )

    async def check(self, files: Sequence[str], *, ignore_noqa: bool = False) -> Report:
        """The findings in some files, excluded or not.

        Raises:
            Refused: ruff does not accept the configuration.
            ToolCrashed: it was ended by a signal or an undocumented exit code.
            ToolGarbled: its answer is not what it documents, or contradicts its exit code.
        """
        more = ("--ignore-noqa",) if ignore_noqa else ()
        completed = await self._run((*more, "--output-format", "json"), files)
        report = parse_report(completed.stdout, root=self.root, node=self.node)
        if bool(report.findings or report.not_reviewed) != (completed.returncode == 1):
            raise ToolGarbled(f"ruff ended with {completed.returncode} against its own report")
        return report

    async def included(self, files: Sequence[str]) -> tuple[str, ...]:
        """Those of the files that the configuration does not exclude; ruff drops them silently.

        Raises:
            ToolError: see ``check``.
        """
        completed = await self._run(("--force-exclude", "--show-files"), files)
        shown = "\n" + completed.stdout.decode("utf-8", "replace")
        lines = frozenset(shown.split("\n"))
        return tuple(path for path in files if _shows(shown, lines, f"{self.root}/{path}"))

    async def _run(self, arguments: Sequence[str], files: Sequence[str]) -> Completed:
        skipped = len(self.directory) + 1 if self.directory else 0
        completed = await self.programs.run(
            Command(
                argv=(
                    find_program("ruff"),
                    *_CHECK,
                    *self.arguments,
                    *arguments,
                    "--",
                    *(f"./{path[skipped:]}" for path in files),
                ),
                cwd=str(Path(self.root, self.directory)),
                limits=_LIMITS,
            )
        )
        _accept(completed)
        return completed


def _shows(shown: str, lines: frozenset[str], path: str) -> bool:
    """Whether ``--show-files`` printed a path; one that holds line ends is no line of it."""
    return f"\n{path}\n" in shown if "\n" in path else path in lines


def _accept(completed: Completed) -> None:
    """Exit codes: 0 nothing, 1 findings, 2 configuration or usage, anything else a crash."""
    if completed.returncode in (0, 1):
        return
    words = " ".join(completed.stderr.decode("utf-8", "replace").split())[-300:]
    if completed.returncode == 2:  # noqa: PLR2004 -- the table above
        raise Refused(f"ruff does not accept its configuration: {words}")
    raise ToolCrashed(f"ruff ended with {completed.returncode}")
