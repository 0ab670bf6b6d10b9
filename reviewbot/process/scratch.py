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
    """An empty directory, owned by `uid`, that is gone afterwards with all it holds.

    It lies in a directory of ours that `uid` can pass but not change, so that it can neither be
    deleted nor replaced by a link. What the kernel will not let go stays behind.
    """
    inner = _create(uid)
    try:
        yield str(inner)
    finally:
        if not _removed_empty(inner):
            with anyio.CancelScope(shield=True), suppress(OSError):
                await run_sync(remove, inner.parent)


def _create(uid: int | None) -> Path:
    outer = Path(tempfile.mkdtemp(prefix="reviewbot-"))
    inner = outer / "home"
    inner.mkdir(mode=0o700)
    if uid is not None:
        outer.chmod(0o711)
        os.chown(inner, uid, uid)
    return inner


def _removed_empty(inner: Path) -> bool:
    """Remove a home that was not used, which costs no thread; False when there is more to do."""
    try:
        inner.rmdir()
        inner.parent.rmdir()
    except OSError:
        return False
    return True


def remove(root: Path) -> None:
    """Delete a tree of any depth without following links.

    Every directory is first moved into one of our own that nobody else can enter: no path grows
    longer than the kernel takes, no recursion deeper than the interpreter does, and what is
    looked at there cannot be swapped for a link.
    """
    limbo = Path(tempfile.mkdtemp(prefix="reviewbot-leaving-"))
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
                Path(entry.path).chmod(0o700)  # a directory that we may not write cannot be moved
                moved.append(Path(entry.path).rename(limbo / str(count)))
            else:
                Path(entry.path).unlink()
        path.rmdir()
    limbo.rmdir()
