"""The difference of two lists of findings in which equal findings count."""

from collections import Counter
from collections.abc import Iterable

from reviewbot.review.finding import Finding


def without(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that ``others`` does not have, equal ones counted one by one.

    Equal means: same path, line, column, rule and message.
    """
    left = Counter(each.sort_key for each in others)
    rest = []
    for finding in findings:
        if left[finding.sort_key]:
            left[finding.sort_key] -= 1
        else:
            rest.append(finding)
    return tuple(rest)
