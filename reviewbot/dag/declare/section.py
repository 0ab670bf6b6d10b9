"""A section of a document -> a Graph: its inputs, its nodes, its branches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reviewbot.dag.declare.branches import Fork
from reviewbot.dag.declare.entries import BranchEntry, NodeEntry
from reviewbot.dag.declare.forms import Name, Word
from reviewbot.dag.declare.layers import laid
from reviewbot.dag.declare.names import Names
from reviewbot.dag.declare.nodes import Bench
from reviewbot.dag.declare.policy_entries import PolicyEntry
from reviewbot.dag.declare.problem import Path
from reviewbot.dag.declare.reading import read
from reviewbot.dag.declare.registry import Kind
from reviewbot.dag.declare.wiring import Wiring
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.nested import nested
from reviewbot.dag.node import Node, node

T = TypeVar("T")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section being read.

    `kind` gives what a name may be used as, `kinds` all such names; `under` are the defaults of the
    sections around it; `lines` tells where keys stand.
    """

    names: Names
    values: Values
    path: Path
    kind: Callable[[str], Kind | None]
    kinds: frozenset[str]
    under: PolicyEntry = field(default_factory=PolicyEntry)
    lines: Mapping[Path, int] = field(default_factory=dict)

    def graph(self) -> Graph | None:
        """The graph, or None when something is wrong with it."""
        before = len(self.names.problems.found)
        inputs = {name: self._type(name, word) for name, word in self._words("inputs").items()}
        entries = self._entries("nodes", NodeEntry)
        bases = {name: self._base(name, entry) for name, entry in entries.items()}
        made = self._made(entries, bases, inputs)
        nodes = {**made, **self._branched(made, self._scope(entries, bases, inputs))}
        self._check(nodes, inputs)
        if len(self.names.problems.found) > before:
            return None
        return self._whole(nodes, inputs, entries)

    def defaults(self) -> PolicyEntry:
        """The section's defaults, over those of the sections around it."""
        given = self._given("defaults")
        own = read(PolicyEntry, given, (*self.path, "defaults"), self.names.problems)
        return laid(self.under, own or PolicyEntry())

    def _given(self, key: str) -> Any:  # noqa: ANN401 - whatever was written
        given = self.values.get(key)
        return {} if given is None else given

    def _written(self) -> tuple[str, ...]:
        """The names of all nodes, also of those that do not fit."""
        given = self._given("nodes")
        return tuple(given) if isinstance(given, dict) else ()

    def _words(self, key: str) -> Mapping[str, str]:
        given = self._given(key)
        return read(Mapping[Name, Word], given, (*self.path, key), self.names.problems) or {}  # type: ignore[type-abstract] # a form

    def _type(self, name: str, word: str) -> Any:  # noqa: ANN401 - an annotation
        return self.names.type(word, (*self.path, "inputs", name))

    def _entries(self, key: str, form: type[T]) -> dict[str, T]:
        """The entries under a key that fit; each is read alone, so that one spoils no other."""
        given = self._given(key)
        place = (*self.path, key)
        if not isinstance(given, dict):
            self.names.problems.add(place, f"{key}: a mapping of names is expected")
            return {}
        read_ones = {
            name: read(form, one, (*place, name), self.names.problems)
            for name, one in given.items()
        }
        read(dict[Name, Any], given, place, self.names.problems)
        return {name: one for name, one in read_ones.items() if one is not None}

    def _base(self, name: str, entry: NodeEntry) -> Node | None:
        """What a node does, before it is wired; None for a template, or when nobody knows."""
        path = (*self.path, "nodes", name)
        if (entry.use is None) == (entry.template is None):
            what = f"{name!r} needs either use or template"
            self.names.problems.add(path, what, "say what it does")
            return None
        if entry.use is None:
            return None
        kind = self.kind(entry.use) if entry.use in self.kinds else None
        if kind is None:
            if entry.use not in self.kinds:
                near = nearest(entry.use, self.kinds) or f"known: {', '.join(sorted(self.kinds))}"
                self.names.problems.add((*path, "use"), f"unknown kind {entry.use!r}", near)
            return None
        return self._of_kind(name, kind, entry, path)

    def _of_kind(self, name: str, kind: Kind, entry: NodeEntry, path: Path) -> Node | None:
        if entry.gives is not None and not isinstance(kind, Graph):
            self.names.problems.add((*path, "gives"), f"{entry.use!r} is no graph and has no nodes")
        try:
            if isinstance(kind, Graph):
                return nested(name, kind, gives=entry.gives or "")
            return kind.bind(name) if isinstance(kind, Node) else node(kind, name=name)
        except GraphError as error:
            self.names.problems.extend(path, error.problems)
            return None

    def _scope(
        self, entries: Mapping[str, NodeEntry], bases: Mapping[str, Node | None], inputs: Values
    ) -> Values:
        """What expressions may name, with its annotation."""
        found = dict(inputs)
        for name in self._written():
            base, entry = bases.get(name), entries.get(name)
            output = str if entry and entry.template is not None else getattr(base, "output", None)
            output = Any if output is None else output
            is_mapped = (entry and entry.each) or (base and base.each)
            found[name] = Items[output] if is_mapped else output  # type: ignore[valid-type] # at run time
        return found

    def _made(
        self, entries: Mapping[str, NodeEntry], bases: Mapping[str, Node | None], inputs: Values
    ) -> dict[str, Node]:
        bench = Bench(
            names=self.names,
            scope=self._scope(entries, bases, inputs),
            defaults=self.defaults(),
            above=(*self.path, "defaults"),
        )
        found: dict[str, Node] = {}
        for name, entry in entries.items():
            path = (*self.path, "nodes", name)
            base = bases[name] if entry.template is None else bench.text(name, entry, path)
            if base is None:
                bench.check(entry, path)
            else:
                found[name] = bench.node(base, entry, path)
        return found

    def _branched(self, made: Mapping[str, Node], scope: Values) -> dict[str, Node]:
        """The nodes that branches choose."""
        written = frozenset(self._written())
        found: dict[str, Node] = {}
        for name, entry in self._entries("branches", BranchEntry).items():
            path = (*self.path, "branches", name)
            fork = Fork(names=self.names, scope=scope, nodes={**made, **found}, known=written)
            found.update(fork.chosen(entry, path))
        return found

    def _check(self, nodes: Mapping[str, Node], inputs: Values) -> None:
        written = frozenset(self._written())
        place = (*self.path, "nodes")
        for name in written & set(inputs):
            self.names.problems.add((*place, name), f"{name!r} is a node and an input")
        Wiring(
            names=written,
            nodes=nodes,
            inputs=inputs,
            path=place,
            problems=self.names.problems,
            lines=self.lines,
        ).check()

    def _whole(
        self, nodes: Mapping[str, Node], inputs: Values, entries: Mapping[str, NodeEntry]
    ) -> Graph | None:
        skipped = {name: one.skip for name, one in entries.items() if one.skip is not None}
        try:
            return Graph(nodes.values(), inputs, skipped=skipped)
        except GraphError as error:  # what only the engine can tell
            self.names.problems.extend((*self.path, "nodes"), error.problems)
            return None
