"""What can be wrong with a journal."""

from reviewbot.dag.error import GraphError


class JournalError(GraphError):
    """Indicates a journal that cannot be used: each problem says what, where and what to do."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems, phase="journal")


class JournalLostError(JournalError, OSError):
    """Indicates rows that could not be made durable: the run may go on, its record does not."""
