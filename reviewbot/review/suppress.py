"""Findings that a team has decided to live with: ``# reviewbot: ignore[RULE] reason``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reviewbot.review.analysis import Trust
from reviewbot.review.classified import (
    OURSELVES,
    SUPPRESSION,
    BaselineState,
    Classified,
    is_security,
)
from reviewbot.review.differential import Differential
from reviewbot.review.finding import Finding, Severity
from reviewbot.review.identity import Identities
from reviewbot.review.review import Suppressed
from reviewbot.review.sides import Sides

IGNORE = "ignore"
WITHOUT_REASON = "ignore-without-reason"
_COMMENT = re.compile(r"#\s*reviewbot:\s*ignore\b(?:\[(?P<rules>[^\]]*)\])?[\s:-]*(?P<reason>.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """A comment that asks for silence on its line.

    Attributes:
        rules: the rules it names; none is no silence.
        reason: why; without one it has no effect.
    """

    rules: frozenset[str]
    reason: str


def parse_ignore(line: str) -> Ignore | None:
    """The ignore comment on a source line, or None when there is none."""
    found = _COMMENT.search(line)
    if found is None:
        return None
    rules = (each.strip() for each in (found["rules"] or "").split(","))
    return Ignore(rules=frozenset(filter(None, rules)), reason=found["reason"].strip())


def suppress(part: Differential, sides: Sides, trust: Trust) -> Differential:
    """Move what ignore comments name from the findings to the suppressed ones.

    A comment that names no rule or no reason has no effect and is a finding. Where the change is
    not trusted, a comment that it brings along may not silence an error of security quietly: the
    finding is suppressed and a warning stands for it, which no comment can silence.
    """
    return _Silence(sides, trust).of(part)


class _Silence:
    """The ignore comments of one head."""

    def __init__(self, sides: Sides, trust: Trust) -> None:
        self._sides = sides
        self._trust = trust
        self._ids = Identities(sides.renamed)

    def of(self, part: Differential) -> Differential:
        asked = [(each, self._comment(each)) for each in part.findings]
        silent = [(each, comment) for each, comment in asked if _silences(comment, each.finding)]
        quiet = {each.id for each, _ in silent}
        return replace(
            part,
            findings=(
                *(each for each in part.findings if each.id not in quiet),
                *self._powerless(each for each, comment in asked if _is_powerless(comment)),
                *self._announced(each for each, _ in silent),
            ),
            suppressed=(
                *part.suppressed,
                *(self._suppressed(each, comment.reason) for each, comment in silent if comment),
            ),
        )

    def _comment(self, each: Classified) -> Ignore | None:
        if each.state is BaselineState.FIXED or each.finding.line is None:
            return None
        lines = self._sides.lines(each.finding.path)
        at = each.finding.line - 1
        return parse_ignore(lines[at]) if at < len(lines) else None

    def _suppressed(self, each: Classified, reason: str) -> Suppressed:
        return Suppressed(classified=each, by=IGNORE, reason=reason, new=each.in_diff)

    def _announced(self, silent: Iterable[Classified]) -> Iterator[Classified]:
        for each in silent:
            if self._trust is Trust.UNTRUSTED and each.in_diff and _grave(each.finding):
                finding = each.finding
                said = f"{finding.tool} {finding.rule}: {finding.message}"
                yield self._own(each, IGNORE, f"a new ignore comment hides {said}")

    def _powerless(self, findings: Iterable[Classified]) -> Iterator[Classified]:
        places = {(each.finding.path, each.finding.line): each for each in findings}
        for each in places.values():
            lacks = "an ignore comment needs a rule and a reason: # reviewbot: ignore[RULE] reason"
            yield self._own(each, WITHOUT_REASON, lacks)

    def _own(self, each: Classified, rule: str, message: str) -> Classified:
        finding = Finding(
            node=each.finding.node,
            tool=OURSELVES,
            rule=rule,
            message=message,
            severity=Severity.WARNING,
            location=each.finding.location,
            symbol=each.finding.symbol,
            source=each.finding.source,
            text=each.finding.text,
        )
        return Classified(
            finding=finding,
            state=BaselineState.INTRODUCED if each.in_diff else BaselineState.EXISTING,
            id=self._ids.issue(finding),
            in_diff=each.in_diff,
            evidence="the comment stands on this line",
        )


def _silences(comment: Ignore | None, finding: Finding) -> bool:
    return bool(comment and comment.reason and finding.rule in comment.rules)


def _is_powerless(comment: Ignore | None) -> bool:
    return comment is not None and not (comment.rules and comment.reason)


def _grave(finding: Finding) -> bool:
    """An error of security, or the finding that stands for a hidden one."""
    return is_security(finding) and (
        finding.severity is Severity.ERROR or finding.rule == SUPPRESSION
    )
