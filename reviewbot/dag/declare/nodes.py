"""One node of a document -> a Node: what it does, what it asks for, under which policy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from reviewbot.dag.condition import Condition
from reviewbot.dag.declare.edges import Asked, asked, seen, wired
from reviewbot.dag.declare.entries import EachEntry, NodeEntry, WhenEntry
from reviewbot.dag.declare.expression import expression, template
from reviewbot.dag.declare.layers import laid
from reviewbot.dag.declare.names import Names
from reviewbot.dag.declare.policies import Worker
from reviewbot.dag.declare.policy_entries import PolicyEntry
from reviewbot.dag.declare.problem import Path
from reviewbot.dag.edge import edges_of
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.items import Each
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where the nodes of one section are made.

    `scope` are the names that expressions may use, with their annotations; `defaults` is the entry
    that lies under every node's policy, and `above` its place.
    """

    names: Names
    scope: Mapping[str, Any]
    defaults: PolicyEntry
    above: Path

    def node(self, base: Node, entry: NodeEntry, path: Path) -> Node:
        """The node that an entry makes of a kind."""
        wanted = asked(entry, path)
        constants = self._constants(base, entry, path)
        edges = wired(base, wanted, constants, self.names.problems)
        bound = base.bind(base.name, constants=constants) if constants else base
        worker = Worker(
            names=self.names,
            parameters=tuple(edge.parameter for edge in edges),
            output=base.output,
        )
        return replace(
            bound,
            edges=edges,
            policy=self._policy(worker, base, entry, path),
            when=self._when(entry.when, (*path, "when")) or base.when,
            each=self._each(entry.each, (*path, "each")) or _moved(base.each, wanted),
        )

    def check(self, entry: NodeEntry, path: Path) -> None:
        """Say what is wrong with an entry of which nobody knows what it does."""
        Worker(names=self.names).policy(entry, lambda name: (*path, name))
        self._when(entry.when, (*path, "when"))
        self._each(entry.each, (*path, "each"))

    def text(self, name: str, entry: NodeEntry, path: Path) -> Node | None:
        """A node that renders its template."""
        wanted = asked(entry, path)
        scope = {**self.scope, **self._renamed(wanted)}
        try:
            return node(template(entry.template or "", scope), name=name)
        except GraphError as error:
            self.names.problems.extend((*path, "template"), error.problems)
            return None

    def _renamed(self, wanted: Mapping[str, Asked]) -> Mapping[str, Any]:
        """What a template's own names stand for, and how strongly it asks for them."""
        return {
            name: seen(self.scope.get(one.entry.node, Any), one.entry)
            for name, one in wanted.items()
        }

    def _constants(self, base: Node, entry: NodeEntry, path: Path) -> dict[str, Any]:
        given = entry.constants or {}
        place = (*path, "with")
        if given and isinstance(base.run, Nested):
            self.names.problems.add(place, "a graph takes no constants", "give its nodes some")
            return {}
        return Worker(names=self.names).constants(base.run, given, place) if given else {}

    def _policy(self, worker: Worker, base: Node, entry: NodeEntry, path: Path) -> Policy:
        """The entry over the kind's own policy over the defaults; a graph has no defaults."""
        under = PolicyEntry() if isinstance(base.run, Nested) else self.defaults
        beneath = worker.policy(under, lambda name: (*self.above, name))
        own = worker.policy(_policy_part(entry, under), lambda name: (*path, name))
        return replace(Policy(**beneath).merged(base.policy), **own)

    def _when(self, entry: WhenEntry | None, path: Path) -> Condition | None:
        if entry is None:
            return None
        if entry.function is not None:
            test = self.names.function(entry.function, path)
            return None if test is None else Condition.of(test)
        try:
            return self._condition(entry, path)
        except GraphError as error:
            self.names.problems.extend(path, error.problems)
            return None

    def _condition(self, entry: WhenEntry, path: Path) -> Condition:
        strength = {one.node: Asked(entry=one, path=path) for one in entry.needs}
        test = expression(entry.expression or "", {**self.scope, **self._renamed(strength)})
        lost = [name for name in strength if name not in test.names]
        for name in lost:
            near = nearest(name, test.names)
            self.names.problems.add(path, f"the condition does not ask for {name!r}", near)
        if not test.names:
            self.names.problems.add(path, "the condition asks for nothing", "leave it out")
        asking = Node(name="the condition", run=test, edges=edges_of(test))
        known = {name: one for name, one in strength.items() if name not in lost}
        edges = wired(asking, known, (), self.names.problems)
        return Condition(text=test.text, test=test, edges=edges)

    def _each(self, entry: EachEntry | None, path: Path) -> Each | None:
        if entry is None:
            return None
        key = None if entry.key is None else self.names.function(entry.key, (*path, "key"))
        return Each(over=dict(entry.over), key=key, limit=entry.limit, parallel=entry.parallel)


def _moved(each: Each | None, wanted: Mapping[str, Asked]) -> Each | None:
    """A kind's own map, over what the entry names instead."""
    if each is None:
        return None
    over = {
        name: wanted[name].entry.node if name in wanted else of for name, of in each.over.items()
    }
    return replace(each, over=over)


def _policy_part(entry: NodeEntry, under: PolicyEntry) -> PolicyEntry:
    """What the entry says of its policy, each field laid over the default's."""
    laid_over = laid(under, entry)
    said = {
        part.name: getattr(laid_over, part.name)
        for part in fields(PolicyEntry)
        if getattr(entry, part.name) is not None
    }
    return PolicyEntry(**said)
