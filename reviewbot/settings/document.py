"""YAML text → plain values with the line of every key; only data, and only small data.

The file may come from a stranger's base branch, so everything that makes YAML more than data is
refused: aliases (254 bytes can unfold to megabytes), tags, duplicate keys, more than 40 levels,
more than 64 KiB.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reviewbot.errors import SettingsError

_DATA = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
}
LARGEST = 64 << 10
DEEPEST = 40


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


class _Loader(yaml.SafeLoader):
    """Refuses aliases and deep nesting while composing, before anything is built."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(_problem(self, "an alias (*name) is not allowed here"))
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.YAMLError(_problem(self, f"more than {DEEPEST} levels"))
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def parse_document(text: str, name: str) -> Document:
    """Read a settings file.

    Raises:
        SettingsError: it is too large, no YAML, no mapping, or more than data.
    """
    if len(text) > LARGEST:
        raise SettingsError(f"{name}:1: larger than 64 KiB", hint="settings are a page, not a book")
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(_yaml_message(error, name)) from error
    if root is None or (isinstance(root, ScalarNode) and root.tag.endswith(":null")):
        return Document(name=name, values={})
    if not isinstance(root, MappingNode):
        raise SettingsError(f"{name}:1: a mapping of keys is expected at the top")
    lines: dict[tuple[str | int, ...], int] = {}
    values = _Builder(name, loader, lines).mapping(root, ())
    return Document(name=name, values=values, lines=lines)


class _Builder:
    """Turns composed nodes into values and remembers where each key stands."""

    def __init__(self, name: str, loader: _Loader, lines: dict[tuple[str | int, ...], int]) -> None:
        self.name = name
        self.loader = loader
        self.lines = lines

    def mapping(self, node: MappingNode, path: tuple[str | int, ...]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                raise SettingsError(f"{self.name}:{line}: a key must be a plain word")
            key = key_node.value
            if key in found:
                raise SettingsError(f"{self.name}:{line}: '{key}' stands here twice")
            self.lines[(*path, key)] = line
            found[key] = self.value(value_node, (*path, key))
        return found

    def value(self, node: Node, path: tuple[str | int, ...]) -> object:
        if node.tag not in _DATA:
            line = node.start_mark.line + 1
            raise SettingsError(f"{self.name}:{line}: a tag ({node.tag}) is not allowed here")
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return list(self.items(node, path))
        try:
            value: object = self.loader.construct_object(node)
        except ValueError as error:
            line = node.start_mark.line + 1
            raise SettingsError(f"{self.name}:{line}: {node.value[:40]!r} is no value") from error
        return value

    def items(self, node: SequenceNode, path: tuple[str | int, ...]) -> Iterator[object]:
        for index, item in enumerate(node.value):
            self.lines[(*path, index)] = item.start_mark.line + 1
            yield self.value(item, (*path, index))


def _problem(loader: _Loader, message: str) -> str:
    return f"{loader.peek_event().start_mark.line + 1}: {message}"  # type: ignore[no-untyped-call]  # same


def _yaml_message(error: Exception, name: str) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{name}:{error.problem_mark.line + 1}: {error.problem or 'not YAML'}"
    text = str(error).splitlines()[0] if str(error) else "not YAML"
    return f"{name}:{text}" if text[:1].isdigit() else f"{name}:1: {text}"
