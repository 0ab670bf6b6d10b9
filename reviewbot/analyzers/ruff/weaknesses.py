"""Ruff's S rules as bandit would weigh them: S602 of ruff is B602 of bandit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reviewbot.review.finding import Confidence, Finding, Severity

_SEVERITY = {"LOW": Severity.NOTE, "MEDIUM": Severity.WARNING, "HIGH": Severity.ERROR}
_CONFIDENCE = {"LOW": Confidence.LOW, "MEDIUM": Confidence.MEDIUM, "HIGH": Confidence.HIGH}

_TABLE = """
101 LOW HIGH 703      102 MEDIUM HIGH 78     103 HIGH HIGH 732      104 MEDIUM MEDIUM 605
105 LOW MEDIUM 259    106 LOW MEDIUM 259     107 LOW MEDIUM 259     108 MEDIUM MEDIUM 377
110 LOW HIGH 703      112 LOW HIGH 703       113 MEDIUM LOW 400     201 HIGH MEDIUM 94
202 HIGH HIGH 22      301 MEDIUM HIGH 502    302 MEDIUM HIGH 502    303 MEDIUM HIGH 327
304 HIGH HIGH 327     305 MEDIUM HIGH 327    306 MEDIUM HIGH 377    307 MEDIUM HIGH 78
308 MEDIUM HIGH 79    310 MEDIUM HIGH 22     311 LOW HIGH 330       312 HIGH HIGH 319
313 MEDIUM HIGH 20    314 MEDIUM HIGH 20     315 MEDIUM HIGH 20     316 MEDIUM HIGH 20
317 MEDIUM HIGH 20    318 MEDIUM HIGH 20     319 MEDIUM HIGH 20     320 MEDIUM HIGH 20
321 HIGH HIGH 319     323 MEDIUM HIGH 295    324 HIGH HIGH 327      401 HIGH HIGH 319
402 HIGH HIGH 319     403 LOW HIGH 502       404 LOW HIGH 78        405 LOW HIGH 20
406 LOW HIGH 20       407 LOW HIGH 20        408 LOW HIGH 20        409 LOW HIGH 20
410 LOW HIGH 20       411 HIGH HIGH 20       412 HIGH HIGH 284      413 HIGH HIGH 327
415 HIGH HIGH 319     501 HIGH HIGH 295      502 HIGH HIGH 327      503 MEDIUM MEDIUM 327
504 LOW MEDIUM 327    505 HIGH HIGH 326      506 MEDIUM HIGH 20     507 HIGH MEDIUM 295
508 MEDIUM HIGH 319   509 MEDIUM HIGH 319    601 MEDIUM MEDIUM 78   602 HIGH HIGH 78
603 LOW HIGH 78       604 MEDIUM LOW 78      605 HIGH HIGH 78       606 LOW MEDIUM 78
607 LOW HIGH 78       608 MEDIUM MEDIUM 89     609 HIGH MEDIUM 155    610 MEDIUM MEDIUM 89
611 MEDIUM MEDIUM 89  612 MEDIUM HIGH 94     701 HIGH HIGH 94       702 MEDIUM HIGH 80
704 MEDIUM HIGH 79
"""
"""Number, severity, confidence and CWE from the sources of bandit 1.9.4.

Where bandit looks closer than the rule (103, 602, 605, 608) the higher one
stands: a backup must not be milder.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """How bandit weighs a rule."""

    severity: Severity
    confidence: Confidence
    cwe: int


def _parsed(text: str) -> Mapping[str, Weakness]:
    words = iter(text.split())
    return {
        f"S{number}": Weakness(
            severity=_SEVERITY[severity], confidence=_CONFIDENCE[confidence], cwe=int(cwe)
        )
        for number, severity, confidence, cwe in zip(words, words, words, words, strict=True)
    }


WEAKNESSES = _parsed(_TABLE)
_UNKNOWN = Weakness(severity=Severity.WARNING, confidence=Confidence.MEDIUM, cwe=0)


def weighed(finding: Finding) -> Finding:
    """A finding of an S rule with bandit's severity, confidence and CWE."""
    weakness = WEAKNESSES.get(finding.rule, _UNKNOWN)
    return replace(
        finding,
        severity=weakness.severity,
        confidence=weakness.confidence,
        cwe=weakness.cwe or None,
    )
