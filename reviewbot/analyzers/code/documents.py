"""TOML files of a tree, read once each: foreign bytes, so every doubt is said."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewbot.review.analysis import Tree

_LARGEST = 512 << 10

Document = Mapping[str, Any]


class BrokenDocument(ValueError):
    """A file that is no TOML; the message starts with its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The TOML files of one tree.

    Attributes:
        tree: only regular files that it lists are ever opened.
    """

    tree: Tree
    _read: dict[str, Document] = field(default_factory=dict)

    def get(self, path: str) -> Document | None:
        """The content of a file; None when the tree has no such file.

        Raises:
            BrokenDocument: it is no TOML, not UTF-8, or above 512 KiB.
        """
        if path not in self.tree.files:
            return None
        if path not in self._read:
            self._read[path] = _parse(path, Path(self.tree.root, path).read_bytes())
        return self._read[path]

    def tool(self, path: str, name: str) -> Document | None:
        """The table ``[tool.<name>]`` of a pyproject.toml; None when there is none.

        Raises:
            BrokenDocument: see ``get``.
        """
        return table(table(self.get(path), "tool"), name)


def table(document: Document | None, key: str) -> Document | None:
    """The table under a key, or None when there is nothing or something else."""
    found = (document or {}).get(key)
    return found if isinstance(found, dict) else None


def _parse(path: str, content: bytes) -> Document:
    if len(content) > _LARGEST:
        raise BrokenDocument(f"{path} is larger than {_LARGEST >> 10} KiB")
    try:
        return tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise BrokenDocument(f"{path} is no TOML: {error}") from error
