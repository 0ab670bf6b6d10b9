"""Who writes a run: one process at a time, told by a lock that dies with it."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from reviewbot.dag.journal.error import JournalError

_TRIES, _PAUSE = 5, 0.01
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW


class RunLock:
    """A lock on a file beside the journal (flock); the kernel frees it when the process ends."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, journal: Path, run: int, name: str) -> Self:
        """Take it, or refuse at once.

        Raises:
            JournalError: another process is at work on the run, or no lock can be made there.
        """
        path = _beside(journal, run)
        try:
            while True:
                descriptor = os.open(path, _FLAGS | os.O_CREAT, 0o600)
                if not _patiently_locked(descriptor):
                    os.close(descriptor)
                    raise JournalError(
                        f"another process is at work on run {name!r} of {journal}; "
                        "wait for it, or stop it"
                    )
                if _is_same(path, descriptor):
                    return cls(path, descriptor)
                os.close(descriptor)  # its owner finished and removed it between the two calls
        except OSError as error:
            raise JournalError(f"{path} cannot be made: {error.strerror}") from error

    def release(self) -> None:
        """Free the run and remove the file; a second time does nothing."""
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


def is_taken(journal: Path, run: int) -> bool:
    """Whether a living process is at work on the run."""
    try:
        descriptor = os.open(_beside(journal, run), _FLAGS)
    except OSError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _beside(journal: Path, run: int) -> Path:
    return journal.with_name(f"{journal.name}-run-{run}.lock")


def _patiently_locked(descriptor: int) -> bool:
    """Take it, unless somebody keeps it for longer than one who only looks whether it is taken."""
    for _ in range(_TRIES):
        if _locked(descriptor):
            return True
        time.sleep(_PAUSE)
    return False


def _locked(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_same(path: Path, descriptor: int) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)
