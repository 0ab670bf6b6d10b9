"""Review and policy → the decision with its reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from reviewbot.review.analysis import NotReviewed
from reviewbot.review.classified import CONFIGURATION, Classified, is_security
from reviewbot.review.finding import Confidence, Severity
from reviewbot.review.review import Answer, Review

# A failure of the platform, the tool or a test that does not repeat says nothing about the change.
NEVER_BLOCKING = frozenset({"flaky", "platform-specific", "tool-failure"})


class Decision(Enum):
    """What a reviewer says at the end, in the forge's words."""

    APPROVE = "APPROVE"
    COMMENT = "COMMENT"
    REQUEST_CHANGES = "REQUEST_CHANGES"


class Level(Enum):
    """How a review ended in one word; an incomplete review never passes."""

    PASS = "pass"  # noqa: S105 - the word of the schema, no password
    WARNING = "warning"
    BLOCKING = "blocking"
    INCOMPLETE = "incomplete"


class Risk(Enum):
    """How likely the change breaks something that worked."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictPolicy:
    """When to block, when to approve.

    Attributes:
        block_severity: introduced findings at or above it (None: none ever), and
        block_confidence: at or above it, request changes.
        approve: ``never``, or ``when_clean``: complete, nothing introduced at warning or above,
            no warning of the run, at least one file analysed.
        incomplete: what an incomplete review says when nothing blocks.
    """

    block_severity: Severity | None = Severity.ERROR
    block_confidence: Confidence = Confidence.MEDIUM
    approve: Literal["never", "when_clean"] = "never"
    incomplete: Literal["comment", "request_changes"] = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision.

    Attributes:
        decision: what to say.
        complete: whether everything that was asked for was looked at.
        level: the decision in one word for a status line.
        risk: of a regression.
        reasons: one line each, the weightiest first; never empty.
        blocking: ids of the findings that request changes.
    """

    decision: Decision
    complete: bool
    level: Level
    reasons: tuple[str, ...]
    risk: Risk = Risk.LOW
    blocking: tuple[str, ...] = field(default=())


def decide(review: Review, policy: VerdictPolicy) -> Verdict:
    """Decide on a review. Losing an analysis never leads to an approval."""
    blocking = tuple(each for each in review.introduced if _blocks(each, policy))
    gaps = tuple(_gaps(review))
    decision = _decision(review, policy, blocked=bool(blocking), complete=not gaps)
    return Verdict(
        decision=decision,
        complete=not gaps,
        level=_level(review, blocked=bool(blocking), complete=not gaps),
        risk=_risk(review, blocked=bool(blocking), complete=not gaps),
        reasons=(*_none_answered(review), *_blamed(blocking), *gaps, *_remarks(review, blocking))
        or ("nothing was introduced",),
        blocking=tuple(each.id for each in blocking),
    )


def _blocks(each: Classified, policy: VerdictPolicy) -> bool:
    finding = each.finding
    return (
        each.group != CONFIGURATION
        and finding.rule not in NEVER_BLOCKING
        and policy.block_severity is not None
        and not finding.severity < policy.block_severity
        and not finding.confidence < policy.block_confidence
    )


def _decision(review: Review, policy: VerdictPolicy, *, blocked: bool, complete: bool) -> Decision:
    if blocked or (not complete and policy.incomplete == "request_changes"):
        return Decision.REQUEST_CHANGES
    if complete and policy.approve == "when_clean" and _clean(review):
        return Decision.APPROVE
    return Decision.COMMENT


def _clean(review: Review) -> bool:
    """Whether there is something to approve and nothing to say against it."""
    return (
        not _noticed(review)
        and bool(review.analyzed)
        and not review.warnings
        and not any(map(_moved_danger, review.existing))
        and not any(each.new for each in review.suppressed)
    )


def _noticed(review: Review) -> list[Classified]:
    """What was introduced at warning or above."""
    return [each for each in review.introduced if each.finding.severity is not Severity.NOTE]


def _moved_danger(each: Classified) -> bool:
    """A moved vulnerability: one deleted and an equal one written elsewhere look the same."""
    return (
        each.moved_from is not None
        and each.finding.severity is Severity.ERROR
        and is_security(each.finding)
    )


def _level(review: Review, *, blocked: bool, complete: bool) -> Level:
    if blocked:
        return Level.BLOCKING
    if not complete:
        return Level.INCOMPLETE
    return Level.WARNING if _noticed(review) or review.warnings else Level.PASS


def _risk(review: Review, *, blocked: bool, complete: bool) -> Risk:
    tests = review.tests
    if blocked or (tests is not None and tests.failed):
        return Risk.HIGH
    unproven = tests is not None and bool(tests.selected) and tests.ran < len(tests.selected)
    return Risk.MEDIUM if _noticed(review) or unproven or not complete else Risk.LOW


def _none_answered(review: Review) -> Iterator[str]:
    wanted = [each for each in review.answers if each.wanted]
    if wanted and not any(each.answered for each in wanted):
        yield "every analysis failed: nothing is known about this change"


def _blamed(blocking: tuple[Classified, ...]) -> Iterator[str]:
    if blocking:
        first = blocking[0].finding
        more = f" and {len(blocking) - 1} more" if len(blocking) > 1 else ""
        yield f"{first.location}: {first.tool} {first.rule}: {first.message}{more}"


def _gaps(review: Review) -> Iterator[str]:
    """What keeps the review from being complete."""
    for answer in review.answers:
        if answer.wanted and not answer.complete and not answer.optional:
            yield _missing(answer)
    unread: dict[str, list[NotReviewed]] = {}
    for each in review.not_reviewed:
        if each.blocking and not _of_optional(each, review):
            unread.setdefault(each.path or "something", []).append(each)
    yield from (_unread(path, gaps) for path, gaps in unread.items())


def _unread(path: str, gaps: Sequence[NotReviewed]) -> str:
    """One line for a file, in the words of the first who could not read it."""
    nodes = ", ".join(sorted({each.node for each in gaps if each.node}))
    return f"{path} was not reviewed{f' by {nodes}' if nodes else ''}: {gaps[0].reason}"


def _of_optional(gap: NotReviewed, review: Review) -> bool:
    return any(each.optional and each.node == gap.node for each in review.answers)


def _missing(answer: Answer) -> str:
    why = f" ({answer.reason})" if answer.reason else ""
    return f"{answer.node} {answer.status}{why}"


def _remarks(review: Review, blocking: Sequence[Classified]) -> Iterator[str]:
    if not review.changed:
        yield "the change is empty: there is nothing to review"
    if noticed := len([each for each in _noticed(review) if each not in blocking]):
        yield f"{noticed} {'more ' if blocking else ''}introduced at warning or above"
    for each in filter(_moved_danger, review.existing):
        yield f"{each.finding.location}: moved from {each.moved_from}: {each.finding.message}"
