"""A run as bars in time, one line per node."""

from collections.abc import Mapping

from reviewbot.dag.run import Outcome, Run, Status

_SIGNS: Mapping[Status, str] = {
    Status.SUCCEEDED: "✓",
    Status.CACHED: "✓",
    Status.REROUTED: "↪",
    Status.FELL_BACK: "↩",
    Status.PARTIAL: "◐",
    Status.FAILED: "✗",
    Status.TIMED_OUT: "⏱",
    Status.SKIPPED: "·",
    Status.CANCELLED: "■",
}


def timeline(run: Run, width: int = 40) -> tuple[str, ...]:
    """One line per node in order of starting: sign, name, a bar in time, seconds, reason.

    `width` is the number of columns that stand for the whole run.
    """
    outcomes = sorted(run.outcomes.values(), key=lambda outcome: outcome.started)
    column = max((len(outcome.node) for outcome in outcomes), default=0)
    return tuple(_bar(outcome, column, width, run.seconds) for outcome in outcomes)


def _bar(outcome: Outcome[object], column: int, width: int, whole: float) -> str:
    scale = width / whole if whole else 0.0
    begin = min(width - 1, int(outcome.started * scale))
    length = max(1, min(width - begin, round(outcome.seconds * scale)))
    bar = (" " * begin + ("█" if outcome.attempts else "·") * length).ljust(width)
    told = f"{_SIGNS[outcome.status]} {outcome.node:{column}} {bar} {outcome.seconds:6.2f} s"
    return f"{told}  {outcome.status}: {outcome.reason}" if outcome.reason else told
