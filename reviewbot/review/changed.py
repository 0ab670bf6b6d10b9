"""What a diff changed, as names: definitions, bindings, whole modules, and the words of an edit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewbot.review.bindings import Binding, bindings
from reviewbot.review.diff import Edit, FileDiff, FileStatus
from reviewbot.review.sides import PYTHON, Sides, split_lines
from reviewbot.review.symbols import Definition, definitions

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Something with a name that the change touched.

    Attributes:
        path: a file of the diff, on the head (for a deleted file the path it had).
        module: its dotted module name.
        name: dotted from the module; empty for the module itself.
        line: a head line inside the hunk that touched it; None when there is none.
        outside: whether others can notice: its signature or value changed, or it is gone.
    """

    path: str
    module: str
    name: str
    line: int | None
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedText:
    """The words that an edit took out and put in."""

    line: int
    last_line: int
    out: frozenset[str]
    put: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """One Python file of the diff."""

    path: str
    module: str
    symbols: tuple[Changed, ...]
    edits: tuple[EditedText, ...]
    definitions: tuple[Definition, ...]


def module_name(path: str) -> str:
    """The dotted name of a file from the root of the tree; a package is its directory."""
    stem = path.removesuffix(".pyi").removesuffix(".py").replace("/", ".")
    return stem.removesuffix(".__init__")


def words(text: str) -> frozenset[str]:
    """The identifiers in a text."""
    return frozenset(_WORD.findall(text))


def changed_files(sides: Sides) -> tuple[ChangedFile, ...]:
    """What changed in each Python file of the diff, in its order."""
    python = (each for each in sides.diff.files if each.path.endswith(PYTHON))
    return tuple(_File(each, sides).changed() for each in python)


class _File:
    """Both texts of one file and its edits."""

    def __init__(self, file: FileDiff, sides: Sides) -> None:
        gone = file.status is FileStatus.DELETED
        known = file.status in {FileStatus.DELETED, FileStatus.MODIFIED, FileStatus.RENAMED}
        old = file.old_path or file.path
        self._file = file
        self._sides = sides
        self._head = "" if gone else sides.sources.head(file.path) or ""
        self._base = (sides.sources.base(old) or "") if known else ""
        self._module = module_name(file.path)
        self._edits = tuple(file.edits)
        self._gone = gone
        self._added = file.added_lines

    def changed(self) -> ChangedFile:
        found = () if self._gone else self._sides.definitions(self._file.path)
        bound = bindings(self._head)
        symbols = (
            *self._moved(),
            *self._defined(found),
            *self._bound(bound),
            *self._removed({each.name for each in found} | {each.name for each in bound}),
        )
        return ChangedFile(
            path=self._file.path,
            module=self._module,
            symbols=symbols,
            edits=tuple(self._texts()),
            definitions=found,
        )

    def _moved(self) -> Iterator[Changed]:
        """The module itself, when it came or went."""
        if self._file.status is not FileStatus.MODIFIED:
            line = None if self._gone or not self._edits else _anchor(self._edits[0])
            old = self._file.old_path
            for module in dict.fromkeys((self._module, module_name(old or self._file.path))):
                yield Changed(path=self._file.path, module=module, name="", line=line, outside=True)

    def _defined(self, found: Sequence[Definition]) -> Iterator[Changed]:
        for each in found:
            signature = self._touched(each.first_line, max(each.first_line, each.body_line - 1))
            line = signature or self._touched(each.first_line, each.last_line)
            if line is not None:
                yield self._symbol(each.name, line, outside=signature is not None)

    def _bound(self, bound: Sequence[Binding]) -> Iterator[Changed]:
        for each in bound:
            line = self._touched(each.first_line, each.last_line)
            if line is not None:
                yield self._symbol(each.name, line, outside=True)

    def _removed(self, kept: set[str]) -> Iterator[Changed]:
        was = [(each.name, each.first_line) for each in definitions(self._base)]
        was += [(each.name, each.first_line) for each in bindings(self._base)]
        gone = {name for name, _ in was} - kept
        for name, at in was:
            edit = next((each for each in self._edits if _takes(each, at)), None)
            if name in gone and not _goes_with_its_class(name, gone) and edit is not None:
                line = None if self._gone else _anchor(edit)
                yield self._symbol(name, line, outside=True)

    def _symbol(self, name: str, line: int | None, *, outside: bool) -> Changed:
        return Changed(
            path=self._file.path, module=self._module, name=name, line=line, outside=outside
        )

    def _touched(self, first: int, last: int) -> int | None:
        """The first head line in a range that the change wrote, or where it took lines out."""
        lines = [line for line in range(first, last + 1) if line in self._added]
        gaps = [
            e.head_start for e in self._edits if not e.head_count and first <= e.head_start < last
        ]
        return min((*lines, *gaps), default=None)

    def _texts(self) -> Iterator[EditedText]:
        head, base = split_lines(self._head), split_lines(self._base)
        for each in self._edits:
            out = base[each.base_start - 1 : each.base_start - 1 + each.base_count]
            put = head[each.head_start - 1 : each.head_start - 1 + each.head_count]
            line = _anchor(each)
            yield EditedText(
                line=line,
                last_line=max(line, each.head_start + each.head_count - 1),
                out=words("\n".join(out)) if each.base_count else frozenset(),
                put=words("\n".join(put)) if each.head_count else frozenset(),
            )


def _anchor(edit: Edit) -> int:
    """A head line at an edit: its first one, or the one before the gap."""
    return max(1, edit.head_start)


def _goes_with_its_class(name: str, gone: set[str]) -> bool:
    """Whether it is ``A.__init__`` and A is gone too: then A is what others miss."""
    parent, _, leaf = name.rpartition(".")
    return parent in gone and leaf.startswith("__")


def _takes(edit: Edit, line: int) -> bool:
    return edit.base_start <= line < edit.base_start + edit.base_count
