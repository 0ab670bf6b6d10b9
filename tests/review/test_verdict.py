"""The verdict: what blocks, what never does, and that a hole is never clean."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.analysis import Analysis, Coverage, NotReviewed
from reviewbot.review.classified import BaselineState, Classified
from reviewbot.review.finding import Confidence, Finding, Location, Severity
from reviewbot.review.merge import Circumstances, merge
from reviewbot.review.review import Answer, Review
from reviewbot.review.verdict import Decision, Level, Risk, VerdictPolicy, decide
from reviewbot.testing.fakes.texts import Texts
from tests.strategies import NODES, Settled, lost, outcomes, texts

_EAGER = VerdictPolicy(approve="when_clean")
_LINT = Answer(node="lint", status="succeeded", answered=True, complete=True)
_CLEAN = Review(answers=(_LINT,), changed=("a.py",), analyzed=("a.py",))


def introduced(
    rule: str = "F821",
    *,
    severity: Severity = Severity.ERROR,
    confidence: Confidence = Confidence.HIGH,
    group: str | None = None,
) -> Classified:
    finding = Finding(
        node="lint",
        tool="ruff",
        rule=rule,
        message="undefined name",
        severity=severity,
        confidence=confidence,
        location=Location(path="a.py", line=3),
    )
    return Classified(
        finding=finding, state=BaselineState.INTRODUCED, id=rule, in_diff=True, group=group
    )


@pytest.mark.feature("R06")
@pytest.mark.parametrize(
    ("found", "decision", "level", "risk"),
    [
        ((), Decision.APPROVE, Level.PASS, Risk.LOW),
        ((introduced(severity=Severity.NOTE),), Decision.APPROVE, Level.PASS, Risk.LOW),
        ((introduced(severity=Severity.WARNING),), Decision.COMMENT, Level.WARNING, Risk.MEDIUM),
        ((introduced(),), Decision.REQUEST_CHANGES, Level.BLOCKING, Risk.HIGH),
        (
            (introduced(confidence=Confidence.MEDIUM),),
            Decision.REQUEST_CHANGES,
            Level.BLOCKING,
            Risk.HIGH,
        ),
        (
            (introduced(confidence=Confidence.LOW),),
            Decision.COMMENT,
            Level.WARNING,
            Risk.MEDIUM,
        ),
    ],
)
def test_severity_and_confidence_decide(
    found: tuple[Classified, ...], decision: Decision, level: Level, risk: Risk
) -> None:
    verdict = decide(replace(_CLEAN, introduced=found), _EAGER)
    assert (verdict.decision, verdict.level, verdict.risk) == (decision, level, risk)
    assert verdict.complete
    assert verdict.reasons


def test_nobody_approves_unless_asked_to() -> None:
    assert decide(_CLEAN, VerdictPolicy()).decision is Decision.COMMENT


@pytest.mark.feature("R12")
@pytest.mark.parametrize(
    ("rule", "decision"),
    [
        ("flaky", Decision.COMMENT),
        ("platform-specific", Decision.COMMENT),
        ("tool-failure", Decision.COMMENT),
        ("regression", Decision.REQUEST_CHANGES),
    ],
)
def test_a_test_that_does_not_repeat_blocks_nothing_and_a_regression_does(
    rule: str, decision: Decision
) -> None:
    found = replace(_CLEAN, introduced=(introduced(rule),))
    assert decide(found, VerdictPolicy()).decision is decision


@pytest.mark.feature("R12")
def test_a_failing_tool_blocks_nothing_and_is_never_a_pass() -> None:
    failed = Answer(node="types", status="failed", reason="exit code 2")
    verdict = decide(replace(_CLEAN, answers=(_LINT, failed)), _EAGER)
    assert verdict.decision is Decision.COMMENT
    assert verdict.level is Level.INCOMPLETE
    assert verdict.reasons == ("types failed (exit code 2)",)


@pytest.mark.feature("D07")
def test_a_change_of_configuration_blocks_nothing() -> None:
    found = replace(_CLEAN, introduced=(introduced(group="configuration"),))
    assert decide(found, _EAGER).decision is Decision.COMMENT


@pytest.mark.feature("R05")
@pytest.mark.parametrize(
    "hole",
    [
        replace(_CLEAN, answers=(_LINT, Answer(node="types", status="timed out"))),
        replace(_CLEAN, not_reviewed=(NotReviewed(path="b.py", reason="not UTF-8"),)),
        replace(_CLEAN, answers=(Answer(node="lint", status="fell back", answered=True),)),
    ],
    ids=["a node timed out", "a file is unread", "a fallback answered"],
)
@pytest.mark.parametrize("incomplete", ["comment", "request_changes"])
def test_an_incomplete_review_never_passes(hole: Review, incomplete: str) -> None:
    strict = replace(_EAGER, incomplete=incomplete)  # type: ignore[arg-type] # a Literal's two words
    verdict = decide(hole, strict)
    wanted = {"comment": Decision.COMMENT, "request_changes": Decision.REQUEST_CHANGES}
    assert verdict.decision is wanted[incomplete]
    assert (verdict.complete, verdict.level) == (False, Level.INCOMPLETE)


def test_prose_that_nobody_analyses_leaves_no_hole() -> None:
    gap = NotReviewed(path="README.md", reason="documentation", blocking=False)
    assert decide(replace(_CLEAN, not_reviewed=(gap,)), _EAGER).complete


def test_without_an_optional_node_the_review_is_complete_but_nobody_approves() -> None:
    settled = [
        Settled(node="lint", status="succeeded", value=_analysis()),
        Settled(node="tests", status="failed", reason="no environment"),
    ]
    change = Texts(before={"a.py": "x\n"}, after={"a.py": "y\n"})
    around = Circumstances(optional=frozenset({"tests"}))
    verdict = decide(merge(settled, change.diff, change, around), _EAGER)
    assert (verdict.complete, verdict.decision) == (True, Decision.COMMENT)


def _analysis() -> Analysis:
    return Analysis(tool="ruff", tool_version="1", coverage=Coverage(analyzed=("a.py",)))


def test_an_empty_change_is_complete_and_says_so() -> None:
    verdict = decide(Review(answers=(_LINT,)), _EAGER)
    assert (verdict.decision, verdict.complete) == (Decision.COMMENT, True)
    assert "the change is empty" in verdict.reasons[0]


@pytest.mark.parametrize(
    "nothing_to_read",
    [
        replace(_CLEAN, analyzed=()),
        replace(
            _CLEAN,
            changed=("README.md",),
            analyzed=(),
            not_reviewed=(NotReviewed(path="README.md", reason="documentation", blocking=False),),
        ),
    ],
    ids=["a deletion", "prose only"],
)
def test_a_change_that_leaves_no_file_to_analyse_blames_nobody(nothing_to_read: Review) -> None:
    assert decide(nothing_to_read, _EAGER).reasons == ("nothing was introduced",)


def test_a_file_that_nobody_could_read_is_one_reason() -> None:
    gaps = tuple(
        NotReviewed(path="a.py", reason=f"{node} cannot parse it", node=node)
        for node in ("lint", "security", "types")
    )
    verdict = decide(replace(_CLEAN, analyzed=(), not_reviewed=gaps), _EAGER)
    assert verdict.reasons == (
        "a.py was not reviewed by lint, security, types: lint cannot parse it",
    )


@pytest.mark.feature("R05")
def test_when_every_analysis_failed_the_first_reason_says_so() -> None:
    failed = tuple(Answer(node=node, status="failed", reason="gone") for node in NODES)
    verdict = decide(replace(_CLEAN, answers=failed, analyzed=()), _EAGER)
    assert (verdict.decision, verdict.complete) == (Decision.COMMENT, False)
    assert verdict.reasons[0].startswith("every analysis failed")


def test_a_moved_vulnerability_is_told_and_not_approved() -> None:
    there = introduced("B307").finding
    moved = Classified(
        finding=replace(there, node="security"),
        state=BaselineState.EXISTING,
        id="x",
        in_diff=True,
        moved_from=Location(path="old.py", line=9),
    )
    verdict = decide(replace(_CLEAN, existing=(moved,)), _EAGER)
    assert verdict.decision is Decision.COMMENT
    assert verdict.reasons == ("a.py:3: moved from old.py:9: undefined name",)


@given(data=st.data(), change=texts())
@pytest.mark.feature("R05")
def test_losing_analyses_never_leads_to_an_approval(data: st.DataObject, change: Texts) -> None:
    settled = data.draw(outcomes(change))
    gone = data.draw(st.sets(st.sampled_from(sorted(NODES)), min_size=1))
    failed = [lost(each) if each.node in gone else each for each in settled]
    absent = [each for each in settled if each.node not in gone]
    assert _decided(failed, change) is not Decision.APPROVE
    assert _decided(absent, change) is not Decision.APPROVE


@given(data=st.data(), change=texts())
def test_an_approval_needs_every_node_and_nothing_to_say(
    data: st.DataObject, change: Texts
) -> None:
    settled = data.draw(outcomes(change))
    review = merge(settled, change.diff, change, Circumstances(expected=tuple(NODES)))
    if decide(review, _EAGER).decision is Decision.APPROVE:
        assert all(each.status in {"succeeded", "cached"} for each in settled)
        assert all(each.finding.severity is Severity.NOTE for each in review.introduced)
        assert not any(each.blocking for each in review.not_reviewed)
        assert review.analyzed


def _decided(settled: Sequence[Settled], change: Texts) -> Decision:
    around = Circumstances(expected=tuple(NODES))
    return decide(merge(settled, change.diff, change, around), _EAGER).decision
