"""Why something that a comment was about is not said there any longer."""

from reviewbot.review.classified import BaselineState
from reviewbot.review.publishing.cause_memory import Entry
from reviewbot.review.publishing.coverage import Covered
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Closing


def gone(entry: Entry, situation: Situation, covered: Covered) -> Closing | None:
    """Why a finding is not introduced any longer; None when nobody looked.

    Args:
        entry: its id or the beginning of it, then the ``short`` name of the node that found it and
            the ``short`` path where it was.
        situation: what was found this time.
        covered: what was looked at this time.
    """
    identity, node, path = entry
    report = situation.report
    if any(each.id.startswith(identity) for each in situation.introduced):
        return "repeated"
    if any(each.id.startswith(identity) for each in report.suppressed):
        return "suppressed"
    existing = (each for each in report.findings if each.change == BaselineState.EXISTING.value)
    if any(each.id.startswith(identity) for each in existing):
        return "existing"
    return "fixed" if covered.file(node, path) else None
