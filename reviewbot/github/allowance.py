"""How many writes may a run make, and which of its steps fit? Counted before the first one.

GitHub, "Rate limits for the REST API": at most 80 requests that create content in a minute and 500
in an hour, for everything that writes with this account.
"""

from collections.abc import Iterable, Iterator

from reviewbot.review.actions import (
    Action,
    CloseComment,
    DismissReview,
    ReopenComment,
    SetLabels,
    SubmitReview,
    WriteCheck,
    WriteSummary,
)

ANNOTATIONS = 50
"""Annotations that one request about a check run may carry."""

_FIRST = (SubmitReview, WriteSummary, WriteCheck, DismissReview)


def cost_of(step: Action) -> int:
    """Requests that write, when each is answered at once."""
    match step:
        case WriteSummary():
            return 1 + len(step.surplus)
        case WriteCheck():
            return max(1, -(-len(step.annotations) // ANNOTATIONS))
        case CloseComment() | ReopenComment():
            return 2
        case SetLabels():
            return bool(step.add) + len(step.remove)
        case _:
            return 1


def fitting(steps: Iterable[Action], left: int) -> tuple[bool, ...]:
    """Which of the steps are begun: those that say the verdict first, then the others in order.

    Args:
        steps: in the order in which they are performed.
        left: writes that may still be made.
    """
    every = tuple(steps)
    taken = set(_taken(every, left))
    return tuple(number in taken for number in range(len(every)))


def _taken(steps: tuple[Action, ...], left: int) -> Iterator[int]:
    ranked = sorted(range(len(steps)), key=lambda number: not isinstance(steps[number], _FIRST))
    for number in ranked:
        if (cost := cost_of(steps[number])) <= left:
            left -= cost
            yield number
