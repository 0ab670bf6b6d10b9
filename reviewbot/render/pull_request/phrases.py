"""The few words that every text on a pull request begins with."""

from collections import Counter
from collections.abc import Iterable

from reviewbot.review.actions import Event
from reviewbot.review.finding import Severity
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow
from reviewbot.review.verdict import Decision, Level

ICONS = {"error": "🔴", "warning": "🟡", "note": "🔵"}
_LEVELS = {
    Level.BLOCKING: ("🔴", "This blocks"),
    Level.INCOMPLETE: ("⚪", "Not everything was reviewed"),
    Level.WARNING: ("🟡", "Worth a look"),
    Level.PASS: ("🟢", "Nothing to object"),
}


def headline(report: Report, event: Event | None = None) -> str:
    """An icon and the verdict in a few words.

    Args:
        report: what was found.
        event: what the review says; None takes the report's own decision.
    """
    said = event or report.verdict.decision
    icon, words = _LEVELS[Level(report.verdict.level)]
    if said == Decision.REQUEST_CHANGES.value:
        return "🔴 Changes requested"
    return "🟢 Approved" if said == Decision.APPROVE.value else f"{icon} {words}"


def tally(rows: Iterable[FindingRow]) -> str:
    """``2 errors, 1 warning``; ``nothing`` for none."""
    counts = Counter(each.severity for each in rows)
    said = (
        counted(counts[each.value], each.value)
        for each in sorted(Severity, reverse=True)
        if counts[each.value]
    )
    return ", ".join(said) or "nothing"


def counted(count: int, word: str) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{count} {word}{'' if count == 1 else 's'}"
