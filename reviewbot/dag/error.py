"""The one error the engine raises: the graph, or the way it is called, is wrong."""

from collections.abc import Iterable


class GraphError(ValueError):
    """Indicates that a graph cannot be run; lists every problem found in that phase.

    `phase` is "declare" (a callable that is no node), "check" (the graph) or "start" (the run's
    arguments). A node's failure is never an exception: it is an Outcome.
    """

    def __init__(self, problems: Iterable[str], *, phase: str = "check") -> None:
        self.problems = tuple(problems)
        self.phase = phase
        super().__init__(f"{phase}: " + "; ".join(self.problems))


def nearest(name: str, known: Iterable[str]) -> str:
    """`"; did you mean 'types'?"` for the known name most like `name`, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who made a mistake pays for it

    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
