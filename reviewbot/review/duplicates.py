"""One statement that several tools make is shown once."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace

from reviewbot.review.classified import Classified
from reviewbot.review.finding import Finding

# ruff's S602 is bandit's B602: the numbers are the same.
_BANDIT = re.compile(r"[BS](\d{3})")
_CONCEPTS = {
    "F821": "undefined name",
    "name-defined": "undefined name",
    "unresolved-reference": "undefined name",
    "invalid-syntax": "syntax",
    "syntax": "syntax",
    "F811": "redefinition",
    "no-redef": "redefinition",
    "import-not-found": "missing module",
    "unresolved-import": "missing module",
}


def same_statement(one: Finding, other: Finding) -> bool:
    """Whether two findings of one line are about one thing, by two tools.

    They are when both rules are one concept of the table, when both carry one number of bandit's,
    or when both name one CWE.
    """
    return one.tool != other.tool and not _subjects(one).isdisjoint(_subjects(other))


def deduplicated(findings: Iterable[Classified]) -> tuple[Classified, ...]:
    """The same findings, those of several tools about one thing at one line told once.

    The most severe is kept, then the surest; the others are in its ``also``. Two findings of one
    tool are never one, and neither are findings of two classes.
    """
    places: defaultdict[Hashable, list[Classified]] = defaultdict(list)
    for each in findings:
        places[_place(each)].append(each)
    return tuple(kept for found in places.values() for kept in _fold(found))


def _subjects(finding: Finding) -> frozenset[Hashable]:
    """What it is about: findings that share one of these say the same."""
    number = _BANDIT.fullmatch(finding.rule)
    if number and finding.tool in {"bandit", "ruff"}:
        concept = f"bandit {number[1]}"
    else:
        concept = _CONCEPTS.get(finding.rule, f"{finding.tool} {finding.rule}")
    return frozenset({concept} if finding.cwe is None else {concept, finding.cwe})


def _place(each: Classified) -> Hashable:
    finding = each.finding
    return each.id if finding.line is None else (each.state, finding.path, finding.line)


def _fold(found: list[Classified]) -> list[Classified]:
    """Fold each into the first kept one that says the same, one of each tool at most."""
    if len(found) == 1:
        return found
    kept = _Kept()
    for each in sorted(found, key=_weight, reverse=True):
        kept.take(each)
    return kept.findings


class _Kept:
    """The findings of one line that are kept so far; one line may have very many of them.

    What a tool has joined it never leaves, so the search for who still lacks it goes on where the
    last one ended, and all searches together look at each finding once per tool.
    """

    def __init__(self) -> None:
        self.findings: list[Classified] = []
        self._tools: list[set[str]] = []
        self._about: defaultdict[Hashable, list[int]] = defaultdict(list)
        self._reached: defaultdict[tuple[Hashable, str], int] = defaultdict(int)

    def take(self, each: Classified) -> None:
        """Fold it into one that is kept, or keep it."""
        subjects, tool = _subjects(each.finding), each.finding.tool
        open_ones = [at for subject in subjects if (at := self._lacking(subject, tool)) is not None]
        if open_ones:
            at = min(open_ones)
            first = self.findings[at]
            self.findings[at] = replace(first, also=(*first.also, each.finding))
            self._tools[at].add(tool)
            return
        for subject in subjects:
            self._about[subject].append(len(self.findings))
        self.findings.append(each)
        self._tools.append({tool})

    def _lacking(self, subject: Hashable, tool: str) -> int | None:
        """The first one about this that the tool has no part in."""
        known, at = self._about[subject], self._reached[subject, tool]
        while at < len(known) and tool in self._tools[known[at]]:
            at += 1
        self._reached[subject, tool] = at
        return known[at] if at < len(known) else None


def _weight(each: Classified) -> tuple[object, ...]:
    finding = each.finding
    return (finding.severity, finding.confidence, finding.tool, each.id)
