"""What ty writes with ``--output-format gitlab``, as values. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.errors import ToolGarbled
from reviewbot.process import Completed
from reviewbot.review.finding import Confidence, Finding, Location, Severity

_SEVERITY = {
    "info": Severity.NOTE,
    "minor": Severity.WARNING,
    "major": Severity.ERROR,
    "critical": Severity.ERROR,
    "blocker": Severity.ERROR,
}
_MISSING = re.compile(r"^Cannot resolve imported module `(?P<module>[^`.]+)")
_UNREADABLE = frozenset({"invalid-syntax", "io"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Positions:
    begin: _Position
    end: _Position


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    path: str
    positions: _Positions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diagnostic:
    check_name: str
    description: str
    severity: Literal["info", "minor", "major", "critical", "blocker"]
    location: _Place


def parse_report(completed: Completed, *, node: str) -> tuple[Finding, ...]:
    """The findings of a run that came to its end; lines and columns count from 1.

    Raises:
        ToolGarbled: no JSON, another shape, or an exit code that the content contradicts.
    """
    report = parse_json(completed.stdout, list[_Diagnostic], tool="ty")
    if not all(map(_counts_from_one, report)):
        raise ToolGarbled("ty: unexpected output: a line or column below 1")
    findings = tuple(_finding(each, node) for each in report)
    worst = any(each.severity is Severity.ERROR for each in findings)
    if worst and completed.returncode == 0:
        raise ToolGarbled("ty ended with 0 but reports errors")
    if not findings and completed.returncode == 1:
        raise ToolGarbled("ty ended with 1 but reports nothing")
    return findings


def unreadable(findings: Iterable[Finding]) -> dict[str, str]:
    """Path → why ty could not read it; it goes on with what it understood of such a file."""
    found = [each for each in findings if each.rule in _UNREADABLE]
    return {each.path: each.message for each in reversed(found)}


def without_missing(findings: Iterable[Finding], own: frozenset[str]) -> tuple[Finding, ...]:
    """Without imports of packages that are not installed; those of own modules stay."""
    return tuple(each for each in findings if missing_package(each) in {"", *own})


def missing_package(finding: Finding) -> str:
    """The top-level name of the module that was not found, or an empty string."""
    match = _MISSING.match(finding.message)
    return "" if match is None else match["module"]


def _counts_from_one(diagnostic: _Diagnostic) -> bool:
    found = diagnostic.location.positions
    ends = (found.begin, found.end) if found else ()
    return all(each.line > 0 and each.column > 0 for each in ends)


def _finding(diagnostic: _Diagnostic, node: str) -> Finding:
    place = diagnostic.location.positions
    rule = diagnostic.check_name
    return Finding(
        node=node,
        tool="ty",
        rule=rule,
        message=" ".join(diagnostic.description.removeprefix(f"{rule}: ").split()),
        severity=_SEVERITY[diagnostic.severity],
        confidence=Confidence.MEDIUM,
        location=Location(
            path=diagnostic.location.path.removeprefix("./"),
            line=place.begin.line if place else None,
            end_line=place.end.line if place and place.end.line > place.begin.line else None,
            column=place.begin.column if place else None,
        ),
        url=f"https://docs.astral.sh/ty/reference/rules/#{rule}",
    )
