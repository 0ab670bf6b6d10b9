"""Both trees of a change, for a tool that looks at one file at a time and sees no other.

What it said about the same bytes before is not asked again. The rest of both trees is one run
where that is cheaper than two.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol, Self

from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.answers.kept import KeptFiles
from reviewbot.analyzers.answers.pair import Pair
from reviewbot.analyzers.answers.side import Side, joined, unless_it_crashes
from reviewbot.errors import ToolCrashed
from reviewbot.process.together import both
from reviewbot.review.analysis import Change, Tree


class Look(Protocol):
    """Asks a tool about some files."""

    async def __call__(self, root: str, files: Sequence[str], /, *, halving: bool) -> Side:
        """What it says.

        Args:
            root: absolute path of the directory that the files are named from.
            files: paths below it.
            halving: see ``in_batches``.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about one tree, and what of it is known.

    Attributes:
        tree: the tree.
        files: paths in it.
        kept: where answers are kept.
        known: the answers that were.
        missing: the files without one.
    """

    tree: Tree
    files: tuple[str, ...]
    kept: KeptFiles
    known: Side
    missing: tuple[str, ...]

    @classmethod
    def of(cls, change: Change, tree: Tree, files: Sequence[str], key: tuple[str, ...]) -> Self:
        """What is known about some files; see ``both_trees`` for the key."""
        kept = KeptFiles.of(change, tree, key)
        known, missing = kept.load(files)
        return cls(tree=tree, files=tuple(files), kept=kept, known=known, missing=missing)

    async def alone(self, look: Look) -> Side:
        """The answer about this tree.

        Raises:
            ToolError: the tool's; a crash only when it crashes on all of the files.
        """
        try:
            return self.answered(await look(self.tree.root, self.missing, halving=True))
        except Refused:
            raise
        except ToolCrashed:
            if self.missing == self.files:
                raise
            return await look(self.tree.root, self.files, halving=True)

    def answered(self, found: Side) -> Side:
        """What is known with what was found, which is kept."""
        self.kept.save(found, self.missing)
        side = joined((self.known, found))
        return replace(
            side,
            findings=tuple(sorted(side.findings, key=lambda each: each.sort_key)),
            hidden=tuple(sorted(side.hidden, key=lambda each: each.sort_key)),
        )


async def both_trees(
    change: Change,
    files: tuple[Sequence[str], Sequence[str]],
    look: Look,
    *,
    key: tuple[str, ...],
    at_once: bool = True,
) -> tuple[Side, Side | None]:
    """What a tool says about some files of the head and of the base.

    Args:
        change: its trees.
        files: paths on the head, and paths on the base.
        look: asks the tool.
        key: tool, version and configuration: all its answer depends on besides path and bytes.
        at_once: False when what it says of a file depends on the directories above the tree.

    Returns:
        The head's side and the base's; None when the tool crashes on every file of the base.

    Raises:
        ToolError: the tool's, about the head; what no file is to blame for, about any.
    """
    head = Asked.of(change, change.head, files[0], key)
    base = Asked.of(change, change.base, files[1], key)
    pair = Pair.of(change, head.missing, base.missing) if at_once else None
    if pair is not None:
        with suppress(ToolCrashed):  # whose fault it is will be found out tree by tree
            new, old = pair.parted(await look(pair.root, pair.files, halving=False))
            return head.answered(new), base.answered(old)
    return await both(lambda: head.alone(look), lambda: unless_it_crashes(base.alone(look)))
