"""Many outcomes → one Review; a failure is a line in it, never a hole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from reviewbot.review.accounting import unaccounted
from reviewbot.review.analysis import Analysis, NotReviewed, Trust
from reviewbot.review.cause import Causes
from reviewbot.review.classified import BaselineState, Classified, Sources
from reviewbot.review.diff import Diff
from reviewbot.review.differential import Differential, classify
from reviewbot.review.duplicates import deduplicated
from reviewbot.review.finding import Severity
from reviewbot.review.group import grouped, groups
from reviewbot.review.review import Answer, Review
from reviewbot.review.sides import Sides
from reviewbot.review.suppress import suppress

_CLEAN = frozenset({"succeeded", "cached"})
_WHOLE = _CLEAN | {"rerouted"}
_BY_RULE = ("configuration", "condition not met")


class AnalysisOutcome(Protocol):
    """How a node ended: what the engine's ``Outcome[Analysis]`` looks like from here."""

    @property
    def node(self) -> str:
        """Its name."""
        ...

    @property
    def status(self) -> str:
        """How it ended: ``succeeded``, ``timed out`` and so on."""
        ...

    @property
    def value(self) -> Analysis | None:
        """What it gave, or None."""
        ...

    @property
    def reason(self) -> str:
        """Why it did not simply succeed, or an empty string."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the merge has to know besides the outcomes.

    Attributes:
        missing: what the workspace could not read.
        expected: nodes that should have an outcome.
        optional: nodes without which the review is still complete.
        trust: how far the change is trusted.
    """

    missing: tuple[NotReviewed, ...] = ()
    expected: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    trust: Trust = Trust.UNTRUSTED


def merge(
    outcomes: Iterable[AnalysisOutcome],
    diff: Diff,
    sources: Sources,
    circumstances: Circumstances | None = None,
) -> Review:
    """Merge what all nodes say about a change.

    Every finding that enters is in exactly one place of the Review. What one node says does not
    depend on whether another one failed.
    """
    around = circumstances or Circumstances()
    settled = tuple(outcomes)
    analyses = tuple((each, each.value) for each in settled if each.value is not None)
    values = tuple(value for _, value in analyses)
    sides = Sides(diff, sources)
    causes = Causes(sides)
    parts = _told_apart(tuple(_told(value, sides, causes, around.trust) for value in values))
    findings = deduplicated(each for part in parts for each in part.findings)
    introduced = _in(findings, BaselineState.INTRODUCED)
    gaps = _gaps(analyses, around.missing, diff)
    return Review(
        introduced=introduced,
        existing=_in(findings, BaselineState.EXISTING),
        fixed=_in(findings, BaselineState.FIXED),
        suppressed=tuple(each for part in parts for each in part.suppressed),
        groups=groups(introduced),
        answers=tuple(_answers(settled, around)),
        warnings=(
            *_troubles(settled, around),
            *(warning for part in parts for warning in part.warnings),
        ),
        notes=tuple(dict.fromkeys(note for value in values for note in value.notes)),
        not_reviewed=gaps,
        changed=tuple(each.path for each in diff.files),
        analyzed=tuple(sorted({path for value in values for path in value.coverage.analyzed})),
        tests=next((value.tests for value in values if value.tests is not None), None),
        trust=around.trust,
    )


def rank(each: Classified) -> tuple[object, ...]:
    """The order of a Review: worst first, then by place, then by what is said."""
    severity = list(Severity).index(each.finding.severity)
    return (-severity, *each.finding.sort_key, each.finding.tool, each.id)


def _in(findings: Sequence[Classified], state: BaselineState) -> tuple[Classified, ...]:
    return tuple(sorted((each for each in findings if each.state is state), key=rank))


def _told(analysis: Analysis, sides: Sides, causes: Causes, trust: Trust) -> Differential:
    """One analysis, classified, with causes and groups: nothing here looks at another one."""
    part = suppress(classify(analysis, sides), sides, trust)
    return replace(part, findings=grouped(causes.charged(part.findings)))


def _told_apart(parts: tuple[Differential, ...]) -> tuple[Differential, ...]:
    """The same with ids that are unique over all nodes: two nodes may run one tool."""
    issued: set[str] = set()
    return tuple(
        replace(
            part,
            findings=tuple(_own_id(each, issued) for each in part.findings),
            suppressed=tuple(
                replace(each, classified=_own_id(each.classified, issued))
                for each in part.suppressed
            ),
        )
        for part in parts
    )


def _own_id(each: Classified, issued: set[str]) -> Classified:
    name = each.id
    while name in issued:
        name = sha256(f"{each.finding.node}\0{name}".encode()).hexdigest()[:16]
    issued.add(name)
    return each if name == each.id else replace(each, id=name)


def _answers(settled: Sequence[AnalysisOutcome], around: Circumstances) -> Iterator[Answer]:
    for each in settled:
        by_rule = each.status == "skipped" and each.reason.startswith(_BY_RULE)
        yield Answer(
            node=each.node,
            status=str(each.status),
            reason=each.reason,
            answered=each.value is not None,
            complete=by_rule or (each.value is not None and each.status in _WHOLE),
            wanted=not by_rule,
            optional=each.node in around.optional,
            tool=each.value.tool if each.value else "",
            tool_version=each.value.tool_version if each.value else "",
        )
    for node in _absent(settled, around):
        yield Answer(node=node, status="missing", optional=node in around.optional)


def _absent(settled: Sequence[AnalysisOutcome], around: Circumstances) -> list[str]:
    there = {each.node for each in settled}
    return [node for node in around.expected if node not in there]


def _troubles(settled: Sequence[AnalysisOutcome], around: Circumstances) -> Iterator[str]:
    for each in settled:
        by_rule = each.status == "skipped" and each.reason.startswith(_BY_RULE)
        if by_rule or (each.status in _CLEAN and each.value is not None):
            continue
        why = f" ({each.reason})" if each.reason else ""
        yield f"{each.node} {each.status}{why}: {_consequence(each)}"
    for node in _absent(settled, around):
        yield f"{node} gave no outcome: its findings are missing"


def _consequence(each: AnalysisOutcome) -> str:
    if each.value is None:
        return "its findings are missing"
    if each.status in _WHOLE:
        return f"its findings are those of {each.value.tool}"
    return "its findings may be incomplete"


def _gaps(
    analyses: Sequence[tuple[AnalysisOutcome, Analysis]],
    missing: tuple[NotReviewed, ...],
    diff: Diff,
) -> tuple[NotReviewed, ...]:
    told = [
        replace(gap, node=gap.node or outcome.node)
        for outcome, analysis in analyses
        for gap in analysis.coverage.not_reviewed
    ]
    listed = [*missing, *told]
    every = [*listed, *unaccounted(diff, [each for _, each in analyses], listed)]
    return tuple(
        sorted(dict.fromkeys(every), key=lambda gap: (gap.path or "", gap.node, gap.reason))
    )
