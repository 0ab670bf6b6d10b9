"""Whether an Analysis is what its types say; the types of a plug-in are checked by nobody."""

from operator import attrgetter
from typing import Any

from reviewbot.review.analysis import Analysis, Coverage
from reviewbot.review.finding import Confidence, Finding, Location, Severity

_LISTS = ("head", "base", "configured", "hidden_head", "hidden_base")
_TEXTS = attrgetter(
    *("node", "tool", "rule", "message", "symbol", "source", "text", "impact", "remediation", "url")
)
_LEVELS = attrgetter("severity", "confidence")
_OTHER_NUMBERS = attrgetter("end_line", "column")


def flaw(analysis: Analysis) -> str:
    """What is wrong with it, in words that follow its name; empty when it is sound.

    Merging relies on it: what one analyzer makes up must not cost the review of the others.
    """
    for name in _LISTS:
        findings: Any = getattr(analysis, name)
        if name == "base" and findings is None:
            continue
        if not isinstance(findings, tuple | list):
            return f"{name} is {type(findings).__name__}"
        wrong = next((text for text in map(_flaw, findings) if text), "")
        if wrong:
            return f"in {name}: {wrong}"
    return _flaw_of_the_rest(analysis)


def _flaw_of_the_rest(analysis: Any) -> str:  # noqa: ANN401 - it may be anything
    if not isinstance(analysis.coverage, Coverage):
        return f"coverage is {type(analysis.coverage).__name__}"
    notes: Any = analysis.notes
    if not isinstance(notes, tuple | list) or not all(isinstance(note, str) for note in notes):
        return "notes are no texts"
    return ""


def _flaw(finding: Any) -> str:  # noqa: ANN401 - it may be anything
    if not isinstance(finding, Finding):
        return f"{type(finding).__name__} is no finding"
    if not all(isinstance(text, str) for text in _TEXTS(finding)):
        return "a finding whose texts are none"
    severity, confidence = _LEVELS(finding)
    if not isinstance(severity, Severity) or not isinstance(confidence, Confidence):
        return "a finding without a severity or a confidence"
    return _flaw_of_place(finding.location)


def _flaw_of_place(where: Any) -> str:  # noqa: ANN401 - it may be anything
    if not isinstance(where, Location) or not isinstance(where.path, str):
        return "a finding that stands nowhere"
    if not where.path or where.path.startswith("/") or ".." in where.path.split("/"):
        return f"a finding outside the tree, at {where.path!r:.80}"
    if not _is_number(where.line, 1) or not all(
        _is_number(each, 0) for each in _OTHER_NUMBERS(where)
    ):
        return f"a finding on a line or a column that cannot be: {where!s:.80}"
    return ""


def _is_number(value: object, least: int) -> bool:
    return value is None or (type(value) is int and value >= least)
