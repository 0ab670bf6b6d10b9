"""Directories lent to a program that may do anything to them."""

import os
import stat
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from reviewbot.process.folders import private_folder


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
    deleted nor replaced by a link.
    """
    with ExitStack() as stack:
        outer = stack.enter_context(private_folder())
        inner = outer / "home"
        inner.mkdir(mode=0o700)
        if uid is not None:
            outer.chmod(0o711)
            os.chown(inner, uid, uid)
        try:
            yield str(inner)
        finally:
            if not _removed_empty(inner):
                with anyio.CancelScope(shield=True):
                    await run_sync(stack.close)


def _removed_empty(inner: Path) -> bool:
    """Remove a home that was not used, so that the rest costs no thread."""
    try:
        inner.rmdir()
    except OSError:
        return False
    return True
