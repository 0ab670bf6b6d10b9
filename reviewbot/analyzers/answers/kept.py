"""What a tool that looks at one file at a time said before about the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from reviewbot.analyzers.answers.side import Side, joined
from reviewbot.analyzers.answers.stored import StoredAnalysis, StoredFindings
from reviewbot.review.analysis import Change, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiles:
    """The answers of one tool about the files of one tree, by path and blob.

    After a push to a pull request only what the push changed is scanned again, on both sides.

    Attributes:
        stored: where they are; a working tree, which has no commit, keeps nothing.
        key: tool, version and configuration: all the answer depends on besides path and bytes.
        tree: the tree.
    """

    stored: StoredFindings
    key: tuple[str, ...]
    tree: Tree

    @classmethod
    def of(cls, change: Change, tree: Tree, key: tuple[str, ...]) -> Self:
        """The answers in the cache of a change."""
        directory = str(Path(change.cache, "files")) if change.cache and tree.commit else None
        return cls(stored=StoredFindings(directory=directory), key=key, tree=tree)

    def load(self, files: Sequence[str]) -> tuple[Side, tuple[str, ...]]:
        """What is known about some files, and the files that nothing is known about."""
        found = {path: self.stored.load(self._key(path)) for path in files}
        known = (
            Side(findings=each.findings, hidden=each.hidden) for each in found.values() if each
        )
        return joined(known), tuple(path for path, each in found.items() if each is None)

    def save(self, side: Side, files: Sequence[str]) -> None:
        """Keep what was said about some files; one that could not be looked at is tried again."""
        gaps = {gap.path for gap in side.not_reviewed}
        for path in files:
            if path not in gaps:
                self.stored.save(
                    self._key(path),
                    StoredAnalysis(
                        findings=tuple(each for each in side.findings if each.path == path),
                        hidden=tuple(each for each in side.hidden if each.path == path),
                    ),
                )

    def _key(self, path: str) -> tuple[str, ...]:
        return (*self.key, path, self.tree.files[path])
