"""Which file a module name means."""

from collections import defaultdict
from collections.abc import Iterable
from posixpath import dirname

_INIT = "/__init__"


class Modules:
    """The modules of a tree by name; a *stem* is a path without ``.py`` or ``/__init__.py``.

    A file has the dotted name of its path from every directory above its outermost package: the
    root, ``src/``, a namespace package. The shorter and shallower stem wins; a sibling of the
    importing file is tried last.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        """Index Python files, given by path relative to the root of the tree."""
        self.files: dict[str, str] = {}
        self.folders: set[str] = set()
        self._names: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            self._add(path)
        packages = {stem for stem, path in self.files.items() if path.endswith("__init__.py")}
        for stem in (*self.files, *self.folders):
            for name in _names(stem, packages):
                self._names[name].append(stem)
        for stems in self._names.values():
            stems.sort(key=lambda stem: (stem not in self.files, stem.count("/"), len(stem), stem))

    def _add(self, path: str) -> None:
        stem = stem_of(path)
        if stem not in self.files or path.endswith(_INIT + ".py"):
            self.files[stem] = path
        folder = dirname(path)
        while folder and folder not in self.folders:
            self.folders.add(folder)
            folder = dirname(folder)

    def find(self, name: str, importer: str) -> str | None:
        """The stem of an absolute module name, or None when it is not of this tree."""
        stems = self._names.get(name)
        if not stems:
            return None
        sibling = f"{dirname(importer)}/{name.replace('.', '/')}"
        return sibling if len(stems) > 1 and sibling in stems else stems[0]

    def relative(self, importer: str, level: int, name: str) -> str | None:
        """The stem of ``from ..name import``, or None when it is not of this tree."""
        folder = dirname(importer)
        for _ in range(level - 1):
            folder = dirname(folder)
        stem = "/".join(part for part in (folder, *name.split(".")) if part)
        return stem if stem in self.files or stem in self.folders else None

    def inside(self, stem: str, name: str) -> str | None:
        """The stem of a direct sub-module, or None."""
        below = f"{stem}/{name}"
        return below if below in self.files or below in self.folders else None


def stem_of(path: str) -> str:
    """A Python path without its ending: ``a/b.py`` and ``a/b/__init__.py`` are ``a/b``."""
    stem = path.removesuffix(".py")
    return stem.removesuffix(_INIT) if "/" in stem else stem


def _names(stem: str, packages: set[str]) -> Iterable[str]:
    parts = stem.split("/")
    first = len(parts) - 1
    while first and "/".join(parts[:first]) in packages:
        first -= 1
    for start in range(first + 1):
        yield ".".join(parts[start:])
