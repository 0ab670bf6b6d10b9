"""Directories lent to a program that may do anything to them."""

import os
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
from anyio.to_thread import run_sync


@asynccontextmanager
async def lent(directories: tuple[str, ...], uid: int | None) -> AsyncIterator[None]:
    """Make `uid` the owner of the directories and all they hold; take them back afterwards."""
    if uid is None or not directories:
        yield
        return
    try:
        await run_sync(_give, directories, uid)
        yield
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(_give, directories, os.geteuid())


def _give(directories: tuple[str, ...], uid: int) -> None:
    """Change the owner below each directory; a link itself, never what it points to.

    What lies deeper than a path can name stays as it is. The kernel clears set-user-id bits.
    """
    pending = list(directories)
    while pending:
        path = pending.pop()
        with suppress(OSError):
            os.chown(path, uid, uid, follow_symlinks=False)
            if stat.S_ISDIR(os.lstat(path).st_mode):
                pending.extend(entry.path for entry in os.scandir(path))


@asynccontextmanager
async def home(uid: int | None) -> AsyncIterator[str]:
    """An empty directory, owned by `uid`, that is gone afterwards with all it holds."""
    path = tempfile.mkdtemp(prefix="reviewbot-")
    try:
        if uid is not None:
            os.chown(path, uid, uid)
        yield path
    finally:
        try:
            Path(path).rmdir()
        except OSError:  # not empty: nobody knows how much there is
            with anyio.CancelScope(shield=True):
                await run_sync(remove, path)


def remove(root: str) -> None:
    """Delete a tree of any depth without following links.

    Every directory is first moved into one of our own that nobody else can enter: no path grows
    longer than the kernel takes, no recursion deeper than the interpreter does, and what is
    looked at there cannot be swapped for a link.
    """
    limbo = Path(tempfile.mkdtemp(prefix="reviewbot-leaving-"))
    moved, count = [Path(root).rename(limbo / "0")], 0
    while moved:
        directory = moved.pop()
        directory.chmod(0o700)
        for entry in list(os.scandir(directory)):
            if entry.is_dir(follow_symlinks=False):
                count += 1
                moved.append(Path(entry.path).rename(limbo / str(count)))
            else:
                Path(entry.path).unlink()
        directory.rmdir()
    limbo.rmdir()
