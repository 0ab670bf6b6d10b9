"""Files of both trees in one run of a tool: its start costs more than most of what it reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from reviewbot.analyzers.answers.side import Side
from reviewbot.review.analysis import Change, NotReviewed, Tree
from reviewbot.review.finding import Finding

_WORTH_A_START = 64 << 10
"""Bytes of source that bandit reads in the time it takes to start, 0.12 s; with more on both sides
a second core is better used by a second run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Files of both trees, as they are called in the directory that both trees stand in.

    Attributes:
        root: absolute path of that directory.
        files: paths relative to it.
        head: what the paths of the head start with.
        base: what those of the base start with.
    """

    root: str
    files: tuple[str, ...]
    head: str
    base: str

    @classmethod
    def of(cls, change: Change, head: Sequence[str], base: Sequence[str]) -> Self | None:
        """Some files of both trees; None when a run for each tree is as good, or all there is.

        Args:
            change: its trees.
            head: paths in its head.
            base: paths in its base.
        """
        new, old = Path(change.head.root), Path(change.base.root)
        smaller = min(_size(change.head, head), _size(change.base, base))
        if not (head and base) or new.parent != old.parent or smaller > _WORTH_A_START:
            return None
        files = (*(f"{new.name}/{each}" for each in head), *(f"{old.name}/{each}" for each in base))
        return cls(root=str(new.parent), files=files, head=f"{new.name}/", base=f"{old.name}/")

    def parted(self, side: Side) -> tuple[Side, Side]:
        """What was said about the head and about the base, each with the tree's own paths."""
        return _below(self.head, side), _below(self.base, side)


def _size(tree: Tree, files: Sequence[str]) -> int:
    return sum(Path(tree.root, path).stat().st_size for path in files)


def _below(start: str, side: Side) -> Side:
    gaps = (each for each in side.not_reviewed if each.path and each.path.startswith(start))
    return Side(
        findings=tuple(
            _moved(start, each) for each in side.findings if each.path.startswith(start)
        ),
        hidden=tuple(_moved(start, each) for each in side.hidden if each.path.startswith(start)),
        not_reviewed=tuple(replace(each, path=_own(start, each)) for each in gaps),
        notes=side.notes,
        seconds=side.seconds,
    )


def _moved(start: str, finding: Finding) -> Finding:
    path = finding.path.removeprefix(start)
    return replace(finding, location=replace(finding.location, path=path))


def _own(start: str, gap: NotReviewed) -> str:
    return (gap.path or "").removeprefix(start)
