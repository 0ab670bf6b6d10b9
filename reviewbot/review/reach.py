"""Which changed modules a file imports, directly or through others."""

import ast
from collections import deque
from collections.abc import Collection, Iterator

from reviewbot.review.changed import module_name
from reviewbot.review.classified import Sources
from reviewbot.review.symbols import parse_module

_MOST_FILES = 200
_ROOTS = ("", "src/", "lib/", "python/")


class Reach:
    """The imports of the head, read when they are asked for."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._imports: dict[str, tuple[str, ...]] = {}

    def direct(self, path: str, modules: Collection[str]) -> frozenset[str]:
        """Those of some modules that a file imports itself."""
        imported = self._imported(path)
        return frozenset(each for each in modules if any(_names(name, each) for name in imported))

    def through(self, path: str, modules: Collection[str]) -> frozenset[str]:
        """The nearest of some modules that a file reaches through others, 200 files at most."""
        waiting, seen = deque([path]), {path}
        while waiting and len(seen) < _MOST_FILES:
            here = waiting.popleft()
            found = self.direct(here, modules)
            if found:
                return found
            for name in self._imported(here):
                for target in self._files(name, here):
                    if target not in seen:
                        seen.add(target)
                        waiting.append(target)
        return frozenset()

    def _imported(self, path: str) -> tuple[str, ...]:
        if path not in self._imports:
            tree = parse_module(self._sources.head(path) or "")
            found = () if tree is None else tuple(dict.fromkeys(_modules(tree, path)))
            self._imports[path] = found
        return self._imports[path]

    def _files(self, name: str, importer: str) -> Iterator[str]:
        """The files that a dotted name may stand for: below a root, or beside its importer."""
        stem = name.replace(".", "/")
        beside = importer.rpartition("/")[0]
        for root in dict.fromkeys((*_ROOTS, f"{beside}/" if beside else "")):
            for candidate in (f"{root}{stem}.py", f"{root}{stem}/__init__.py"):
                if self._sources.head(candidate) is not None:
                    yield candidate
                    return


def _names(imported: str, module: str) -> bool:
    """Whether an imported name stands for a module whose path has a prefix such as ``src``."""
    return module == imported or module.endswith(f".{imported}")


def _modules(tree: ast.Module, path: str) -> Iterator[str]:
    package = module_name(path)
    if not path.rpartition("/")[2].startswith("__init__."):
        package = package.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            if origin:
                yield origin
            yield from (f"{origin}.{alias.name}".lstrip(".") for alias in node.names)


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    kept = parts[: len(parts) - node.level + 1]
    return ".".join((*kept, node.module) if node.module else kept)
