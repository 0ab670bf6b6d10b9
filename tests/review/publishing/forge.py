"""A small honest forge: it takes Actions, and shows what stands as the real one would."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from reviewbot.review.actions import (
    Action,
    Actions,
    CloseComment,
    DismissReview,
    EditComment,
    InlineComment,
    PostFileComment,
    ReopenComment,
    SetLabels,
    SubmitReview,
    WriteCheck,
    WriteSummary,
)
from reviewbot.review.marker import Marker, parse_marker
from reviewbot.review.posted import (
    Posted,
    PostedComment,
    PostedReview,
    PostedSummary,
    ReviewState,
)

_STATES: dict[str, ReviewState] = {
    "APPROVE": "APPROVED",
    "COMMENT": "COMMENTED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
}


@dataclass
class Forge:
    """One pull request of a forge.

    Attributes:
        posted: what stands.
        log: every action performed, by class name.
    """

    posted: Posted
    log: list[str] = field(default_factory=list)
    _last: int = 100

    def perform(self, actions: Actions) -> list[str]:
        """Do all steps; the names of what was done."""
        done = [type(each).__name__ for each in actions.steps]
        for each in actions.steps:
            self._perform(each)
        self.log.extend(done)
        return done

    def push(self) -> None:
        """A new head: comments become outdated, and it has no check run yet."""
        outdated = tuple(replace(each, line=None) for each in self.posted.comments)
        self.posted = replace(self.posted, comments=outdated, check_run=None)

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _perform(self, step: Action) -> None:
        match step:
            case SubmitReview():
                self._review(step)
            case PostFileComment():
                self._add([_comment(self._number(), step.path, None, step.body)])
            case CloseComment() | EditComment() | ReopenComment():
                self._edit(step.id, step.body)
            case WriteSummary():
                self._summary(step)
            case WriteCheck():
                self.posted = replace(self.posted, check_run=step.edits or self._number())
            case DismissReview():
                self._dismiss(step.id)
            case SetLabels():
                kept = tuple(each for each in self.posted.labels if each not in step.remove)
                self.posted = replace(self.posted, labels=(*kept, *step.add))
            case _:
                pass

    def _review(self, step: SubmitReview) -> None:
        number = self._number()
        made = PostedReview(
            id=number, node_id=f"R{number}", state=_STATES[step.event], marker=_marker(step.body)
        )
        self.posted = replace(self.posted, reviews=(*self.posted.reviews, made))
        self._add(self._inline(each) for each in step.comments)

    def _inline(self, each: InlineComment) -> PostedComment:
        return _comment(self._number(), each.anchor.path, each.anchor.line, each.body)

    def _add(self, comments: Iterable[PostedComment]) -> None:
        self.posted = replace(self.posted, comments=(*self.posted.comments, *comments))

    def _edit(self, number: int, body: str) -> None:
        every = self.posted.comments
        edited = (
            _comment(number, each.path, each.line, body) if each.id == number else each
            for each in every
        )
        self.posted = replace(self.posted, comments=tuple(edited))

    def _summary(self, step: WriteSummary) -> None:
        number = step.edits or self._number()
        digest = hashlib.sha256(step.body.encode()).hexdigest()
        made = PostedSummary(
            id=number, node_id=f"S{number}", marker=_marker(step.body), digest=digest
        )
        self.posted = replace(self.posted, summaries=(made,))

    def _dismiss(self, number: int) -> None:
        reviews = (
            replace(each, state="DISMISSED") if each.id == number else each
            for each in self.posted.reviews
        )
        self.posted = replace(self.posted, reviews=tuple(reviews))


def _comment(number: int, path: str, line: int | None, body: str) -> PostedComment:
    marker = _marker(body)
    return PostedComment(
        id=number,
        node_id=f"C{number}",
        marker=marker,
        path=path,
        line=line,
        closed=marker.is_closed,
        body=body,
    )


def _marker(body: str) -> Marker:
    found = parse_marker(body)
    assert found is not None, "a body without a marker on its first line"
    return found
