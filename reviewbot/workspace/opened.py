"""Open a change: from a request to two trees on disk, removed again afterwards."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reviewbot.process import Programs, find_program
from reviewbot.review.analysis import Change, NotReviewed, Tree
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.workspace.diffing import DiffReading, read_diff
from reviewbot.workspace.environment import find_environment
from reviewbot.workspace.git import Git
from reviewbot.workspace.repository import open_repository
from reviewbot.workspace.selection import Request, Selection, select
from reviewbot.workspace.stamps import take_stamps
from reviewbot.workspace.store import create_store
from reviewbot.workspace.together import both, together
from reviewbot.workspace.trees import Side, list_tree, write_side

_FOR_OTHERS = 0o711


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChange:
    """A change whose trees stand on disk until it is closed.

    Attributes:
        change: for the analyzers.
        selection: what was chosen, with its sentence for the reader.
        root: absolute path of the user's working tree.
        not_reviewed: what nobody will look at: left out of a tree, or unreadable in the diff.
        notes: one line each, for the reader.
    """

    change: Change
    selection: Selection
    root: str
    not_reviewed: tuple[NotReviewed, ...] = ()
    notes: tuple[str, ...] = ()


@asynccontextmanager
async def open_change(
    request: Request,
    *,
    programs: Programs,
    cache: str | None = None,
    virtual_env: str | None = None,
) -> AsyncIterator[OpenedChange]:
    """Find, read and materialise a change; its directory is gone afterwards, cancelled or not.

    Args:
        request: what to review.
        programs: who starts git.
        cache: a directory for caches that no checkout can write.
        virtual_env: the value of ``VIRTUAL_ENV``.

    Raises:
        UsageError: the request cannot be met; the hint says what to do.
        ToolError: git is missing, failed, or contradicts itself.
    """
    with _folder() as (private, shared):
        program = find_program("git")
        repository = await open_repository(request.path, programs=programs, program=program)
        store = create_store(private / "store", repository)
        selection = await select(request, repository, store)
        reading, head, base = await _materialise(store.git, selection, shared, cache)
        environment, no_environment = find_environment(
            repository.root, active=virtual_env, own=sys.prefix
        )
        change = Change(
            diff=reading.diff,
            head=head,
            base=base,
            trust=selection.trust,
            environment=environment,
            no_environment=no_environment,
            cache=cache,
        )
        yield OpenedChange(
            change=change,
            selection=selection,
            root=repository.root,
            not_reviewed=_not_reviewed(change, selection),
            notes=reading.notes,
        )


async def _materialise(
    git: Git, selection: Selection, folder: Path, cache: str | None
) -> tuple[DiffReading, Tree, Tree]:
    """Read the diff and write both trees, the base after the head, from which it links."""
    trees = (selection.head, selection.base)
    reading, (there, before) = await both(
        lambda: read_diff(git, selection.base, selection.head),
        lambda: together(partial(list_tree, git, tree) for tree in trees),
    )
    stamps = take_stamps(cache, int(time.time()))
    head = Side(
        listing=there,
        root=str(folder / "head"),
        commit=selection.head_commit,
        stamp=stamps.head,
        touched=_touched(reading.diff),
    )
    base = Side(
        listing=before,
        root=str(folder / "base"),
        commit=selection.base_commit,
        stamp=stamps.base,
        touched=_touched_before(reading.diff),
    )
    return reading, await write_side(git, head), await write_side(git, base, like=head)


def _touched(diff: Diff) -> frozenset[str]:
    return frozenset(each.path for each in diff.files if each.status is not FileStatus.DELETED)


def _touched_before(diff: Diff) -> frozenset[str]:
    """Base paths of files that live on; of a deleted file nothing is left to review."""
    living = (each for each in diff.files if each.status is not FileStatus.DELETED)
    return frozenset(each.old_path for each in living if each.old_path is not None)


def _not_reviewed(change: Change, selection: Selection) -> tuple[NotReviewed, ...]:
    """Each path once, with what blocks before what does not."""
    unread = (_unread(each) for each in change.diff.files if each.unreadable)
    every = (*change.head.missing, *unread, *selection.left_out)
    found = {each.path: each for each in sorted(every, key=lambda each: each.blocking)}
    return tuple(found[path] for path in sorted(found, key=str))


def _unread(file: FileDiff) -> NotReviewed:
    """A picture or a deleted file is listed; text or code that git shows no lines of blocks."""
    data = file.unreadable == "binary" and not file.path.endswith((".py", ".pyi"))
    gone = file.status is FileStatus.DELETED
    return NotReviewed(path=file.path, reason=file.unreadable, blocking=not (data or gone))


@contextmanager
def _folder() -> Iterator[tuple[Path, Path]]:
    """A private folder, and one in it that a program under another user id may pass through.

    Root starts programs under other user ids: they know the path, but nobody can list it.
    """
    outer = Path(tempfile.mkdtemp(prefix="reviewbot-"))
    try:
        inner = Path(tempfile.mkdtemp(dir=outer))
        if os.geteuid() == 0:
            outer.chmod(_FOR_OTHERS)
            inner.chmod(_FOR_OTHERS)
        private = outer / "private"
        private.mkdir(0o700)
        yield private, inner
    finally:
        shutil.rmtree(outer, ignore_errors=True)
