"""What mypy writes with ``--output json``, as values. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reviewbot.analyzers.answers.foreign import parse_json
from reviewbot.errors import ToolGarbled
from reviewbot.process import Completed
from reviewbot.review.finding import Finding, Location, Severity

_SEVERITY = {"error": Severity.ERROR, "note": Severity.NOTE}
_STDERR_FILE = re.compile(r"^(?P<path>.+?)(?::\d+)*: error: (?P<message>.+)$", re.MULTILINE)
_WARNING = re.compile(r"^\S*mypy\.toml: (?P<said>.+)$", re.MULTILINE)
_PLAIN = b"Warning: "
_MISSING = re.compile(r'module named "(?P<module>[\w.]+)"')
_INTERNAL_ERROR = "INTERNAL ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One JSON object of mypy's output; more keys are allowed."""

    file: str
    line: int
    column: int
    end_line: int | None = None
    message: str
    hint: str | None
    code: str | None
    severity: Literal["error", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A file that keeps mypy from analysing anything.

    Attributes:
        path: as mypy names it, relative to the tree.
        reason: mypy's words.
        in_the_way: the file must not be there at all; otherwise only its content is the trouble.
    """

    path: str
    reason: str
    in_the_way: bool


def is_internal_error(completed: Completed) -> bool:
    """Whether mypy broke: a damaged cache, or a bug of its own."""
    return _INTERNAL_ERROR.encode() in completed.stdout + completed.stderr


def parse_findings(completed: Completed, *, node: str) -> tuple[Finding, ...]:
    """The findings of a run that came to its end, in mypy's order, as a multiset.

    Notes are joined to the error before them at the same place. Columns count from 1; a place
    without a line is the whole file. Notes alone end with 1 too: mypy tells them from errors by
    looking for ``: note:`` (mypy/util.py, ``count_stats``), which its JSON does not hold.

    Raises:
        ToolGarbled: no JSON, wrong types, or an exit code that the content contradicts.
    """
    lines = _parse(completed.stdout)
    failed = any(line.severity == "error" for line in lines)
    possible = {1} if failed else {0, 1} if lines else {0}
    if completed.returncode not in possible:
        raise ToolGarbled(f"mypy ended with {completed.returncode}, which its output contradicts")
    return tuple(_joined(lines, node))


def parse_obstacles(completed: Completed) -> tuple[Obstacle, ...]:
    """The files that a run with exit code 2 blames, from both of its outputs.

    When mypy broke, that is the file it broke on: what it found in others before is no obstacle.

    Raises:
        ToolGarbled: standard output is not mypy's JSON.
    """
    if is_internal_error(completed):
        return tuple(_broken_on(completed))
    said = [
        Obstacle(path=line.file, reason=line.message, in_the_way=line.code is None)
        for line in _parse(completed.stdout)
        if line.severity == "error"
    ]
    stderr = completed.stderr.decode("utf-8", "replace")
    said += [
        Obstacle(path=match["path"], reason=match["message"], in_the_way=False)
        for match in _STDERR_FILE.finditer(stderr)
    ]
    return tuple({each.path: each for each in reversed(said)}.values())


def _broken_on(completed: Completed) -> Iterator[Obstacle]:
    for match in _STDERR_FILE.finditer(completed.stderr.decode("utf-8", "replace")):
        if _INTERNAL_ERROR in match["message"]:
            yield Obstacle(path=match["path"], reason="mypy breaks on it", in_the_way=False)


def parse_warnings(completed: Completed) -> tuple[str, ...]:
    """What mypy does not like about options it was given: it goes on all the same.

    Deprecated options are named on standard output, before the JSON and not in JSON.
    """
    stderr = completed.stderr.decode("utf-8", "replace")
    plain = (line for line in completed.stdout.split(b"\n") if line.startswith(_PLAIN))
    return (
        *(match["said"].strip() for match in _WARNING.finditer(stderr)),
        *(line.removeprefix(_PLAIN).decode("utf-8", "replace").strip() for line in plain),
    )


def without_noise(
    findings: Iterable[Finding], own: frozenset[str], *, foreign: bool
) -> tuple[Finding, ...]:
    """What is left when nothing is installed: findings that the missing packages alone bring go.

    An import of a missing module of the project itself is no noise, and what unknown types bring is
    none where no package is missing.

    Args:
        findings: as parsed.
        own: top-level names of the tree's own modules.
        foreign: whether anything is imported that is neither own nor of the standard library.
    """
    return tuple(
        each
        for each in findings
        if not _is_missing(each, own) and not (foreign and is_of_unknown_types(each))
    )


def _is_missing(finding: Finding, own: frozenset[str]) -> bool:
    if finding.rule == "import-not-found":
        match = _MISSING.search(finding.message)
        return match is None or match["module"].partition(".")[0] not in own
    return finding.rule == "import-untyped"


def is_of_unknown_types(finding: Finding) -> bool:
    """Whether a finding is what a package without types brings, and not the code."""
    if finding.rule in {"unused-ignore", "untyped-decorator"}:
        return True
    if finding.rule in {"misc", "subclass-any"}:
        return "subclass" in finding.message and 'type "Any"' in finding.message
    return finding.rule.startswith("no-any-")


def _parse(stdout: bytes) -> Sequence[_Line]:
    said = (line for line in stdout.split(b"\n") if not line.startswith(_PLAIN))
    return [parse_json(line, _Line, tool="mypy") for line in said if line.strip()]


def _joined(lines: Sequence[_Line], node: str) -> list[Finding]:
    findings: list[Finding] = []
    for line in lines:
        finding = _finding(line, node)
        if line.severity == "note" and findings and _belongs(finding, findings[-1]):
            before = findings[-1]
            message = f"{before.message} — {finding.message}"
            findings[-1] = replace(before, message=message)
        else:
            findings.append(finding)
    return findings


def _belongs(note: Finding, before: Finding) -> bool:
    same = (note.path, note.line) == (before.path, before.line)
    return same and before.severity is Severity.ERROR


def _finding(line: _Line, node: str) -> Finding:
    number = line.line if line.line > 0 else None
    return Finding(
        node=node,
        tool="mypy",
        rule=line.code or "mypy",
        message=" ".join(line.message.split()),
        severity=_SEVERITY[line.severity],
        location=Location(
            path=line.file.removeprefix("./"),
            line=number,
            end_line=line.end_line if number and (line.end_line or 0) > number else None,
            column=line.column + 1 if number and line.column >= 0 else None,
        ),
        remediation=" ".join((line.hint or "").split()),
        url=f"https://mypy.readthedocs.io/en/stable/_refs.html#code-{line.code}"
        if line.code
        else "",
    )
