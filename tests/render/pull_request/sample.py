"""One pull request with everything that can be said about it, hostile text included."""

from dataclasses import replace

from reviewbot.review.publishing import Telling
from reviewbot.review.publishing.replacement import Rewrite
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report
from reviewbot.review.rows import CauseRow, Counts, FindingRow, TestRow, VerdictRow
from tests.render.sample import FINDINGS, HOSTILE, REPORT, finding

HEAD = "a1b2c3d" + "0" * 33
BASE = "b0b0b0b" + "0" * 33
BEFORE = "0ddba11" + "0" * 33
WEB = "https://github.com/demo/shapes"
PULL = PullRequest(
    repository="demo/shapes",
    repository_id=1,
    number=7,
    head=HEAD,
    head_ref="topic",
    head_repository_id=1,
    base=BASE,
    base_ref="main",
    author="ada",
    author_id=5,
    changed_files=2,
    clone_url=f"{WEB}.git",
    url=f"{WEB}/pull/7",
)
COMMENTED: FindingRow = replace(
    finding(
        "10",
        "shop/query.py:12",
        "security/bandit/B608",
        "Possible SQL injection vector through string-based query construction.",
        severity="error",
    ),
    end_line=14,
    sources=("bandit B608", "ruff S608"),
    impact="Whoever controls `name` reads every table.",
    remediation="Pass the values as parameters of the query.",
)
BLOCKED: Report = replace(
    REPORT,
    base=BASE,
    head=HEAD,
    trust="untrusted",
    findings=(*FINDINGS, COMMENTED),
    counts=Counts(introduced=5, existing=1, fixed=1),
    verdict=replace(REPORT.verdict, blocking=("01", "02", "10")),
)
CLEAN: Report = replace(
    BLOCKED,
    verdict=VerdictRow(
        decision="APPROVE",
        complete=True,
        level="pass",
        risk="low",
        reasons=("nothing was introduced",),
        blocking=(),
    ),
    findings=(),
    counts=Counts(introduced=0, existing=3, fixed=2),
    not_reviewed=(),
    warnings=(),
    notes=(),
    groups=(),
    tests=TestRow(total=812, selected=41, ran=41, failed=(), reason=""),
)
MISSED: Report = replace(
    CLEAN,
    verdict=VerdictRow(
        decision="COMMENT",
        complete=False,
        level="incomplete",
        risk="medium",
        reasons=("types failed (mypy was killed: memory)",),
        blocking=(),
    ),
    warnings=("types failed (mypy was killed: memory): its findings are missing",),
)
TELLINGS = {
    "blocked": Telling(
        report=BLOCKED,
        pull=PULL,
        event="REQUEST_CHANGES",
        places={
            "01": "summary",
            "02": "standing",
            "03": "inline",
            "04": "summary",
            "10": "inline",
        },
        comments=2,
        since=BEFORE,
        fresh=2,
    ),
    "clean": Telling(report=CLEAN, pull=PULL, event="APPROVE"),
    "incomplete": Telling(
        report=MISSED, pull=PULL, notes=("not approved: it touches .github/workflows/ci.yml",)
    ),
}
DELETED = Rewrite(first=1, last=1, text=None)
FENCED = Rewrite(first=1, last=2, text="````\nx = 1")
ROWS = {
    "security": COMMENTED,
    "caused": FINDINGS[0],
    "suggested": FINDINGS[2],
    "hostile": replace(
        FINDINGS[3],
        impact=HOSTILE,
        remediation=HOSTILE,
        sources=(HOSTILE,),
        moved_from=HOSTILE,
        confidence="low",
    ),
}
AREA = CauseRow(path="shop/area.py", line=3, symbol="area")
CAUSED = tuple(
    replace(each, cause=AREA, severity=severity)
    for each, severity in zip(FINDINGS[:2], ("error", "warning"), strict=True)
)
NAMELESS = replace(CAUSED[0], cause=replace(AREA, symbol=""), remediation="Give it a unit.")
STARRED = tuple(
    replace(
        CAUSED[1],
        id=f"{number:02}",
        rule="F405",
        message=f"`name_{number}` may be undefined, or defined from star imports",
        path=f"shop/views/part{number % 3}.py",
        line=7 * number,
        cause=replace(AREA, symbol=symbol),
    )
    for number, symbol in enumerate(("*", "area", "Shape.area", "Shape", *["*"] * 8), 1)
)
