"""Temporary folders: who may look into them, and that they go away again, at worst with a next run.

Each holds a file that is locked as long as somebody needs the folder; the kernel lets go of it
however we end.
"""

import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "reviewbot-"
_LOCK = ".lock"
_YOUNG = 10.0
"""Seconds in which a folder may not be locked yet."""


@contextmanager
def private_folder(parent: str | None = None) -> Iterator[Path]:
    """A folder that only we can enter, in the usual place or in `parent`.

    It is gone afterwards with all it holds; what the kernel will not let go stays behind.
    """
    with _locked_folder(parent) as folder:
        try:
            yield folder
        finally:
            with suppress(OSError):
                if not _removed_empty(folder):
                    remove(folder)


@contextmanager
def readable_folder() -> Iterator[Path]:
    """The same, for what a program under another user id has to read."""
    with private_folder() as folder:
        folder.chmod(0o755)
        yield folder


def sweep(parent: str | None = None) -> None:
    """Remove the folders of runs that were killed, in the usual place or in `parent`."""
    for path in Path(parent or tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError), _opened(path) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            owners = {path.parent.lstat().st_uid, os.fstat(lock).st_uid}
            if owners == {os.geteuid()} and time.time() - os.fstat(lock).st_mtime > _YOUNG:
                remove(path.parent)


def remove(root: Path) -> None:
    """Delete a tree of any depth without following links.

    Every directory is first moved into one of our own that nobody else can enter: no path grows
    longer than the kernel takes, no recursion deeper than the interpreter does, and what is
    looked at there cannot be swapped for a link.

    Raises:
        OSError: the kernel will not let something go; it lies in a folder for the next sweep.
    """
    with _locked_folder(str(root.parent)) as limbo:
        moved, count = [root.rename(limbo / "0")], 0
        while moved:
            path = moved.pop()
            if not stat.S_ISDIR(path.lstat().st_mode):
                path.unlink()
                continue
            path.chmod(0o700)
            for entry in list(os.scandir(path)):
                if entry.is_dir(follow_symlinks=False):
                    count += 1
                    Path(entry.path).chmod(0o700)  # one that we may not write cannot be moved
                    moved.append(Path(entry.path).rename(limbo / str(count)))
                else:
                    os.unlink(entry)  # noqa: PTH108 - twice as fast for a tree of thousands
            path.rmdir()
        _removed_empty(limbo)


@contextmanager
def _locked_folder(parent: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    with _opened(folder / _LOCK, os.O_CREAT) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def _opened(path: Path, flags: int = 0) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _removed_empty(folder: Path) -> bool:
    """Remove a folder that holds nothing but its lock; False when there is more to do."""
    try:
        with os.scandir(folder) as entries:
            if [entry.name for entry in entries] != [_LOCK]:
                return False
        (folder / _LOCK).unlink()
        folder.rmdir()
    except OSError:
        return False
    return True
