"""What a change did to the findings of one analysis: introduced, existing or fixed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reviewbot.review.analysis import Analysis
from reviewbot.review.classified import (
    CONFIGURATION,
    OURSELVES,
    SUPPRESSION,
    BaselineState,
    Cause,
    Classified,
    is_security,
)
from reviewbot.review.finding import Finding, Severity
from reviewbot.review.identity import Identities
from reviewbot.review.match import Level, Matching, Pair, match
from reviewbot.review.review import Suppressed
from reviewbot.review.sides import Sides
from reviewbot.review.veil import Veils

_HIDDEN = "hidden on the base as well"
_HIDES_OLD = "visible on the base, hidden by a comment on the head"
_HIDES_NEW = "hidden by a comment of this change"
_GUESSED = (
    "so old and new cannot be told apart: findings on added lines count as introduced, "
    "all others as existing"
)
_UNKNOWN = "old and new cannot be told apart here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differential:
    """The classes of one analysis.

    Attributes:
        findings: visible ones: those of the head, then the fixed ones.
        suppressed: findings of the head that a comment hides.
        warnings: what could not be told apart.
    """

    findings: tuple[Classified, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    warnings: tuple[str, ...] = ()


def classify(analysis: Analysis, sides: Sides) -> Differential:
    """Tell the findings that a change introduced from those that were there before.

    Every finding of head and base is in exactly one class. A finding that a new suppression
    comment hides is not fixed: it is in ``suppressed``, and a finding of rule ``suppression``
    stands for it. What cannot be compared (no base, a file readable on one side only) is
    introduced on added lines and existing elsewhere, with a warning. A finding of a file that the
    head's run lost is existing, without a line, never fixed.
    """
    return _Classifier(analysis, sides).result()


def suppression(hidden: Finding) -> Finding:
    """The finding that stands for one that a new comment hides.

    A hidden error or vulnerability is worth a warning; a silenced matter of style is a note.
    """
    weighty = hidden.severity is Severity.ERROR or is_security(hidden)
    return Finding(
        node=hidden.node,
        tool=OURSELVES,
        rule=SUPPRESSION,
        message=f"a new comment hides {hidden.tool} {hidden.rule}: {hidden.message}",
        severity=Severity.WARNING if weighty else Severity.NOTE,
        location=hidden.location,
        symbol=hidden.symbol,
        source=hidden.source,
        text=hidden.text,
        cwe=hidden.cwe,
    )


class _Classifier:
    """One analysis; ids go to the base first, so that what stays keeps its own."""

    def __init__(self, analysis: Analysis, sides: Sides) -> None:
        self._analysis = analysis
        self._sides = sides
        self._ids = Identities(sides.renamed)
        self._base = analysis.base or ()
        self._base_ids = tuple(self._ids.issue(each) for each in self._base)
        self._hidden_ids = tuple(self._ids.issue(each) for each in analysis.hidden_base)

    def result(self) -> Differential:
        analysis, sides = self._analysis, self._sides
        seen = match(analysis.head, self._base, sides)
        kept = match(analysis.hidden_head, analysis.hidden_base, sides)
        left = tuple(analysis.hidden_head[index] for index in kept.head)
        lost = tuple(self._base[index] for index in seen.base)
        newly = match(left, lost, sides)
        hidden = (
            *self._still_hidden(kept),
            *self._newly_hidden(newly, left, tuple(self._base_ids[index] for index in seen.base)),
        )
        veiled = dict(self._veiled(seen, [seen.base[index] for index in newly.base]))
        fresh = tuple(self._left(analysis.head[index]) for index in seen.head)
        return Differential(
            findings=(
                *self._existing(seen),
                *fresh,
                *self._configured(),
                *self._announced(hidden),
                *(self._gone(index) for index, hides in veiled.items() if hides is None),
            ),
            suppressed=(*hidden, *filter(None, veiled.values())),
            warnings=self._warnings(fresh),
        )

    def _existing(self, seen: Matching) -> Iterator[Classified]:
        for pair in seen.pairs:
            was = self._base[pair.base]
            yield self._known(
                self._analysis.head[pair.head],
                self._base_ids[pair.base],
                self._evidence(pair),
                moved_from=was if pair.level is Level.MOVED else None,
            )

    def _evidence(self, pair: Pair) -> str:
        """The level; for the one that a swap inside a function would deceive, with both counts."""
        if pair.level is not Level.SYMBOL:
            return str(pair.level.value)
        here = self._analysis.head[pair.head]
        before = self._sides.base_path(here.path)
        old = sum(_alike(each, here) for each in self._base if each.path == before)
        new = sum(_alike(each, here) for each in self._analysis.head if each.path == here.path)
        return f"{pair.level.value} ({old} on the base, {new} on the head)"

    def _left(self, finding: Finding) -> Classified:
        if not self._incomparable(finding):
            return self._new(finding)
        return self._new(finding, state=BaselineState.EXISTING, evidence=_UNKNOWN)

    def _incomparable(self, finding: Finding) -> bool:
        if self._sides.wrote(finding):
            return False
        return self._analysis.base is None or self._sides.unread_base(finding.path)

    def _gone(self, index: int) -> Classified:
        """A finding of the base that the head lacks: fixed, if the head was looked at."""
        finding = self._base[index]
        now = self._sides.head_path(finding.path)
        lost = {each.path for each in self._analysis.coverage.not_reviewed}
        if now not in lost or self._sides.deleted(finding.path):
            return Classified(
                finding=finding, state=BaselineState.FIXED, id=self._base_ids[index], in_diff=False
            )
        where = replace(finding.location, path=now, line=None, end_line=None, column=None)
        moved = replace(finding, location=where)
        return self._known(moved, self._base_ids[index], f"{now} was not analysed on the head")

    def _configured(self) -> Iterator[Classified]:
        cause = Cause(path=self._analysis.configuration, line=None)
        for each in self._analysis.configured:
            found = self._new(each, evidence=f"the new {cause.path} brings it")
            yield replace(found, in_diff=False, cause=cause, group=CONFIGURATION)

    def _still_hidden(self, kept: Matching) -> Iterator[Suppressed]:
        for pair in kept.pairs:
            finding = self._analysis.hidden_head[pair.head]
            yield _hidden(self._known(finding, self._hidden_ids[pair.base], _HIDDEN), new=False)

    def _newly_hidden(
        self, newly: Matching, left: tuple[Finding, ...], ids: tuple[str, ...]
    ) -> Iterator[Suppressed]:
        for pair in newly.pairs:
            yield _hidden(self._known(left[pair.head], ids[pair.base], _HIDES_OLD), new=True)
        for index in newly.head:
            if self._incomparable(left[index]):
                known = self._new(left[index], state=BaselineState.EXISTING, evidence=_UNKNOWN)
                yield _hidden(known, new=False)
            else:
                yield _hidden(self._new(left[index], evidence=_HIDES_NEW), new=True)

    def _veiled(
        self, seen: Matching, gone: Iterable[int]
    ) -> Iterator[tuple[int, Suppressed | None]]:
        """What is gone, by its position on the base, and the comment that hides it, if one does."""
        veils = Veils((self._analysis.head[index] for index in seen.head), self._sides)
        for index in gone:
            there = veils.over(self._base[index])
            if there is None:
                yield index, None
            else:
                known = self._known(there, self._base_ids[index], _HIDES_OLD)
                yield index, _hidden(known, new=True)

    def _announced(self, hidden: tuple[Suppressed, ...]) -> Iterator[Classified]:
        for each in hidden:
            if each.new:
                yield self._new(suppression(each.classified.finding), evidence=each.reason)

    def _known(
        self, finding: Finding, name: str, evidence: str, *, moved_from: Finding | None = None
    ) -> Classified:
        return Classified(
            finding=finding,
            state=BaselineState.EXISTING,
            id=name,
            in_diff=self._sides.wrote(finding),
            evidence=evidence,
            moved_from=moved_from.location if moved_from else None,
        )

    def _new(
        self,
        finding: Finding,
        *,
        state: BaselineState = BaselineState.INTRODUCED,
        evidence: str = "not on the base",
    ) -> Classified:
        return Classified(
            finding=finding,
            state=state,
            id=self._ids.issue(finding),
            in_diff=self._sides.wrote(finding),
            evidence=evidence,
        )

    def _warnings(self, fresh: tuple[Classified, ...]) -> tuple[str, ...]:
        tool = self._analysis.tool
        if self._analysis.base is None:
            return (f"{tool}: the base could not be analysed, {_GUESSED}",)
        unread = {each.finding.path for each in fresh if each.evidence == _UNKNOWN}
        return tuple(
            f"{tool}: {path} could not be read on the base, {_GUESSED}" for path in sorted(unread)
        )


def _hidden(classified: Classified, *, new: bool) -> Suppressed:
    return Suppressed(classified=classified, by="comment", reason=classified.evidence, new=new)


def _alike(one: Finding, other: Finding) -> bool:
    return (one.tool, one.rule, one.symbol) == (other.tool, other.rule, other.symbol)
