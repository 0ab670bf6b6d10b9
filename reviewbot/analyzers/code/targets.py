"""Which files of a tree a type checker is given, and under which module names.

The rules are those of mypy's ``find_sources.SourceFinder``, over a list of paths instead of a
disk, so that we know before the start what will be looked at.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reviewbot.analyzers.code.selection import is_python
from reviewbot.review.diff import Diff

ROOTS = ("", "src", "lib", "python")
"""Where top-level packages are looked for."""

_ENDINGS = (".py", ".pyi")
_RUNS = 3
_NOWHERE = "."
_SKIPPED = ("__pycache__", "site-packages", "node_modules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How paths become module names.

    Attributes:
        explicit: module names start at one of ``bases``, not at the topmost ``__init__``.
        bases: directories below the root that are on the search path.
        namespaces: a directory without ``__init__`` below a package is part of it.
    """

    explicit: bool = False
    bases: tuple[str, ...] = ()
    namespaces: bool = True


def touches_python(diff: Diff) -> bool:
    """Whether the change adds, edits, moves or deletes any Python file."""
    return any(is_python(path) for each in diff.files for path in (each.path, each.old_path or ""))


def packages(files: Collection[str]) -> tuple[str, ...]:
    """Directories with an ``__init__`` directly below one of ``ROOTS``, ``ROOTS`` first."""
    return tuple(
        directory
        for root in ROOTS
        for directory in sorted(_directories(files))
        if _parent(directory) == root
        and _name(directory).isidentifier()
        and _is_package(directory, files)
    )


def below(files: Iterable[str], directories: Collection[str]) -> tuple[str, ...]:
    """The Python files inside any of these directories, sorted."""
    prefixes = tuple(f"{directory}/" if directory else "" for directory in directories)
    return tuple(sorted(path for path in files if is_python(path) and path.startswith(prefixes)))


def stub_of(path: str, files: Collection[str]) -> str | None:
    """The stub that stands for a source file, or None: mypy and ty read the stub alone."""
    stub = f"{path}i"
    return stub if path.endswith(".py") and stub in files else None


def default_layout(files: Collection[str]) -> Layout:
    """Module names from the packages; from the search path where there is no package to be seen.

    A tree whose root is itself a package is named from the root: where it stands is our choice.
    """
    python = {path for path in files if is_python(path)}
    if packages(python) and not _is_package("", python):
        return Layout()
    bases = tuple(root for root in ROOTS if root and below(python, [root]))
    return Layout(explicit=True, bases=bases)


class Modules:
    """The module names of a tree; what a directory is called is found out once."""

    def __init__(self, files: Collection[str], layout: Layout) -> None:
        self._files = files
        self._layout = layout
        self._chains: dict[str, str | None] = {}

    def name(self, path: str) -> str | None:
        """The dotted name, or None below a package whose directory is no identifier."""
        stem = _name(path).rpartition(".")[0]
        parent = self._chain(_parent(path))
        if parent is None:
            return None
        above = "" if parent == _NOWHERE else parent
        return above if stem == "__init__" and above else ".".join(filter(None, (above, stem)))

    def _chain(self, directory: str) -> str | None:
        """The package a directory is, ``.`` for none, None where mypy refuses the name."""
        if directory not in self._chains:
            self._chains[directory] = self._found(directory)
        return self._chains[directory]

    def _found(self, directory: str) -> str | None:
        if self._layout.explicit and directory in ("", *self._layout.bases):
            return ""
        name = _name(directory).removesuffix("-stubs")
        package = _is_package(directory, self._files)
        if package and directory and not name.isidentifier():
            return None
        if not directory or not (package or (self._layout.namespaces and name.isidentifier())):
            return _NOWHERE
        above = self._chain(_parent(directory))
        if above == _NOWHERE:
            return name if package else _NOWHERE
        return above if above is None else ".".join(filter(None, (above, name)))


def in_runs(
    paths: Iterable[str], wanted: Collection[str], files: Collection[str], layout: Layout
) -> tuple[tuple[str, ...], ...]:
    """Spread paths over runs in which every module name is there once.

    Returns:
        The first run has the first file of every name; later ones have only `wanted` files. What
        mypy refuses to name, and the fourth file of a name, is in none.
    """
    runs: list[dict[str, str]] = [{} for _ in range(_RUNS)]
    modules = Modules(files, layout)
    for path in dict.fromkeys(paths):
        module = modules.name(path)
        possible = runs if path in wanted else runs[:1]
        free = next((run for run in possible if module not in run), None)
        if module is not None and free is not None:
            free[module] = path
    return tuple(tuple(run.values()) for run in runs if run)


def top_levels(paths: Iterable[str], files: Collection[str], layout: Layout) -> frozenset[str]:
    """The first names of the modules that the paths are."""
    names = map(Modules(files, layout).name, paths)
    return frozenset(name.partition(".")[0] for name in names if name)


def namesakes(paths: Collection[str], files: Collection[str], layout: Layout) -> frozenset[str]:
    """The files whose module name is that of one of the paths, without the paths themselves."""
    modules = Modules(files, layout)
    taken = set(map(modules.name, paths))
    others = frozenset(files).difference(paths)
    return frozenset(path for path in others if modules.name(path) in taken)


def is_skipped(path: str) -> bool:
    """Whether it is in a directory that mypy does not look into by itself."""
    return any(part in _SKIPPED or part.startswith(".") for part in path.split("/")[:-1])


def _is_package(directory: str, files: Collection[str]) -> bool:
    start = f"{directory}/" if directory else ""
    return any(f"{start}__init__{ending}" in files for ending in _ENDINGS)


def _directories(files: Iterable[str]) -> set[str]:
    return {_parent(path) for path in files if "/" in path}


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
