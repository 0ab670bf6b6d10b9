"""An analyzer that is somebody's check, run over both sides of a change."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from reviewbot.analyzers.answers.batches import Refused, in_batches
from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.analyzers.answers.looking import both_trees
from reviewbot.analyzers.answers.side import Configured, Side, both_sides
from reviewbot.analyzers.code.selection import Selection, changed_files
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.plugin.installed import Installed, own_folders
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Limits, Programs
from reviewbot.review.analysis import Analysis, Change, NotReviewed
from reviewbot.review.finding import Confidence, Finding, Location, Severity

_LIMITS = Limits(seconds=120, memory=1 << 30)
# Isolated, so that no file of the checkout can stand in for a module; what our own environment has
# besides is added behind that.
_PROGRAM = """
import sys
sys.path += sys.argv[2:]
from reviewbot.analyzers.plugin.program import main
sys.exit(main(sys.argv[1]))
"""
_NO_CHECK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remark:
    path: str
    line: int
    rule: str
    message: str
    severity: str
    confidence: str
    column: int | None
    end_line: int | None
    cwe: int | None
    remediation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    remarks: list[_Remark]
    unread: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """Runs a check over the changed files of both sides.

    Attributes:
        programs: the door to programs.
        check: which one.
        node: the node that reports.
        paths: patterns of the files that are looked at; ``*`` matches ``/`` too, as in fnmatch.
    """

    programs: Programs
    check: Installed
    node: str
    paths: tuple[str, ...] = ("*.py",)

    @property
    def tool(self) -> str:
        """The check's name."""
        return self.check.name

    async def analyze(self, change: Change) -> Analysis:
        """Look at the changed files of both sides.

        Raises:
            ToolError: the check cannot be imported, was killed at a limit, or printed what its
                program never prints.
        """
        everything = changed_files(change)
        selection = Selection(
            head=self._looked_at(everything.head), base=self._looked_at(everything.base)
        )
        head, base = await both_trees(
            change,
            (selection.head, selection.base),
            self._looked,
            key=("plugin", self.check.target, self.check.package, self.node),
        )
        return both_sides(
            self.tool, selection, head, base, Configured(), version=self.check.package
        )

    def _looked_at(self, paths: Sequence[str]) -> tuple[str, ...]:
        return tuple(path for path in paths if any(fnmatchcase(path, each) for each in self.paths))

    async def _looked(self, root: str, files: Sequence[str], *, halving: bool) -> Side:
        started = time.perf_counter()
        run = partial(self._run, root)
        answers = await in_batches(files, run, node=self.node, halving=halving)
        found = (self._finding(each) for answer in answers.values for each in answer.remarks)
        unread = (each for answer in answers.values for each in answer.unread.items())
        gaps = (NotReviewed(path=path, reason=why, node=self.node) for path, why in unread)
        return Side(
            findings=with_source(found, root),
            not_reviewed=(*answers.not_reviewed, *gaps),
            seconds=time.perf_counter() - started,
        )

    async def _run(self, root: str, files: Sequence[str]) -> _Answer:
        """One run over some files.

        Raises:
            Refused: what the entry point names is no check.
            ToolCrashed: it ended by a signal or an error.
            ToolGarbled: it printed something else than ``program.py`` documents.
        """
        completed = await self.programs.run(
            Command(
                argv=(sys.executable, "-I", "-c", _PROGRAM, self.check.target, *own_folders()),
                cwd=root,
                stdin=json.dumps({"files": list(files)}).encode(),
                limits=_LIMITS,
            )
        )
        if completed.returncode == _NO_CHECK:
            why = completed.stderr.decode("utf-8", "replace")[:200]
            raise Refused(f"{self.check.target} of {self.check.package} cannot be used: {why}")
        if completed.returncode != 0:
            raise ToolCrashed(f"{self.tool} ended with {completed.returncode}")
        answer = parse_json(completed.stdout, _Answer, tool=self.tool)
        if not {*answer.unread, *(each.path for each in answer.remarks)} <= set(files):
            raise ToolGarbled(f"{self.tool}: a file that was not asked about")
        return answer

    def _finding(self, remark: _Remark) -> Finding:
        try:
            severity, confidence = Severity(remark.severity), Confidence(remark.confidence)
        except ValueError as error:
            raise ToolGarbled(f"{self.tool}: {error}") from error
        return Finding(
            node=self.node,
            tool=self.tool,
            rule=remark.rule,
            message=" ".join(remark.message.split()),
            severity=severity,
            confidence=confidence,
            location=Location(
                path=remark.path,
                line=max(remark.line, 1),
                end_line=remark.end_line,
                column=remark.column,
            ),
            cwe=remark.cwe,
            remediation=remark.remediation,
        )
