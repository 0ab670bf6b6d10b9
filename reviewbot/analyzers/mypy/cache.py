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
def cache_directory(kept: str | None, key: str, *, work: str) -> Iterator[None]:
    """Take what is kept for a run, and keep what the run leaves when all went well.

    It is moved, not copied: the kept place may lie where mypy's user id cannot go, and a copy there
    and back costs a tenth of a warm run. A run that is killed while it writes keeps nothing, so
    that the next one starts cold instead of on half a cache.

    Args:
        kept: a directory that outlives the run, or None.
        key: names everything a cached result depends on besides the files.
        work: the directory for mypy; it is not there yet. It starts empty when nothing is kept or
            another run holds the cache.
    """
    with contextlib.ExitStack() as stack:
        try:
            cache = stack.enter_context(_locked(Path(kept, "mypy"), key)) if kept else None
        except OSError:  # held by another run, or a disk that refuses
            cache = None
        if cache is not None and cache.is_dir():
            shutil.move(cache, work)
        else:
            Path(work).mkdir()
        yield
        if cache is not None:
            with contextlib.suppress(OSError):
                shutil.move(work, cache)


def clear(directory: str) -> None:
    """Forget everything, but keep the directory."""
    for entry in Path(directory).iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def is_empty(directory: str) -> bool:
    """Whether there is nothing to forget."""
    return not any(entry.is_dir() for entry in Path(directory).iterdir())


@contextlib.contextmanager
def _locked(directory: Path, key: str) -> Iterator[Path]:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(directory / f"{key}.lock"):
        _prune(directory)
        yield directory / key


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
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
