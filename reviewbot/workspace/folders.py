"""Temporary folders: who may look into them, where they stand, and that they go away again."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reviewbot.errors import UsageError

IN_MEMORY = "/dev/shm"  # noqa: S108 - folders in it get names that nobody can guess
"""Where Linux keeps a file system in memory: trees are written there in a fifth of the time."""

_PREFIX = "reviewbot-"
_LOCK = ".lock"
_YOUNG = 10.0
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
def private_folder(parent: str | None = None) -> Iterator[Path]:
    """A folder that only we can enter, in the usual place or in `parent`.

    What a killed run left there is removed first: a tree in memory would stay until the machine is
    restarted.
    """
    _sweep(Path(parent or tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove our folders that nobody holds; one too young to be locked yet is left alone."""
    for path in parent.glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), path.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(lock.fileno())
            if held.st_uid == os.geteuid() and time.time() - held.st_mtime > _YOUNG:
                shutil.rmtree(path.parent, ignore_errors=True)


@contextmanager
def folder_for_tools(parent: str | None = None) -> Iterator[Path]:
    """A folder that a program can use whom we tell its path, and nobody else can find.

    Root starts programs under other user ids. They may pass through, but cannot list, and one
    name on the way cannot be guessed: other people on the machine do not get at the code.
    """
    with private_folder(parent) as outer:
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
