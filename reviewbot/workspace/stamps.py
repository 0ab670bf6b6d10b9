"""Modification times that no cached tree has: mypy trusts equal path, size and whole second.

Two trees written in one second, with an edit of equal size, hid the error of the edit.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_FILE = "newest-stamp"
_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """Modification times in whole seconds: of every head file, of the base files that differ."""

    head: int
    base: int


def next_stamps(now: int, newest: int) -> Stamps:
    """Two stamps newer than now and newer than any that were given out.

    Never derived from contents: an author can search for two contents with one stamp.
    """
    latest = max(now, newest)
    return Stamps(head=latest + 1, base=latest + 2)


def take_stamps(cache: str | None, now: int) -> Stamps:
    """Take two stamps that nobody else gets, or gets again, who shares this cache directory.

    Raises:
        OSError: the directory cannot remember them.
    """
    if cache is None:
        return next_stamps(now, 0)
    folder = Path(cache)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        written = file.read(_DIGITS + 1)
        known = written.isdecimal() and len(written) <= _DIGITS
        stamps = next_stamps(now, int(written) if known else 0)
        file.seek(0)
        file.write(str(stamps.base))  # in place, so that a full disk keeps what was known
        file.truncate()
    return stamps
