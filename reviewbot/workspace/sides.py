"""Both sides of a selection: what they hold and how they differ, then as trees on disk."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reviewbot.process.together import both, together
from reviewbot.review.analysis import Tree
from reviewbot.review.diff import Diff, FileStatus
from reviewbot.workspace.diffing import DiffReading, read_diff
from reviewbot.workspace.git import Git
from reviewbot.workspace.selection import Selection
from reviewbot.workspace.stamps import Stamps
from reviewbot.workspace.trees import Listing, Side, list_tree, write_both


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is known about both sides before anything is written."""

    reading: DiffReading
    head: Listing
    base: Listing

    @property
    def size(self) -> int:
        """Bytes that both trees take at most."""
        return self.head.size + self.base.size


async def read_sides(git: Git, selection: Selection) -> Sides:
    """Read the diff and list both trees, all at once.

    Raises:
        ToolError: git failed, contradicts itself, or lists too much.
    """
    trees = (selection.head, selection.base)
    reading, (head, base) = await both(
        lambda: read_diff(git, selection.base, selection.head),
        lambda: together(partial(list_tree, git, tree) for tree in trees),
    )
    return Sides(reading=reading, head=head, base=base)


async def write_sides(
    git: Git, selection: Selection, sides: Sides, *, folder: Path, stamps: Stamps
) -> tuple[Tree, Tree]:
    """Write the head, then the base, which shares what it has in common with the head."""
    diff = sides.reading.diff
    head = Side(
        listing=sides.head,
        root=str(folder / "head"),
        commit=selection.head_commit,
        stamp=stamps.head,
        touched=_touched(diff),
    )
    base = Side(
        listing=sides.base,
        root=str(folder / "base"),
        commit=selection.base_commit,
        stamp=stamps.base,
        touched=_touched_before(diff),
    )
    return await write_both(git, head, base)


def _touched(diff: Diff) -> frozenset[str]:
    return frozenset(each.path for each in diff.files if each.status is not FileStatus.DELETED)


def _touched_before(diff: Diff) -> frozenset[str]:
    """Base paths of files that live on; of a deleted file nothing is left to review."""
    living = (each for each in diff.files if each.status is not FileStatus.DELETED)
    return frozenset(each.old_path for each in living if each.old_path is not None)
