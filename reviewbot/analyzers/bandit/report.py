"""What ``bandit -f json`` prints, as findings, with every requested file accounted for."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.errors import ToolGarbled
from reviewbot.review.analysis import NotReviewed
from reviewbot.review.finding import Confidence, Finding, Location, Severity

_TOTALS = "_totals"
_QUOTED_SECRET = re.compile(r"^(Possible hardcoded password): .*$", re.DOTALL)
_Level = Literal["UNDEFINED", "LOW", "MEDIUM", "HIGH"]

_SEVERITY: Mapping[_Level, Severity] = {
    "UNDEFINED": Severity.NOTE,
    "LOW": Severity.NOTE,
    "MEDIUM": Severity.WARNING,
    "HIGH": Severity.ERROR,
}
_CONFIDENCE: Mapping[_Level, Confidence] = {
    "UNDEFINED": Confidence.LOW,
    "LOW": Confidence.LOW,
    "MEDIUM": Confidence.MEDIUM,
    "HIGH": Confidence.HIGH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cwe:
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    filename: str
    line_number: int
    line_range: list[int]
    test_id: str
    issue_text: str
    issue_severity: _Level
    issue_confidence: _Level
    issue_cwe: _Cwe
    col_offset: int
    more_info: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Error:
    filename: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Output:
    results: list[_Result]
    errors: list[_Error]
    metrics: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of bandit.

    Attributes:
        findings: sorted; ``column`` counts UTF-8 bytes from 1, as bandit does.
        not_reviewed: requested files that it could not read, whatever its exit code said.
    """

    findings: tuple[Finding, ...]
    not_reviewed: tuple[NotReviewed, ...]


def parse_report(printed: bytes, *, requested: Sequence[str], node: str) -> Report:
    """Findings from bandit's JSON.

    Analysed is what has metrics and no error; bandit ends with 0 even when it could read nothing.
    The text of a finding about a password quotes it: the quotation is dropped.

    Args:
        printed: standard output of bandit.
        requested: the files it was given, relative to the tree.
        node: the node that reports.

    Raises:
        ToolGarbled: the output is not what bandit documents, or names a file not asked for.
    """
    output = parse_json(printed, _Output, tool="bandit")
    reasons = {_relative(each.filename): each.reason for each in output.errors}
    measured = {_relative(name) for name in output.metrics if name != _TOTALS}
    findings = [_finding(each, node) for each in output.results]
    if not {each.path for each in findings} <= set(requested):
        raise ToolGarbled("bandit names a file that it was not asked about")
    return Report(
        findings=tuple(sorted(findings, key=lambda each: each.sort_key)),
        not_reviewed=tuple(
            NotReviewed(path=path, reason=reasons.get(path, "bandit passed it over"), node=node)
            for path in requested
            if path in reasons or path not in measured
        ),
    )


def _finding(result: _Result, node: str) -> Finding:
    last = max(result.line_range, default=result.line_number)
    return Finding(
        node=node,
        tool="bandit",
        rule=result.test_id,
        message=_QUOTED_SECRET.sub(r"\1", " ".join(result.issue_text.split())),
        severity=_SEVERITY[result.issue_severity],
        confidence=_CONFIDENCE[result.issue_confidence],
        location=Location(
            path=_relative(result.filename),
            line=result.line_number if result.line_number > 0 else None,
            end_line=last if last > result.line_number else None,
            column=result.col_offset + 1 if result.col_offset >= 0 else None,
        ),
        cwe=result.issue_cwe.id or None,
        url=result.more_info,
    )


def _relative(name: str) -> str:
    """Bandit gives ``./a.py`` back as ``././a.py``."""
    return posixpath.normpath(name)
