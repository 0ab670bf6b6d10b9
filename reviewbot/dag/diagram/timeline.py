"""A run as bars in time, one line per node, item and inner node."""

from collections.abc import Iterator

from reviewbot.dag.diagram.signs import SIGNS
from reviewbot.dag.diagram.walk import Step, steps
from reviewbot.dag.trace.document import OutcomeTrace, Section

_MARK, _OPEN = "◀", "◦"


def timeline(graph: Section, seconds: float, width: int = 40) -> tuple[str, ...]:
    """One line per node in order of starting: sign, path, bar, seconds, reason.

    `width` is the number of columns that stand for `seconds`, the whole run. Attempts are drawn in
    two shades in turn with the waits between them; `◀` marks the critical path. Items and inner
    nodes follow what they belong to; a map and a subgraph are shaded lightly.
    """
    found = tuple(steps(graph))
    column = max((len(_indented(step)) for step in found), default=0)
    return tuple(_line(step, column, width, seconds) for step in found)


def _indented(step: Step) -> str:
    return "  " * step.depth + step.path


def _line(step: Step, column: int, width: int, whole: float) -> str:
    outcome = step.outcome
    if outcome is None:
        return f"{_OPEN} {_indented(step):{column}} {' ' * width} not ended"
    bar = "".join(_cells(outcome, width, whole))
    critical = _MARK if step.is_critical else " "
    told = (
        f"{SIGNS.get(outcome.status, '?')} {_indented(step):{column}} {bar} "
        f"{outcome.seconds:8.3f} s {critical}"
    )
    said = ": ".join(part for part in (outcome.status, outcome.reason) if part)
    return f"{told} {said}" if outcome.reason else told.rstrip()


def _cells(outcome: OutcomeTrace, width: int, whole: float) -> Iterator[str]:
    """One character per column: what the node did at that time."""
    scale = whole / width if whole else 0.0
    if not outcome.is_started:
        place = min(width - 1, int(outcome.started / scale)) if scale else 0
        yield from (" " if column != place else "·" for column in range(width))
        return
    end = outcome.started + outcome.seconds
    for column in range(width):
        begin, until = column * scale, (column + 1) * scale
        if until <= outcome.started or (begin >= end and begin > outcome.started):
            yield " "
        else:
            yield _shade(outcome, begin, until)


def _shade(outcome: OutcomeTrace, begin: float, until: float) -> str:
    for place, attempt in enumerate(outcome.attempts):
        if attempt.started < until and attempt.started + attempt.seconds >= begin:
            return "▓" if place % 2 else "█"
    return "┈" if outcome.attempts else "░"
