"""The text of a file on either side of a change."""

from dataclasses import dataclass
from pathlib import Path

from reviewbot.review.analysis import Change, Tree


@dataclass(frozen=True, slots=True)
class TreeSources:
    """Reads files of both trees of a change; line ends stay as they are."""

    change: Change

    def head(self, path: str) -> str | None:
        """The text of a file on the head; None when it is not there."""
        return _read(self.change.head, path)

    def base(self, path: str) -> str | None:
        """The text of a file on the base; None when it is not there."""
        return _read(self.change.base, path)


def _read(tree: Tree, path: str) -> str | None:
    """UTF-8 with replacement characters; only paths that the tree lists are ever opened."""
    if path not in tree.files:
        return None
    return (Path(tree.root) / path).read_bytes().decode("utf-8", "replace")
