"""What ``ruff check --output-format json`` prints, as findings."""

from collections.abc import Iterable
from dataclasses import dataclass

from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.errors import ToolGarbled
from reviewbot.review.analysis import NotReviewed
from reviewbot.review.finding import Finding, Location, Replacement, Severity, Suggestion

_SYNTAX = "invalid-syntax"
_UNREADABLE = "E902"
_NEWER_SYNTAX = "(syntax was added in Python"

_ERRORS = (
    *("E9", "PLE", _SYNTAX),
    *("F502", "F503", "F505", "F506", "F507", "F508", "F509", "F521", "F524"),
    *("F621", "F622", "F631", "F632", "F633", "F634", "F7", "F821", "F822", "F823"),
)
"""Prefixes of the rules whose findings fail at run time or always mean something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    content: str
    location: _Point
    end_location: _Point


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fix:
    applicability: str
    edits: list[_Edit]
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diagnostic:
    code: str | None
    message: str
    filename: str
    location: _Point
    end_location: _Point
    fix: _Fix | None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of ruff.

    Attributes:
        findings: sorted, with paths relative to the tree; syntax errors among them.
        not_reviewed: files that could not be read or parsed: ruff says little else about them.
    """

    findings: tuple[Finding, ...]
    not_reviewed: tuple[NotReviewed, ...]


def parse_report(printed: bytes, *, root: str, node: str) -> Report:
    """Findings from ruff's JSON.

    Rows and columns count from 1, columns in characters, ends are exclusive. An unreadable file
    (E902) is no finding.

    Args:
        printed: standard output of ``ruff check``.
        root: absolute path of the tree, without symbolic links; file names start with it.
        node: the node that reports.

    Raises:
        ToolGarbled: the output is not what ruff documents, or names a file outside the tree.
    """
    diagnostics = parse_json(printed, list[_Diagnostic], tool="ruff")
    findings = [
        _finding(each, _relative(each.filename, root), node)
        for each in diagnostics
        if each.code != _UNREADABLE
    ]
    return Report(
        findings=tuple(sorted(findings, key=lambda each: each.sort_key)),
        not_reviewed=tuple(_not_reviewed(diagnostics, root, node)),
    )


def is_newer_syntax(finding: Finding) -> bool:
    """Whether it says that the target version lacks a syntax; ruff reads on after such a one."""
    return finding.rule == _SYNTAX and _NEWER_SYNTAX in finding.message


def _not_reviewed(diagnostics: Iterable[_Diagnostic], root: str, node: str) -> list[NotReviewed]:
    reasons: dict[str, str] = {}
    for each in diagnostics:
        if each.code == _UNREADABLE:
            reasons.setdefault(each.filename, f"cannot be read: {each.message}")
        elif each.code in (_SYNTAX, None) and _NEWER_SYNTAX not in each.message:
            where = f"syntax error in line {each.location.row}"
            reasons.setdefault(each.filename, f"{where}: {each.message}")
    return [
        NotReviewed(path=_relative(name, root), reason=reason, node=node)
        for name, reason in sorted(reasons.items())
    ]


def _finding(found: _Diagnostic, path: str, node: str) -> Finding:
    rule = found.code or _SYNTAX
    return Finding(
        node=node,
        tool="ruff",
        rule=rule,
        message=" ".join(found.message.split()),
        severity=Severity.ERROR if rule.startswith(_ERRORS) else Severity.WARNING,
        location=Location(
            path=path,
            line=found.location.row,
            end_line=_last_line(found),
            column=found.location.column,
        ),
        suggestion=_suggestion(found.fix),
        remediation=(found.fix and found.fix.message) or "",
        url=found.url or "",
    )


def _last_line(found: _Diagnostic) -> int | None:
    end = found.end_location
    last = end.row - 1 if end.column == 1 else end.row
    return last if last > found.location.row else None


def _suggestion(fix: _Fix | None) -> Suggestion | None:
    if fix is None or fix.applicability not in ("safe", "unsafe"):
        return None
    return Suggestion(
        description=fix.message or "",
        edits=tuple(
            Replacement(
                start=(each.location.row, each.location.column),
                end=(each.end_location.row, each.end_location.column),
                text=each.content,
            )
            for each in fix.edits
        ),
        safe=fix.applicability == "safe",
    )


def _relative(name: str, root: str) -> str:
    prefix = root.rstrip("/") + "/"
    if not name.startswith(prefix):
        raise ToolGarbled("ruff names a file outside the tree")
    return name[len(prefix) :]
