"""What stands on a pull request, item by item, in GitHub's JSON: is it ours?

Ours is what our account wrote *and* whose first line is our marker *and* whose key is the one such
an item has here. Every workflow of a repository writes as the same account, and everybody can copy
a marker, so neither alone says anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, TypeVar, cast, get_args

from pydantic import Field

from reviewbot.github.reading import Record
from reviewbot.github.snapshot import Foreign, Id
from reviewbot.review.marker import Kind, Marker, key_of, parse_marker
from reviewbot.review.posted import PostedComment, PostedReview, PostedSummary, ReviewState
from reviewbot.review.pull_request import PullRequest

_NodeId = Annotated[str, Field(max_length=200)]


class _Author(Foreign):
    id: Id


class _Item(Foreign):
    id: Id
    node_id: _NodeId = ""
    user: _Author | None
    body: str | None = None


class _Review(_Item):
    state: str


class _Comment(_Item):
    path: str
    line: int | None = None
    in_reply_to_id: Id | None = None


I = TypeVar("I", bound=_Item)  # noqa: E741 - an item


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """How to tell our items on one pull request.

    Attributes:
        pull: where they stand.
        own_id: the account we write as.
        secret: what markers are signed with, or empty.
    """

    pull: PullRequest
    own_id: int
    secret: str = ""

    def reviews(self, records: Sequence[Record]) -> tuple[PostedReview, ...]:
        """Our reviews.

        Raises:
            pydantic.ValidationError: a record is no review.
        """
        return tuple(
            PostedReview(
                id=each.id,
                node_id=each.node_id,
                state=_state(each.state),
                marker=marker,
            )
            for each, marker in self._ours(records, _Review, "review")
        )

    def summaries(self, records: Sequence[Record]) -> tuple[PostedSummary, ...]:
        """Our sticky summaries among the comments on the conversation.

        Raises:
            pydantic.ValidationError: a record is no comment.
        """
        return tuple(
            PostedSummary(
                id=each.id,
                node_id=each.node_id,
                marker=marker,
                digest=sha256((each.body or "").encode("utf-8", "surrogatepass")).hexdigest(),
            )
            for each, marker in self._ours(records, _Item, "summary")
        )

    def comments(self, records: Sequence[Record]) -> tuple[PostedComment, ...]:
        """Our comments on files, and which of them somebody else answered.

        Raises:
            pydantic.ValidationError: a record is no comment.
        """
        answered = {
            each.in_reply_to_id
            for each in map(_Comment.model_validate, records)
            if each.user is None or each.user.id != self.own_id
        }
        return tuple(
            PostedComment(
                id=each.id,
                node_id=each.node_id,
                marker=marker,
                path=each.path,
                line=each.line,
                body=each.body or "",
                closed=marker.is_closed,
                answered=each.id in answered,
            )
            for each, marker in self._ours(records, _Comment, "comment")
        )

    def _ours(
        self, records: Sequence[Record], model: type[I], kind: Kind
    ) -> list[tuple[I, Marker]]:
        found = []
        for each in sorted(map(model.model_validate, records), key=lambda each: each.id):
            marker = parse_marker(each.body or "", self.secret)
            is_own = each.user is not None and each.user.id == self.own_id
            if is_own and marker is not None and marker.kind == kind and self._fits(marker):
                found.append((each, marker))
        return found

    def _fits(self, marker: Marker) -> bool:
        """Whether the key is of this pull request; a comment's is a finding's, of any kind."""
        if marker.kind == "comment":
            return True
        head = marker.head if marker.kind == "review" else ""
        return marker.key == key_of(self.pull.repository_id, self.pull.number, marker.kind, head)


def _state(state: str) -> ReviewState:
    """A state GitHub may invent is none that blocks or approves."""
    return cast(ReviewState, state) if state in get_args(ReviewState) else "COMMENTED"
