"""A pull request and a review of it from a few words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from reviewbot.review.diff import Diff, FileDiff, FileStatus, parse_hunks
from reviewbot.review.posted import Posted
from reviewbot.review.publishing import Byline, PublishPolicy, Situation
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, Counts, FindingRow, GapRow, NodeRow, VerdictRow

HEADS = tuple(f"{number:x}" * 40 for number in range(1, 16))
BYLINE = Byline(run=1)
PULL = PullRequest(
    repository="demo/shapes",
    repository_id=1,
    number=7,
    head=HEADS[0],
    head_ref="topic",
    head_repository_id=1,
    base="b" * 40,
    base_ref="main",
    author="ada",
    author_id=5,
    changed_files=1,
    clone_url="https://github.com/demo/shapes.git",
    url="https://github.com/demo/shapes/pull/7",
)
DIFF = Diff(
    files=(
        FileDiff(
            status=FileStatus.MODIFIED,
            path="a.py",
            old_path="a.py",
            hunks=parse_hunks(
                "@@ -1,3 +1,43 @@\n one\n"
                + "".join(f"+new {n}\n" for n in range(40))
                + " two\n 3\n"
            ),
        ),
    )
)
NOTHING = Posted(complete=True, own_id=9)
Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def row(
    number: int, severity: Severity = "warning", *, path: str = "a.py", line: int | None = 2
) -> FindingRow:
    """A finding; its id is a number, so that tests can name it."""
    return FindingRow(
        id=ident(number),
        node="lint",
        tool="ruff",
        rule=f"F{number}",
        message=f"finding {number}",
        severity=severity,
        confidence="high",
        path=path,
        line=line,
        end_line=None,
        column=1,
        change="introduced",
        in_diff=True,
        cause=None,
        group=None,
        suggestion=None,
        cwe=None,
    )


def caused(
    number: int,
    severity: Severity = "warning",
    *,
    path: str = "far.py",
    line: int | None = 1,
    at: int | None = 5,
    symbol: str = "area",
) -> FindingRow:
    """A finding outside of what the change wrote, with its cause at a line of the change."""
    cause = CauseRow(path="a.py", line=at, symbol=symbol)
    return replace(
        row(number, severity, path=path, line=line), in_diff=False, cause=cause, group="g"
    )


def ident(number: int) -> str:
    """The id of a row: its number where ids differ most."""
    return f"{number:08x}" + "0" * 8


def report(
    rows: Iterable[FindingRow] = (), *, blocking: Iterable[int] = (), gaps: Iterable[GapRow] = ()
) -> Report:
    """A review whose verdict follows from what it holds."""
    findings, blockers, missing = tuple(rows), tuple(map(ident, blocking)), tuple(gaps)
    complete = not any(each.blocking for each in missing)
    clean = complete and not findings
    level = "blocking" if blockers else "incomplete" if not complete else "warning"
    return Report(
        base=PULL.base,
        head=PULL.head,
        verdict=VerdictRow(
            decision="REQUEST_CHANGES" if blockers else "APPROVE" if clean else "COMMENT",
            complete=complete,
            level="pass" if clean else level,
            risk="low",
            reasons=("because",),
            blocking=blockers,
        ),
        findings=findings,
        counts=Counts(introduced=len(findings), existing=0, fixed=0),
        nodes=(NodeRow(name="lint", status="succeeded", tool_version="ruff 1"),),
        not_reviewed=missing,
        tests=None,
        warnings=(),
        notes=(),
        seconds=1.0,
        critical_path_seconds=1.0,
        trust="untrusted",
    )


def situation(
    found: Report,
    posted: Posted = NOTHING,
    policy: PublishPolicy | None = None,
    *,
    push: int = 0,
    diff: Diff = DIFF,
) -> Situation:
    """A review of the n-th head."""
    head = HEADS[push]
    return Situation(
        report=replace(found, head=head),
        diff=diff,
        pull=replace(PULL, head=head),
        posted=posted,
        policy=policy or PublishPolicy(check_run=False, labels=False),
    )
