"""Whether a tree imports what neither it nor the standard library has. Pure text, nothing parsed.

Mypy itself does not say: an import under ``ignore_missing_imports`` leaves no finding behind.
"""

import re
import sys
from collections.abc import Collection
from pathlib import Path

from reviewbot.review.analysis import Tree

_PYTHON = (".py", ".pyi")
_LARGEST = 1 << 20
_BUNDLED = frozenset({"_typeshed", "mypy_extensions", "typing_extensions"})
"""What mypy brings along besides the standard library (mypy/typeshed/stdlib)."""

_NAMES = rb"[\w.]+(?:[ \t]+as[ \t]+\w+)?"
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(?P<source>\w+)[\w.]*[ \t]+import\b"
    rb"|import[ \t]+(?P<names>%b(?:[ \t]*,[ \t]*%b)*)[ \t]*(?:[#;].*)?$)" % (_NAMES, _NAMES),
    re.MULTILINE,
)


def imports_foreign(tree: Tree, own: Collection[str]) -> bool:
    """Whether any Python file of a tree imports a package that has to be installed.

    Text that only looks like an import counts too: the answer may be a wrong yes, but a wrong no
    takes an import that starts neither its line nor is alone on it.

    Args:
        tree: its files are read until one says yes; what is larger than 1 MiB counts as a yes.
        own: top-level names of the tree's own modules.
    """
    known = {*own, *_BUNDLED, *sys.stdlib_module_names}
    paths = (Path(tree.root, path) for path in tree.files if path.endswith(_PYTHON))
    return any(_reaches_out(path, known) for path in paths)


def _reaches_out(path: Path, known: Collection[str]) -> bool:
    if path.stat().st_size > _LARGEST:
        return True
    found = _IMPORT.finditer(path.read_bytes())
    return any(name not in known for match in found for name in _imported(match))


def _imported(match: re.Match[bytes]) -> list[str]:
    modules = [match["source"]] if match["source"] else match["names"].split(b",")
    return [each.split()[0].partition(b".")[0].decode("utf-8", "replace") for each in modules]
