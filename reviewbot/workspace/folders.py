"""The folders of a review: where they stand, and who may look into them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewbot.errors import UsageError
from reviewbot.process.folders import private_folder, sweep

IN_MEMORY = "/dev/shm"  # noqa: S108 - folders in it get names that nobody can guess
"""Where Linux keeps a file system in memory: trees are written there in a fifth of the time."""

_PASS_THROUGH = 0o711
_LARGEST = 128 << 20
_SPARE = 4


def require_temporary_folder() -> None:
    """See to it that there is a place for temporary files, before anything needs one.

    Raises:
        UsageError: nothing can be written in any of the usual places.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError as error:
        raise UsageError("no temporary file can be written", hint="set TMPDIR") from error


@contextmanager
def swept_folder(parent: str | None = None) -> Iterator[Path]:
    """A folder that only we can enter, in the usual place or in `parent`.

    What killed runs left there is removed first: a tree in memory would stay until the machine is
    restarted.
    """
    sweep(parent)
    with private_folder(parent) as folder:
        yield folder


@contextmanager
def folder_for_tools(parent: str | None = None) -> Iterator[Path]:
    """A folder that a program can use whom we tell its path, and nobody else can find.

    Root starts programs under other user ids. They may pass through, but cannot list, and one
    name on the way cannot be guessed: other people on the machine do not get at the code.
    """
    with swept_folder(parent) as outer:
        inner = Path(tempfile.mkdtemp(dir=outer))
        if os.geteuid() == 0:
            outer.chmod(_PASS_THROUGH)
            inner.chmod(_PASS_THROUGH)
        yield inner


def memory_for(size: int, memory: str = IN_MEMORY) -> str | None:
    """A place in memory for so many bytes, or None when there is none or they are too many."""
    if size > _LARGEST or not os.access(memory, os.W_OK | os.X_OK):
        return None
    space = os.statvfs(memory)
    return memory if space.f_bavail * space.f_frsize > size * _SPARE else None
