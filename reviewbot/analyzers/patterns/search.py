"""The built-in scan: the last backup for security, and all there is for secrets and CORS."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from reviewbot import __version__
from reviewbot.analyzers.answers.batches import in_batches
from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.analyzers.answers.looking import both_trees
from reviewbot.analyzers.answers.secrets import without_secret
from reviewbot.analyzers.answers.side import Configured, Side, both_sides
from reviewbot.analyzers.answers.stored import digest
from reviewbot.analyzers.code.selection import (
    changed_files,
    changed_python,
    is_python,
    is_test,
)
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.patterns.rules import RULES, Concern, Rule
from reviewbot.analyzers.programs import SCAN
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Limits, Programs
from reviewbot.review.analysis import Analysis, Change, NotReviewed
from reviewbot.review.finding import Confidence, Finding, Location, Severity

_LIMITS = Limits(seconds=60, memory=1 << 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    path: str
    rule: str
    line: int
    column: int
    end_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    matches: list[_Match]
    unread: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """Looks for known mistakes with nothing but Python.

    The scan reads hostile bytes, so it is a program of its own behind ``process``. Rules over code
    read changed Python files that are no tests; rules over text read every changed file, because
    most leaked keys are not in Python. Coverage speaks of the Python files only.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
        concerns: which rules of the table count.
    """

    programs: Programs
    node: str = "security"
    concerns: frozenset[Concern] = frozenset(Concern)

    @property
    def tool(self) -> str:
        """The program behind it: our own."""
        return "patterns"

    async def analyze(self, change: Change) -> Analysis:
        """Scan the changed files of both sides.

        Raises:
            ToolError: the scan was killed at a limit, or printed what it never prints.
        """
        selection = changed_python(change, node=self.node, leave_out=is_test)
        everything = changed_files(change)
        head, base = await both_trees(
            change,
            (everything.head, everything.base),
            self._looked,
            key=("patterns", __version__, self.node, digest(repr(self._rules()))),
        )
        listed = {gap.path for gap in selection.not_reviewed}
        gaps = tuple(gap for gap in head.not_reviewed if gap.path not in listed)
        head = replace(head, not_reviewed=gaps)
        return both_sides("patterns", selection, head, base, Configured())

    async def _looked(self, root: str, files: Sequence[str], *, halving: bool) -> Side:
        started = time.perf_counter()
        scan = partial(self._scan, root)
        answers = await in_batches(files, scan, node=self.node, halving=halving)
        found = [
            self._finding(match, RULES[match.rule])
            for answer in answers.values
            for match in answer.matches
            if self._counts(match)
        ]
        unread = (each for answer in answers.values for each in answer.unread.items())
        return Side(
            findings=tuple(
                without_secret(each) if _is_about_secret(each) else each
                for each in with_source(found, root)
            ),
            not_reviewed=(
                *answers.not_reviewed,
                *(
                    NotReviewed(path=path, reason=why, node=self.node)
                    for path, why in unread
                    if is_python(path) and not is_test(path)
                ),
            ),
            seconds=time.perf_counter() - started,
        )

    async def _scan(self, root: str, files: Sequence[str]) -> _Answer:
        """One run over some files.

        Raises:
            ToolCrashed: it ended by a signal or an error.
            ToolGarbled: it printed something else than ``scan.py`` documents.
        """
        patterns = {
            each.id: (each.pattern, *each.needles) for each in self._rules() if each.pattern
        }
        completed = await self.programs.run(
            Command(
                argv=SCAN.argv,
                cwd=root,
                stdin=json.dumps({"files": list(files), "patterns": patterns}).encode(),
                limits=_LIMITS,
            )
        )
        if completed.returncode != 0:
            raise ToolCrashed(f"the scan ended with {completed.returncode}")
        answer = parse_json(completed.stdout, _Answer, tool="patterns")
        if not {match.rule for match in answer.matches} <= RULES.keys():
            raise ToolGarbled("patterns: a rule that is not in the table")
        if not {*answer.unread, *(match.path for match in answer.matches)} <= set(files):
            raise ToolGarbled("patterns: a file that was not asked about")
        return answer

    def _rules(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in RULES.values() if rule.concern in self.concerns)

    def _counts(self, match: _Match) -> bool:
        rule = RULES[match.rule]
        in_text = bool(rule.pattern)
        return rule.concern in self.concerns and (in_text or not is_test(match.path))

    def _finding(self, match: _Match, rule: Rule) -> Finding:
        in_test = is_test(match.path)
        return Finding(
            node=self.node,
            tool=self.tool,
            rule=rule.id,
            message=rule.message,
            severity=min(rule.severity, Severity.WARNING) if in_test else rule.severity,
            confidence=Confidence.LOW if in_test else rule.confidence,
            location=Location(
                path=match.path,
                line=match.line,
                end_line=match.end_line if match.end_line > match.line else None,
                column=match.column,
            ),
            cwe=rule.cwe,
            impact=rule.impact,
            remediation=rule.remediation,
            url=f"https://cwe.mitre.org/data/definitions/{rule.cwe}.html",
        )


def _is_about_secret(finding: Finding) -> bool:
    return finding.cwe == RULES["password-literal"].cwe
