"""One report that shows everything a renderer has to show, hostile text included."""

from dataclasses import replace

from reviewbot.review.finding import Replacement, Suggestion
from reviewbot.review.report import Report
from reviewbot.review.rows import (
    CauseRow,
    Counts,
    FindingRow,
    GapRow,
    GroupRow,
    NodeRow,
    TestRow,
    VerdictRow,
)

HOSTILE = "a|b `x` @everyone #1 <img src=x> [l](http://e.vil)\x1b[31m\u202e\n::error::\udcff"


def finding(  # noqa: PLR0913 - the columns of a table
    name: str,
    place: str,
    rule: str,
    message: str,
    *,
    severity: str = "warning",
    change: str = "introduced",
    cause: CauseRow | None = None,
    group: str | None = None,
    suggestion: Suggestion | None = None,
    moved_from: str | None = None,
) -> FindingRow:
    """A row from a few words; ``place`` is ``path:line``, ``rule`` is ``node/tool/rule``."""
    path, _, line = place.rpartition(":")
    node, tool, code = rule.split("/")
    return FindingRow(
        id=name,
        node=node,
        tool=tool,
        rule=code,
        message=message,
        severity=severity,
        confidence="high",
        path=path,
        line=int(line),
        end_line=None,
        column=5,
        change=change,
        in_diff=cause is None,
        nearness="added" if cause is None else "elsewhere",
        cause=cause,
        group=group,
        suggestion=suggestion,
        cwe=89 if tool == "bandit" else None,
        moved_from=moved_from,
    )


CAUSE = CauseRow(path="shop/area.py", line=3)
FINDINGS = (
    finding(
        "01",
        "shop/app.py:9",
        "types/mypy/call-arg",
        'Missing named argument "unit" for "area"',
        severity="error",
        cause=CAUSE,
        group="g1",
    ),
    finding(
        "02",
        "shop/cart.py:4",
        "types/mypy/assignment",
        'Incompatible types in assignment (expression has type "str")',
        severity="error",
        cause=CAUSE,
        group="g1",
    ),
    finding(
        "03",
        "shop/area.py:1",
        "lint/ruff/F401",
        "`os` imported but unused",
        suggestion=Suggestion(
            description="Remove unused import: `os`",
            edits=(Replacement(start=(1, 1), end=(2, 1), text=""),),
            safe=True,
        ),
    ),
    finding("04", f"{HOSTILE}.py:2", "lint/ruff/E999", HOSTILE, severity="note"),
    finding(
        "05",
        "shop/db.py:7",
        "security/bandit/B608",
        "Possible SQL injection",
        change="existing",
        moved_from="shop/old.py:3",
    ),
    finding("06", "shop/db.py:9", "lint/ruff/B006", "Mutable default", change="fixed"),
)

REPORT = Report(
    base="0" * 40,
    head=None,
    verdict=VerdictRow(
        decision="REQUEST_CHANGES",
        complete=False,
        level="blocking",
        risk="high",
        reasons=("2 errors were introduced", "security failed: its findings are missing"),
        blocking=("01", "02"),
    ),
    findings=FINDINGS,
    counts=Counts(introduced=4, existing=1, fixed=1),
    nodes=(
        NodeRow(name="lint", status="succeeded", attempts=1, seconds=0.12, tool_version="ruff 1"),
        NodeRow(name="types", status="fell_back", reason=HOSTILE, attempts=2, seconds=3.4),
        NodeRow(
            name="merge",
            status="succeeded",
            wave=2,
            attempts=1,
            started=3.5,
            seconds=0.01,
            needs=("lint", "types"),
        ),
    ),
    not_reviewed=(
        GapRow(path="bomb.py", node="lint", reason="ruff crashed on it", blocking=True),
        GapRow(path=None, node="", reason=HOSTILE, blocking=False),
    ),
    tests=TestRow(
        total=812,
        selected=41,
        ran=0,
        failed=(),
        reason="41 of 812 test files are affected; not run: no virtual environment found",
    ),
    warnings=("security failed (timeout 60 s): its findings are missing",),
    notes=("degraded: dependencies not installed",),
    seconds=3.61,
    critical_path_seconds=3.41,
    trust="trusted",
    groups=(
        GroupRow(
            id="g1",
            text="the change of area causes 2 findings in 2 files",
            cause=CAUSE,
            findings=("01", "02"),
        ),
    ),
)


# One rule very often in one file, another as often as is still shown whole.
LONG = replace(
    REPORT,
    findings=tuple(
        finding(f"{rule}{line}", f"shop/area.py:{line}", f"lint/ruff/{rule}", message)
        for line in range(1, 41)
        for rule, message, most in (
            ("T201", "`print` found", 40),
            ("E501", "Line too long", 10),
        )
        if line <= most
    ),
    counts=Counts(introduced=50, existing=0, fixed=0),
    groups=(),
)
