"""Where mypy keeps what it knows between runs."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_KEPT = 6
"""Caches of other settings that stay beside the one in use; each has 3 to 14 MB."""


@contextlib.contextmanager
def cache_directory(kept: str | None, key: str, *, spare: str) -> Iterator[str]:
    """A cache directory that nobody else writes meanwhile.

    Args:
        kept: a directory that outlives the run, or None.
        key: names everything a cached result depends on besides the files.
        spare: a directory of this run, for when nothing is kept or another run holds the cache.
    """
    with contextlib.ExitStack() as stack:
        try:
            yield stack.enter_context(_locked(Path(kept, "mypy"), key)) if kept else spare
        except BlockingIOError:
            yield spare


def clear(directory: str) -> None:
    """Forget everything, but keep the directory."""
    for entry in Path(directory).iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


@contextlib.contextmanager
def _locked(directory: Path, key: str) -> Iterator[str]:
    directory.mkdir(parents=True, exist_ok=True)
    with _lock(directory / f"{key}.lock"):
        cache = directory / key
        cache.mkdir(exist_ok=True)
        _prune(directory)
        yield str(cache)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a file, or raise BlockingIOError; its time says when the cache was last used."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.utime(path)
        yield


def _prune(directory: Path) -> None:
    locks = sorted(directory.glob("*.lock"), key=lambda path: path.stat().st_mtime, reverse=True)
    for lock in locks[_KEPT:]:
        with contextlib.suppress(OSError), _lock(lock):
            shutil.rmtree(lock.with_suffix(""))
            lock.unlink()
