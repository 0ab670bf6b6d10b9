"""A Graph -> plain data that `load_data` reads back to an equal graph."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from reviewbot.dag.branch import Choice
from reviewbot.dag.condition import Condition
from reviewbot.dag.declare.branch_data import branches
from reviewbot.dag.declare.expression import Expression, Text
from reviewbot.dag.declare.load import VERSION, load_data
from reviewbot.dag.declare.naming import Naming, as_data
from reviewbot.dag.declare.policy_data import Data, PolicyData
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.edge import Edge, EdgeKind, edges_of, signature_of
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.nested import Nested, nested
from reviewbot.dag.node import Node
from reviewbot.dag.node import node as node_of


def written(graph: Graph, registry: Registry) -> Data:
    """The graph as a document that is plain data: mappings, lists, texts, numbers.

    It is read back before it is given, so that what is written always means the same graph.

    Raises:
        GraphError: lists every node with something that the registry has no name for, or that
            cannot be said in a document.
    """
    writing = Writing(registry)
    data: Data = {"version": VERSION, **writing.section(graph)}
    if writing.graphs:
        data["graphs"] = {name: section for name, (_, section) in writing.graphs.items()}
    if writing.wrong:
        raise GraphError(writing.wrong, phase="declare")
    again = load_data(data, registry).graph
    lost = [name for name, one in graph.nodes.items() if again.nodes.get(name) != one]
    if lost or again != graph:
        said = [
            f"{name!r} cannot be written: its edges or type differ from its kind's" for name in lost
        ]
        raise GraphError(said or ["the graph cannot be written"], phase="declare")
    return data


class Writing:
    """One writing of one graph: collects the graphs that nodes use, and what cannot be said."""

    def __init__(self, registry: Registry) -> None:
        self.graphs: dict[str, tuple[Graph, Data]] = {}
        self.wrong: list[str] = []
        self._registry = registry
        self._naming = Naming(registry=registry)

    def section(self, graph: Graph) -> Data:
        """The inputs, nodes and branches of a graph."""
        inputs: Data = {}
        for name, annotation in graph.inputs.items():
            inputs.update(self._tried(name, partial(self._naming.type, annotation)))
        nodes: Data = {}
        for name, node in graph.nodes.items():
            nodes.update(self._tried(name, partial(self._node, node)))
        for name in graph.skipped.keys() & nodes.keys():
            nodes[name]["skip"] = graph.skipped[name]
        found = {"inputs": inputs, "nodes": nodes}
        found.update(self._tried("branches", partial(branches, graph, self._naming)))
        return {key: part for key, part in found.items() if part or key == "nodes"}

    def _tried(self, name: str, write: Callable[[], Any]) -> Data:
        """What was written, under its name; nothing when it has none in the registry."""
        try:
            return {name: write()}
        except LookupError as error:
            self.wrong.append(f"{name!r} cannot be written: {error.args[0]}")
            return {}

    def _node(self, node: Node) -> Data:
        found, base = self._work(node)
        output = PolicyData(naming=self._naming, output=node.output)
        found.update(_wiring(node, base))
        found.update(output.policy(node.policy, base.policy))
        if node.each is not None:
            found["each"] = self._each(node.each)
        if (
            node.when is not None
            and node.when != base.when
            and not isinstance(node.when.test, Choice)
        ):
            found["when"] = self._when(node.when)
        return found

    def _work(self, node: Node) -> tuple[Data, Node]:
        """What the node does, as written, and the node that this alone gives."""
        if isinstance(node.run, Text):
            return {"template": node.run.text}, node_of(node.run, name=node.name)
        if isinstance(node.run, Nested):
            return self._nested(node.name, node.run), nested(
                node.name, node.run.graph, gives=node.run.gives
            )
        use, kind, constants = self._naming.bound(node.run, node.name)
        found: Data = {"use": use}
        if constants:
            found["with"] = dict(constants)
        return found, node_of(node.run, name=node.name) if kind is None else kind.bind(node.name)

    def _nested(self, name: str, inner: Nested) -> Data:
        gives = {"gives": inner.gives} if inner.gives else {}
        for kind, graph in self._registry.kinds.items():
            if isinstance(graph, Graph) and graph == inner.graph:
                return {"use": kind, **gives}
        for section, (graph, _) in self.graphs.items():
            if graph == inner.graph:
                return {"use": section, **gives}
        section = self._free(name)
        self.graphs[section] = (inner.graph, {})
        self.graphs[section] = (inner.graph, self.section(inner.graph))
        return {"use": section, **gives}

    def _free(self, name: str) -> str:
        """The name itself, or with a number, so that nothing else has it."""
        taken = {*self._registry.kinds, *self.graphs}
        numbers = (f"{name}-{number}" for number in range(2, len(taken) + 3))
        return name if name not in taken else next(one for one in numbers if one not in taken)

    def _each(self, each: Each) -> Data:
        found: Data = {"over": dict(each.over), "limit": each.limit, "parallel": each.parallel}
        if each.key is not None:
            found["key"] = self._naming.function(each.key)
        return {key: one for key, one in found.items() if one is not None}

    def _when(self, when: Condition) -> Data | str:
        if not isinstance(when.test, Expression):
            return {"function": self._naming.function(when.test)}
        usual = {edge.parameter: edge for edge in edges_of(when.test)}
        strengths = {edge.node: _strength(edge, usual[edge.parameter]) for edge in when.edges}
        needs = [{"node": name, **one} for name, one in strengths.items() if one]
        return {"expression": when.test.text, "needs": needs} if needs else when.test.text


def _wiring(node: Node, base: Node) -> Data:
    """What is to be said of a node's edges, beside what its kind says of them."""
    usual = {edge.parameter: edge for edge in base.edges}
    extra = [edge for edge in node.edges if edge.parameter not in usual]
    usual.update({edge.parameter: edge for edge in _collected(base, extra)})
    said = {
        edge.parameter: _said(edge, usual.get(edge.parameter))
        for edge in node.edges
        if edge != usual.get(edge.parameter) or edge in extra
    }
    if extra and all(edge.parameter == edge.node for edge in extra):
        needs = [said.pop(edge.parameter) for edge in extra]
        return {"needs": needs, "inputs": said} if said else {"needs": needs}
    return {"inputs": said} if said else {}


def _collected(base: Node, extra: Sequence[Edge]) -> tuple[Edge, ...]:
    """What the kind says of the edges that its `**parameter` collects."""
    names = [edge.parameter for edge in extra]
    if not names or isinstance(base.run, Nested):
        return ()
    parameters = signature_of(base.run).parameters
    return edges_of(base.run, [name for name in names if name not in parameters])


def _said(edge: Edge, usual: Edge | None) -> Data | str:
    strength = {} if usual is None else _strength(edge, usual)
    return {"node": edge.node, **strength} if strength else edge.node


def _strength(edge: Edge, usual: Edge) -> Data:
    """How the strength of an edge differs from the usual one's."""
    if (edge.kind, edge.default) == (usual.kind, usual.default):
        return {}
    if edge.kind is EdgeKind.OUTCOME:
        return {"outcome": True}
    if edge.kind is EdgeKind.VALUE:
        return {"optional": False}
    if edge.default is None:
        return {"optional": True}
    return {"optional": True, "default": as_data(edge.expects, edge.default)}
