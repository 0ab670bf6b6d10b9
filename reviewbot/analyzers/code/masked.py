"""A private copy of a tree in which some files are hollow or gone."""

import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

_HOLLOW = b"from typing import Any\ndef __getattr__(name: str) -> Any: ...\n"
"""A module of which every name is Any: whoever imports from it sees no error of ours."""

_ENDINGS = (".py", ".pyi", "py.typed")


def copy_masked(
    root: str,
    files: Iterable[str],
    *,
    to: str,
    hollow: Collection[str],
    gone: Collection[str],
) -> None:
    """Link the files a type checker reads into a new directory.

    Args:
        root: the tree; it is not changed.
        files: its paths.
        to: absolute path of a directory that is not there yet.
        hollow: paths whose content is replaced by a module of unknown names.
        gone: paths that are left out.
    """
    made: set[Path] = set()
    for path in files:
        if path in gone or not path.endswith(_ENDINGS):
            continue
        target = Path(to, path)
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if path in hollow:
            target.write_bytes(_HOLLOW)
            os.utime(target, (0, 0))  # no tree has this time: a cache cannot take it for the file
        else:
            _link(Path(root, path), target)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or links are not allowed
        shutil.copy2(source, target)
