"""YAML text -> plain values with the line of every key; only data, and only small data.

A document may come from a stranger, so everything that makes YAML more than data is refused:
aliases (254 bytes can unfold to megabytes), tags, duplicate keys, deep nesting, large texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reviewbot.dag.declare.problem import Path, Problem, Problems

LARGEST = 1 << 18
DEEPEST = 40
_DATA = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain values and where each of them stands.

    `name` is shown to the reader. `lines` gives the line of a key path, from 1; items of lists have
    their index in the path, the whole text is line 1, and plain data has no lines. `origins` tells
    who set a key that is not the text's.
    """

    name: str
    values: Mapping[str, object]
    lines: Mapping[Path, int] = field(default_factory=dict)
    origins: Mapping[Path, str] = field(default_factory=dict)

    def where(self, problem: Problem) -> tuple[int, str]:
        """The line of a problem, and its place as shown: `file:line`, or who set the key."""
        if problem.line:
            return problem.line, f"{self.name}:{problem.line}"
        path = self.known(problem.path)
        if path in self.origins:
            return 0, self.origins[path]
        if not self.lines:
            return 0, f"{self.name}: {'.'.join(map(str, problem.path))}".removesuffix(": ")
        return self.lines.get(path, 1), f"{self.name}:{self.lines.get(path, 1)}"

    def known(self, path: Path) -> Path:
        """The path itself, or the nearest one above it that somebody wrote."""
        while path and path not in self.lines and path not in self.origins:
            path = path[:-1]
        return path


class _Loader(yaml.SafeLoader):
    """Refuses aliases and deep nesting while composing, before anything is built."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            self._refuse("an alias (*name) is not allowed here")
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} levels")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _refuse(self, why: str) -> None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # pyyaml has no types here
        raise yaml.MarkedYAMLError(problem=why, problem_mark=mark)


# A date is text like any other: JSON has none either.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_document(text: str, name: str, problems: Problems, *, largest: int = LARGEST) -> Document:
    """Read a text of at most `largest` characters; what cannot be read is a problem."""
    empty = Document(name=name, values={}, lines={(): 1})
    if len(text) > largest:
        problems.add((), f"larger than {largest >> 10} KiB", line=1)
        return empty
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, why = _unreadable(error)
        problems.add((), why, line=line)
        return empty
    if root is None or (isinstance(root, ScalarNode) and root.tag.endswith(":null")):
        return empty
    if not isinstance(root, MappingNode):
        problems.add((), "a mapping of keys is expected at the top", line=1)
        return empty
    lines: dict[Path, int] = {(): 1}
    values = _Reading(loader, lines, problems).mapping(root, ())
    return Document(name=name, values=values, lines=lines)


class _Reading:
    """Turns composed nodes into values and remembers where each key stands."""

    def __init__(self, loader: _Loader, lines: dict[Path, int], problems: Problems) -> None:
        self.loader = loader
        self.lines = lines
        self.problems = problems

    def mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.tag.endswith(":merge"):
                self.problems.add(path, "a key must be a plain word", line=line)
                continue
            key = key_node.value
            if key in found:
                first = self.lines[*path, key]
                what = f"{key!r} stands here twice"
                self.problems.add(path, what, f"the first is in line {first}", line=line)
                continue
            self.lines[*path, key] = line
            found[key] = self.value(value_node, (*path, key))
        return found

    def value(self, node: Node, path: Path) -> object:
        if node.tag not in _DATA:
            self._refuse(node, path, f"a tag ({node.tag}) is not allowed here")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return list(self.items(node, path))
        try:
            value: object = self.loader.construct_object(node)
        except (ValueError, KeyError):
            self._refuse(node, path, f"{node.value[:40]!r} is no value")
            return None
        return value

    def items(self, node: SequenceNode, path: Path) -> Iterator[object]:
        for index, item in enumerate(node.value):
            self.lines[*path, index] = item.start_mark.line + 1
            yield self.value(item, (*path, index))

    def _refuse(self, node: Node, path: Path, why: str) -> None:
        self.problems.add(path, why, line=node.start_mark.line + 1)


def _unreadable(error: Exception) -> tuple[int, str]:
    """The line and the words of an error of the YAML reader."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return error.problem_mark.line + 1, f"not YAML: {error.problem}"
    return 1, f"not YAML: {next(iter(str(error).splitlines()), type(error).__name__)}"
