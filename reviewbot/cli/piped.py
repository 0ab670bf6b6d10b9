"""What comes by standard input."""

from reviewbot.errors import UsageError
from reviewbot.workspace.patch import LARGEST, STANDARD_INPUT


def piped_patch(file: str | None) -> bytes:
    """What standard input holds when a patch is wanted from there; nothing when it is not.

    Here and not where files are read: whoever waits at a terminal can still end us.

    Raises:
        UsageError: it cannot be read.
    """
    if file != STANDARD_INPUT:
        return b""
    try:
        with open(0, "rb", closefd=False) as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror}") from error
