"""All sections of a document: the graph itself, and the graphs that nodes of it use."""

from typing import Any

from reviewbot.dag.declare.document import Document
from reviewbot.dag.declare.entries import DocumentEntry, GraphEntry
from reviewbot.dag.declare.names import Names
from reviewbot.dag.declare.policy_entries import PolicyEntry
from reviewbot.dag.declare.problem import Path
from reviewbot.dag.declare.reading import keys_of
from reviewbot.dag.declare.registry import Kind
from reviewbot.dag.declare.section import Section
from reviewbot.dag.error import nearest
from reviewbot.dag.graph import Graph


class Sections:
    """Reads each section once, however many nodes use it, and whether any does."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document = document
        self._names = names
        given = document.values.get("graphs") or {}
        self._graphs: dict[str, Any] = given if isinstance(given, dict) else {}
        self._kinds = frozenset((*names.registry.kinds, *self._graphs))
        self._made: dict[str, Graph | None] = {}
        self._open: list[str] = []

    def whole(self) -> Graph | None:
        """The graph of the document; None when something is wrong with it or a section."""
        self._check_graphs()
        section = self._section(self._document.values, (), PolicyEntry())
        for name in self._graphs:
            self._kind(name)
        return section.graph()

    def _check_graphs(self) -> None:
        given = self._document.values.get("graphs")
        if given is not None and not isinstance(given, dict):
            self._names.problems.add(("graphs",), "graphs: a mapping of names is expected")
        for name in self._graphs:
            if name in self._names.registry.kinds:
                what = f"{name!r} is a kind of the registry already"
                self._names.problems.add(("graphs", name), what, "give it another name")
        self.check_keys(self._document.values, (), DocumentEntry)

    def check_keys(self, values: Any, path: Path, form: type) -> bool:  # noqa: ANN401 - plain data
        """Whether it is a mapping; unknown keys in it are problems."""
        if not isinstance(values, dict):
            self._names.problems.add(path, "a mapping of keys is expected")
            return False
        known = keys_of(form)
        for key in values:
            if key not in known:
                near = nearest(key, known) or f"known here: {', '.join(sorted(known))}"
                dotted = ".".join(map(str, (*path, key)))
                self._names.problems.add((*path, key), f"unknown key {dotted}", near)
        return True

    def _kind(self, name: str) -> Kind | None:
        """What a name stands for; None when it is a section that is wrong, or uses itself."""
        if name in self._names.registry.kinds:
            return self._names.registry.kinds[name]
        if name in self._open:
            circle = " -> ".join((*self._open[self._open.index(name) :], name))
            self._names.problems.add(("graphs", name), f"a graph uses itself: {circle}")
            return None
        if name not in self._made:
            self._open.append(name)
            self._made[name] = self._graph(name)
            self._open.pop()
        return self._made[name]

    def _graph(self, name: str) -> Graph | None:
        path = ("graphs", name)
        values = self._graphs[name]
        if not self.check_keys(values, path, GraphEntry):
            return None
        outer = self._section(self._document.values, (), PolicyEntry()).defaults()
        return self._section(values, path, outer).graph()

    def _section(self, values: Any, path: Path, under: PolicyEntry) -> Section:  # noqa: ANN401 - plain data
        return Section(
            names=self._names,
            values=values,
            path=path,
            kind=self._kind,
            kinds=self._kinds,
            under=under,
            lines=self._document.lines,
        )
