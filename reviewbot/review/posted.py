"""What stands on the pull request already and is ours."""

from dataclasses import dataclass
from typing import Literal

from reviewbot.review.marker import Marker

ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedComment:
    """One inline or file comment of ours.

    Attributes:
        id: the forge's number.
        node_id: the forge's name for it in GraphQL.
        marker: its key is the finding's id, or stands for a cause.
        path: where it stands.
        line: None when the forge calls it outdated.
        closed: whether we closed it already as fixed (its body says so).
        answered: whether somebody else replied to it.
        body: as it stands there, to keep what it said when it is closed.
    """

    id: int
    node_id: str
    marker: Marker
    path: str
    line: int | None
    closed: bool = False
    answered: bool = False
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReview:
    """One review of ours."""

    id: int
    node_id: str
    state: ReviewState
    marker: Marker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedSummary:
    """The sticky summary.

    Attributes:
        digest: SHA-256 of its whole body in hex, to see whether an edit changes anything.
    """

    id: int
    node_id: str
    marker: Marker
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Everything of ours, oldest first.

    Attributes:
        complete: False when a list could not be read to its end; then nothing may be written.
        own_id: the account we write as; None when it is not known.
        reviews: also dismissed and pending ones.
        comments: inline and file comments.
        summaries: one, unless a lost answer made two.
        check_run: number of our check run on this head, or None.
        labels: all labels of the pull request, whoever set them.
    """

    complete: bool
    own_id: int | None = None
    reviews: tuple[PostedReview, ...] = ()
    comments: tuple[PostedComment, ...] = ()
    summaries: tuple[PostedSummary, ...] = ()
    check_run: int | None = None
    labels: tuple[str, ...] = ()
