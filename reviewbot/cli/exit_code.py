"""How a run ends, as a number; the table of the README."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    REVIEWED = 0
    BLOCKED = 1
    USAGE = 2
    BUG = 3
    NOTHING_ANALYSED = 4
    NOT_PUBLISHED = 5
    INTERRUPTED = 130
