"""What may be published, and who signs it."""

from dataclasses import dataclass, field

from reviewbot.review.finding import Severity
from reviewbot.review.marker import Marker, marker_line

MOST_INLINE = 30
"""More comments in one review than this are noise, whatever the settings say."""
MOST_FILE_COMMENTS = 3
MOST_ANNOTATIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPolicy:
    """What may be published; it comes from the base of the change, never from its head.

    Attributes:
        inline: open comments on lines at once; never more than ``MOST_INLINE``.
        inline_severity: the least finding that gets a comment; what is below is in the summary.
        approve: whether an approval may be given at all.
        approve_bots: whether also to what a bot wrote.
        request_changes: whether a block may be given.
        summary: whether there is a sticky summary.
        check_run: whether there is a check run.
        labels: whether our labels are kept current.
        assign_author: whether a block assigns the author.
        open_issue: whether a block opens an issue.
        merge: whether an approval lets the forge merge.
        from_artifact: the report was made where code of the change could run, so nothing that
            rests on it alone may be approved or offered for one click.
    """

    inline: int = 20
    inline_severity: Severity = Severity.NOTE
    approve: bool = False
    approve_bots: bool = False
    request_changes: bool = True
    summary: bool = True
    check_run: bool = True
    labels: bool = True
    assign_author: bool = False
    open_issue: bool = False
    merge: bool = False
    from_artifact: bool = False

    @property
    def most_inline(self) -> int:
        """How many comments on lines may be open at once."""
        return max(0, min(self.inline, MOST_INLINE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The run that signs what is posted.

    Attributes:
        run: number of the workflow run; 0 outside of one.
        attempt: of that run, from 1.
        secret: see ``marker_line``; may be empty.
    """

    run: int = 0
    attempt: int = 1
    secret: str = field(default="", repr=False)

    def signed(self, marker: Marker, text: str) -> str:
        """A body: the marker on its first line, then the text."""
        return f"{marker_line(marker, self.secret)}\n{text}"
