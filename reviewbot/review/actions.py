"""Report and verdict and diff and what is posted → the actions to perform, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Event = Literal["APPROVE", "COMMENT", "REQUEST_CHANGES"]
Place = Literal["inline", "cause", "standing", "file", "summary", "suppressed"]
"""On its own lines, on the line that causes it, in a comment that stands, on its file, or nowhere
but in the summary; suppressed is what is kept aside with a reason."""
Conclusion = Literal["success", "failure", "neutral"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Lines of the diff that the forge accepts a comment on.

    Attributes:
        path: on the head.
        line: the last line of the range, on the head for RIGHT, on the base for LEFT.
        start_line: the first line, only when it is before ``line``; in the same hunk.
    """

    path: str
    line: int
    side: Literal["LEFT", "RIGHT"] = "RIGHT"
    start_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineComment:
    """One comment inside a review.

    Attributes:
        key: the id of its finding; of a comment on a cause see ``cause_key``.
        anchor: where it stands.
        body: with the marker on its first line.
    """

    key: str
    anchor: Anchor
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview:
    """One review with all its comments, in one call.

    Attributes:
        key: per pull request and head.
        commit: the analysed head.
        body: with the marker on its first line.
        whole_body: the same with what the comments say, for a forge that refuses the anchors.
    """

    key: str
    event: Event
    commit: str
    body: str
    whole_body: str
    comments: tuple[InlineComment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFileComment:
    """A comment on a changed file for a finding that has no line in the diff."""

    key: str
    commit: str
    path: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSummary:
    """Create the sticky summary, or edit it in place.

    Attributes:
        edits: number of the comment to edit; None creates one.
        surplus: node ids of our other summaries, to be minimised.
    """

    key: str
    body: str
    edits: int | None = None
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """One line of a check run, or of the log."""

    path: str
    start_line: int
    end_line: int
    level: Literal["notice", "warning", "failure"]
    title: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCheck:
    """The check run of the head: created, or updated when ``edits`` is its number."""

    key: str
    head: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    edits: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseComment:
    """Say in a comment that its finding is fixed, and fold it."""

    key: str
    id: int
    node_id: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenComment:
    """Say again what a closed comment said, and unfold it: its finding came back."""

    key: str
    id: int
    node_id: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditComment:
    """Bring the list of an open comment on a cause up to date."""

    key: str
    id: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldReview:
    """Fold a review of ours that says what an older one of ours says."""

    id: int
    node_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissReview:
    """Take an own block or approval back, with the reason."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLabels:
    """Labels with our prefix; nobody else's is touched."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAuthor:
    """Assign the author of the pull request."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssue:
    """Open a follow-up issue, unless one with this key is open."""

    key: str
    title: str
    body: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableMerge:
    """Let the forge merge this very head when everything it asks for is there."""

    head: str


Action = (
    SubmitReview
    | PostFileComment
    | WriteSummary
    | WriteCheck
    | CloseComment
    | ReopenComment
    | EditComment
    | DismissReview
    | FoldReview
    | SetLabels
    | AssignAuthor
    | OpenIssue
    | EnableMerge
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What is to be done on the pull request.

    Attributes:
        steps: in the order in which they are performed; empty when nothing changed.
        places: id of every introduced finding → the one place where it is said.
        notes: one line each for what was decided otherwise than asked (no approval, and why).
    """

    steps: tuple[Action, ...]
    places: Mapping[str, Place]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one action.

    Attributes:
        action: the class name of the action.
        status: ``done``; ``unchanged`` when it stood already; ``degraded`` when another route was
            taken; ``refused`` when there was none; ``unknown`` when it may or may not have landed.
        id: the forge's number of what was made.
        detail: one line for the reader: the route, the permission that is missing.
        again: whether the same command, run another time, may finish it.
    """

    action: str
    status: Literal["done", "unchanged", "degraded", "refused", "unknown"]
    key: str = ""
    id: int | None = None
    detail: str = ""
    again: bool = False
