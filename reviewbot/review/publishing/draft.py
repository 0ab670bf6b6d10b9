"""What was decided, on its way to becoming actions."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewbot.review.actions import CloseComment, Event, Place
from reviewbot.review.marker import Kind, Marker
from reviewbot.review.posted import PostedComment
from reviewbot.review.publishing.memory import short
from reviewbot.review.publishing.opinion import Opinion
from reviewbot.review.publishing.placing import Placed
from reviewbot.review.publishing.policy import Byline
from reviewbot.review.publishing.situation import Situation
from reviewbot.review.publishing.words import Closing, Telling, Words
from reviewbot.review.rows import FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A publication before it is written out.

    Attributes:
        placed: every introduced finding with its place.
        opinion: the decision under the policy.
        submitted: the event of the review to post, or None for no review.
        telling: what the texts about the whole are made of.
    """

    situation: Situation
    words: Words
    byline: Byline
    placed: tuple[Placed, ...]
    opinion: Opinion
    submitted: Event | None
    telling: Telling

    def marker(self, kind: Kind, key: str, data: str = "") -> Marker:
        """The marker of an item of this run."""
        return Marker(
            kind=kind,
            key=key,
            head=self.situation.pull.head,
            run=self.byline.run,
            attempt=self.byline.attempt,
            data=data,
        )

    def told_by(self, *places: Place) -> Mapping[str, tuple[Placed, ...]]:
        """Key of a comment → what it says, of the findings in some places; the worst first."""
        found: dict[str, list[Placed]] = {}
        for each in self.placed:
            if each.place in places:
                found.setdefault(each.key, []).append(each)
        return {key: tuple(every) for key, every in found.items()}

    def closing(self, comment: PostedComment, why: Closing, data: str) -> CloseComment:
        """Close a comment, keeping what it said.

        Args:
            comment: as it stands.
            why: what its text says.
            data: what its marker remembers.
        """
        text = self.words.closed(why, self.situation.pull, comment.body.partition("\n")[2])
        marker = self.marker("comment", comment.marker.key, data)
        return CloseComment(
            key=marker.key,
            id=comment.id,
            node_id=comment.node_id,
            body=self.byline.signed(marker, text),
        )

    def comment(self, row: FindingRow, text: str) -> str:
        """The body of a finding's comment; its marker remembers who would find it again."""
        return self.byline.signed(self.marker("comment", row.id, short(row.node)), text)
