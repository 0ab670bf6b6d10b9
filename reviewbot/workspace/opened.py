"""Open a change: from a request to two trees on disk, removed again afterwards."""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from reviewbot.process import Programs, find_program
from reviewbot.review.analysis import Change, Environment, NotReviewed, Tree, Trust
from reviewbot.review.diff import Diff, FileDiff, FileStatus
from reviewbot.workspace.credentials import stored_credentials
from reviewbot.workspace.environment import find_environment
from reviewbot.workspace.folders import (
    IN_MEMORY,
    folder_for_tools,
    memory_for,
    require_temporary_folder,
    swept_folder,
)
from reviewbot.workspace.reach import reach
from reviewbot.workspace.repository import git_directories
from reviewbot.workspace.selection import Request, Selection
from reviewbot.workspace.sides import read_sides, write_sides
from reviewbot.workspace.stamps import Stamps, take_stamps


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
async def open_change(  # noqa: PLR0913 - each is one thing that the front door has read
    request: Request,
    *,
    programs: Programs,
    cache: str | None = None,
    virtual_env: str | None = None,
    home: str | None = None,
    runner_temp: str | None = None,
    memory: str = IN_MEMORY,
) -> AsyncIterator[OpenedChange]:
    """Find, read and materialise a change; its directory is gone afterwards, cancelled or not.

    Args:
        request: what to review.
        programs: who starts git.
        cache: a directory for caches that no checkout can write.
        virtual_env: the value of ``VIRTUAL_ENV``.
        home: the user's home; of git's settings there only the ignore rules count.
        runner_temp: the value of ``RUNNER_TEMP``, where a CI system keeps what jobs hand on.
        memory: a directory in memory, for trees that are small enough.

    Raises:
        UsageError: the request cannot be met; the hint says what to do.
        ToolError: git is missing, failed, or contradicts itself.
    """
    require_temporary_folder()
    with ExitStack() as folders:
        program = find_program("git")
        own = folders.enter_context(swept_folder())
        cache, stamps = _stamps(cache)
        reached = await reach(request, own=own, programs=programs, program=program, home=home)
        git, selection = reached.store.git, reached.selection
        sides = await read_sides(git, selection)
        folder = folders.enter_context(folder_for_tools(memory_for(sides.size, memory)))
        trees = await write_sides(git, selection, sides, folder=folder, stamps=stamps)
        found = _environment(reached.root, virtual_env)
        exposed = _exposed(request, selection, home, runner_temp)
        bare = _change(sides.reading.diff, trees, selection, found)
        change = replace(bare, cache=cache, exposed=exposed)
        yield OpenedChange(
            change=change,
            selection=selection,
            root=reached.root,
            not_reviewed=_not_reviewed(change, selection),
            notes=sides.reading.notes,
        )


def _environment(root: str, active: str | None) -> tuple[Environment | None, str]:
    if not root:
        return None, "the pull request was fetched without a checkout"
    return find_environment(root, active=active, own=sys.prefix)


def _change(
    diff: Diff,
    trees: tuple[Tree, Tree],
    selection: Selection,
    found: tuple[Environment | None, str],
) -> Change:
    head, base = trees
    environment, why_none = found
    return Change(
        diff=diff,
        head=head,
        base=base,
        trust=selection.trust,
        environment=environment,
        no_environment=why_none,
    )


def _exposed(
    request: Request, selection: Selection, home: str | None, runner_temp: str | None
) -> tuple[str, ...]:
    """Nobody is kept from running his own code beside his own credentials."""
    if selection.trust is Trust.TRUSTED:
        return ()
    directories = git_directories(request.path)
    return stored_credentials(directories, home=home, temporary=runner_temp)


def _stamps(cache: str | None) -> tuple[str | None, Stamps]:
    """Stamps, and the cache that they are good for: one that cannot remember them is not used."""
    now = int(time.time())
    try:
        return cache, take_stamps(cache, now)
    except OSError:
        return None, take_stamps(None, now)


def _not_reviewed(change: Change, selection: Selection) -> tuple[NotReviewed, ...]:
    """Each path once, with what blocks before what does not.

    A file the change does not touch counts when it is code: the whole program is looked at. A
    picture or a link that always was there is nobody's news.
    """
    unread = (_unread(each) for each in change.diff.files if each.unreadable)
    missing = (each for each in change.head.missing if each.blocking or _is_code(each.path))
    every = (*missing, *unread, *selection.left_out)
    found = {each.path: each for each in sorted(every, key=lambda each: each.blocking)}
    return tuple(found[path] for path in sorted(found, key=str))


def _is_code(path: str | None) -> bool:
    return path is not None and path.endswith((".py", ".pyi"))


def _unread(file: FileDiff) -> NotReviewed:
    """A picture or a deleted file is listed; text or code that git shows no lines of blocks."""
    data = file.unreadable == "binary" and not _is_code(file.path)
    gone = file.status is FileStatus.DELETED
    return NotReviewed(path=file.path, reason=file.unreadable, blocking=not (data or gone))
