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
    if one.tool == other.tool:
        return False
    return _concept(one) == _concept(other) or (one.cwe is not None and one.cwe == other.cwe)


def deduplicated(findings: Iterable[Classified]) -> tuple[Classified, ...]:
    """The same findings, those of several tools about one thing at one line told once.

    The most severe is kept, then the surest; the others are in its ``also``. Two findings of one
    tool are never one, and neither are findings of two classes.
    """
    places: defaultdict[Hashable, list[Classified]] = defaultdict(list)
    for each in findings:
        places[_place(each)].append(each)
    return tuple(kept for found in places.values() for kept in _fold(found))


def _concept(finding: Finding) -> str:
    number = _BANDIT.fullmatch(finding.rule)
    if number and finding.tool in {"bandit", "ruff"}:
        return f"bandit {number[1]}"
    return _CONCEPTS.get(finding.rule, f"{finding.tool} {finding.rule}")


def _place(each: Classified) -> Hashable:
    finding = each.finding
    return each.id if finding.line is None else (each.state, finding.path, finding.line)


def _fold(found: list[Classified]) -> list[Classified]:
    """Fold each into the first kept one that says the same, one of each tool at most."""
    kept: list[Classified] = []
    for each in sorted(found, key=_weight, reverse=True):
        at = next((i for i, other in enumerate(kept) if _joins(each, other)), None)
        if at is None:
            kept.append(each)
        else:
            kept[at] = replace(kept[at], also=(*kept[at].also, each.finding))
    return kept


def _joins(each: Classified, kept: Classified) -> bool:
    told = {kept.finding.tool, *(other.tool for other in kept.also)}
    return each.finding.tool not in told and same_statement(each.finding, kept.finding)


def _weight(each: Classified) -> tuple[object, ...]:
    finding = each.finding
    return (finding.severity, finding.confidence, finding.tool, each.id)
