"""YAML text → plain values with the line of every key; only data, and only small data.

The file may come from a stranger's base branch, so everything that makes YAML more than data is
refused: aliases (254 bytes can unfold to megabytes), tags, duplicate keys, more than 40 levels,
more than 64 KiB.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from reviewbot.dag.declare.document import parse_document as read_yaml
from reviewbot.dag.declare.problem import Problems
from reviewbot.errors import SettingsError

LARGEST = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file.

    Attributes:
        name: as shown to the reader.
        values: plain dicts, lists and scalars.
        lines: key path → line, from 1; list items have their index in the path.
        places: key path → who set it, where that is not the file.
    """

    name: str
    values: Mapping[str, object]
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
    places: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)

    @property
    def paths(self) -> frozenset[tuple[str | int, ...]]:
        """Every key that somebody has set."""
        return frozenset((*self.lines, *self.places))

    def at(self, path: tuple[str | int, ...]) -> str:
        """Where a key was set, or the nearest key above it: ``file:line``, or who set it."""
        while path and path not in self.lines and path not in self.places:
            path = path[:-1]
        if path in self.places:
            return self.places[path]
        return f"{self.name}:{self.lines.get(path, 1)}"


def parse_document(text: str, name: str) -> Document:
    """Read a settings file.

    Raises:
        SettingsError: it is too large, no YAML, no mapping, or more than data.
    """
    if len(text) > LARGEST:
        raise SettingsError(f"{name}:1: larger than 64 KiB", hint="settings are a page, not a book")
    problems = Problems()
    read = read_yaml(text, name, problems)
    if problems:
        line, first = min(
            ((read.where(each)[0], each) for each in problems.found), key=itemgetter(0)
        )
        raise SettingsError(f"{name}:{line}: {first.what}", hint=first.hint)
    lines = {path: line for path, line in read.lines.items() if path}
    return Document(name=name, values=read.values, lines=lines)
