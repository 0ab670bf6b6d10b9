"""What is said, as the one who decides asks for it; a renderer answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from reviewbot.review.actions import Event, Place
from reviewbot.review.publishing.replacement import Rewrite
from reviewbot.review.pull_request import PullRequest
from reviewbot.review.report import Report
from reviewbot.review.rows import FindingRow

Closing = Literal["fixed", "suppressed", "existing", "repeated", "settled"]
"""Several findings are settled: each for one of the other reasons."""
Withdrawal = Literal["superseded", "resolved", "weaker"]
ROOM = 60_000
"""UTF-8 bytes that a text may have; 65,000 with its marker, which every reading of the forge's
limit allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the texts about a whole review are made of.

    Attributes:
        report: what was found and what follows.
        pull: whose head it is.
        event: what the review says; less than the report's decision when policy caps it.
        places: id of every introduced finding → where it is said.
        comments: how many comments on lines are new.
        since: the head that was reviewed before, or an empty string.
        fresh: how many findings were not known then; None when that is not known.
        notes: one line each for what was decided otherwise than asked.
    """

    report: Report
    pull: PullRequest
    event: Event = "COMMENT"
    places: Mapping[str, Place] = field(default_factory=dict)
    comments: int = 0
    since: str = ""
    fresh: int | None = None
    notes: tuple[str, ...] = ()


class Words(Protocol):
    """Texts without markers, each of at most ``ROOM`` bytes, in which nothing foreign is alive."""

    def comment(
        self,
        row: FindingRow,
        pull: PullRequest,
        *,
        rewrite: Rewrite | None = None,
        came_back: bool = False,
    ) -> str:
        """A finding on its lines or on its file."""
        ...

    def cause(
        self,
        rows: Sequence[FindingRow],
        pull: PullRequest,
        *,
        unseen: int = 0,
        came_back: bool = False,
    ) -> str:
        """What one line of the change causes elsewhere: at least one finding, the worst first.

        ``unseen`` more were there before, and nobody looked.
        """
        ...

    def closed(self, why: Closing, pull: PullRequest, said: str) -> str:
        """A comment that no longer holds; ``said`` is its text as it stands, or empty."""
        ...

    def review(self, telling: Telling) -> str:
        """Above the comments of a review."""
        ...

    def whole_review(self, telling: Telling) -> str:
        """The same with what the comments say, when they cannot stand on their lines."""
        ...

    def summary(self, telling: Telling) -> str:
        """The sticky summary."""
        ...

    def withdrawal(self, why: Withdrawal, head: str) -> str:
        """Why an own block or approval is taken back: one plain line."""
        ...

    def check(self, telling: Telling) -> tuple[str, str]:
        """Title (plain) and summary of the check run."""
        ...

    def annotation(self, row: FindingRow) -> tuple[str, str]:
        """Title and message of an annotation, both plain."""
        ...

    def issue(self, telling: Telling) -> tuple[str, str]:
        """Title (plain) and body of a follow-up issue."""
        ...
