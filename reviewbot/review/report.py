"""The value behind ``--format json``: field names are the keys."""

from dataclasses import dataclass

from reviewbot.review.analysis import NotReviewed, TestReport
from reviewbot.review.classified import BaselineState, Cause, Classified
from reviewbot.review.diff import Diff
from reviewbot.review.nearness import nearness
from reviewbot.review.review import Review
from reviewbot.review.rows import (
    CauseRow,
    Counts,
    FindingRow,
    GapRow,
    GroupRow,
    NodeRow,
    SuppressedRow,
    TestRow,
    Timing,
    VerdictRow,
)
from reviewbot.review.verdict import Verdict

SCHEMA = "reviewbot.report/1"
_NO_DIFF = Diff(files=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A review as one value; ``base`` and ``head`` are commits, or None for what has none."""

    base: str | None
    head: str | None
    verdict: VerdictRow
    findings: tuple[FindingRow, ...]
    counts: Counts
    nodes: tuple[NodeRow, ...]
    not_reviewed: tuple[GapRow, ...]
    tests: TestRow | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float
    critical_path_seconds: float
    trust: str
    groups: tuple[GroupRow, ...] = ()
    suppressed: tuple[SuppressedRow, ...] = ()
    schema: str = SCHEMA


def report(  # noqa: PLR0913 - everything a reader gets comes together here
    review: Review,
    verdict: Verdict,
    *,
    base: str | None,
    head: str | None,
    diff: Diff = _NO_DIFF,
    nodes: tuple[NodeRow, ...] = (),
    timing: Timing | None = None,
) -> Report:
    """Lay a review out for programs.

    Args:
        review: what was found.
        verdict: what follows.
        base: the commit compared with.
        head: the commit under review.
        diff: what changed, to tell how near each finding is.
        nodes: how the nodes ran, in the graph's order.
        timing: how long it took.
    """
    taken = timing or Timing()
    return Report(
        base=base,
        head=head,
        verdict=_verdict(verdict),
        findings=tuple(_finding(each, diff) for each in review.findings),
        counts=Counts(**{state.value: review.count(state) for state in BaselineState}),
        nodes=nodes,
        not_reviewed=tuple(map(_gap, review.not_reviewed)),
        tests=None if review.tests is None else _tests(review.tests),
        warnings=review.warnings,
        notes=review.notes,
        seconds=taken.seconds,
        critical_path_seconds=taken.critical_path_seconds,
        trust=review.trust.value,
        groups=_groups(review),
        suppressed=_suppressed(review),
    )


def _verdict(verdict: Verdict) -> VerdictRow:
    return VerdictRow(
        decision=verdict.decision.value,
        complete=verdict.complete,
        level=verdict.level.value,
        risk=verdict.risk.value,
        reasons=verdict.reasons,
        blocking=verdict.blocking,
    )


def _finding(each: Classified, diff: Diff) -> FindingRow:
    finding = each.finding
    return FindingRow(
        id=each.id,
        node=finding.node,
        tool=finding.tool,
        rule=finding.rule,
        message=finding.message,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        path=finding.path,
        line=finding.line,
        end_line=finding.location.end_line,
        column=finding.location.column,
        change=each.state.value,
        in_diff=each.in_diff,
        cause=None if each.cause is None else _cause(each.cause),
        group=each.group,
        suggestion=finding.suggestion,
        cwe=finding.cwe,
        nearness=nearness(diff, finding.location).value,
        symbol=finding.symbol,
        evidence=each.evidence,
        moved_from=None if each.moved_from is None else str(each.moved_from),
        sources=each.sources,
        impact=finding.impact,
        remediation=finding.remediation,
        url=finding.url,
    )


def _cause(cause: Cause) -> CauseRow:
    return CauseRow(path=cause.path, line=cause.line, symbol=cause.symbol)


def _groups(review: Review) -> tuple[GroupRow, ...]:
    return tuple(
        GroupRow(
            id=each.id,
            text=each.text,
            cause=_cause(each.cause),
            findings=each.findings,
        )
        for each in review.groups
    )


def _suppressed(review: Review) -> tuple[SuppressedRow, ...]:
    return tuple(
        SuppressedRow(
            id=each.classified.id,
            tool=each.classified.finding.tool,
            rule=each.classified.finding.rule,
            message=each.classified.finding.message,
            severity=each.classified.finding.severity.value,
            path=each.classified.finding.path,
            line=each.classified.finding.line,
            by=each.by,
            reason=each.reason,
            new=each.new,
        )
        for each in review.suppressed
    )


def _gap(gap: NotReviewed) -> GapRow:
    return GapRow(path=gap.path, node=gap.node, reason=gap.reason, blocking=gap.blocking)


def _tests(tests: TestReport) -> TestRow:
    return TestRow(
        total=tests.total,
        selected=len(tests.selected),
        ran=tests.ran,
        failed=tests.failed,
        reason=tests.reason,
        selected_files=tests.selected,
        fallback=tests.fallback,
        reasons=tests.reasons,
    )
