"""What can be wrong with a journal, and with a value that is to go into one."""

from collections.abc import Iterable

from reviewbot.dag.error import GraphError


class JournalError(GraphError):
    """Indicates a journal that cannot be used: each problem says what, where and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems, phase="journal")


class JournalLostError(JournalError, OSError):
    """Indicates rows that could not be made durable: the run may go on, its record does not."""


class PlaceError(ValueError):
    """Indicates a part of a value that cannot be written, read or told by its content.

    The text names the place from the outside in, e.g. `list[3].socket is a socket`.
    """

    def __init__(self, what: str, root: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.root = root
        self.steps: list[str] = []

    def inside(self, step: str) -> "PlaceError":
        """The same error, one step further out."""
        self.steps.append(step)
        return self

    def __str__(self) -> str:
        return f"{self.root}{''.join(reversed(self.steps))} {self.what}".strip()


def joined(problems: Iterable[str]) -> str:
    """Several problems as one line."""
    return "; ".join(problems)
