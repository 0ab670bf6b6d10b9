"""Everything that a publication is decided on, and what follows from it at once."""

from dataclasses import dataclass
from typing import Literal

from reviewbot.review.classified import BaselineState
from reviewbot.review.diff import Diff
from reviewbot.review.finding import Severity
from reviewbot.review.marker import Kind, key_of
from reviewbot.review.posted import Posted
from reviewbot.review.publishing.policy import PublishPolicy
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The review, the pull request, and what stands on it.

    Attributes:
        report: of ``pull.head``.
        diff: as the forge shows it: from the merge base to the head.
        pull: read just now.
        posted: what is ours on it.
        policy: what may be done.
    """

    report: Report
    diff: Diff
    pull: PullRequest
    posted: Posted
    policy: PublishPolicy

    @property
    def introduced(self) -> tuple[FindingRow, ...]:
        """See the function of this name."""
        return introduced(self.report)

    @property
    def blocking(self) -> tuple[FindingRow, ...]:
        """The findings that request changes."""
        ids = set(self.report.verdict.blocking)
        return tuple(each for each in self.introduced if each.id in ids)

    def key(self, kind: Kind | Literal["check"], head: str = "") -> str:
        """The key of an item there is one of on this pull request."""
        return key_of(self.pull.repository_id, self.pull.number, kind, head)

    @property
    def spoken(self) -> bool:
        """Whether a review of ours on this very head stands, or stood until it was dismissed."""
        key = self.key("review", self.pull.head)
        return any(
            each.marker is not None and each.marker.key == key and each.state != "PENDING"
            for each in self.posted.reviews
        )


def introduced(report: Report) -> tuple[FindingRow, ...]:
    """What the change introduced, the worst first, else in the order of the report."""
    found = (each for each in report.findings if each.change == BaselineState.INTRODUCED.value)
    return tuple(sorted(found, key=lambda each: Severity(each.severity), reverse=True))
