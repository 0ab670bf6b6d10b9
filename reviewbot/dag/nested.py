"""A graph as one node of another: its nodes run under the node's name and policy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from reviewbot.dag.edge import Edge
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each
from reviewbot.dag.node import Node, When, as_condition
from reviewbot.dag.policy import DEFAULT, Policy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nested:
    """What a subgraph runs: `graph`, whose node `gives` gives the value of the whole.

    Its nodes take part in the queue, the limits, the breakers and the budgets of the run around it.
    The attempt fails when `gives` has no value; with no `gives` the value is a mapping of the
    values of all sinks (nodes nobody waits for), and every sink must have one.
    """

    graph: Graph
    gives: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Nested):
            return NotImplemented
        return (self.graph, self.gives) == (other.graph, other.gives)

    __hash__ = None  # type: ignore[assignment] # a graph has no hash

    def __call__(self, **_arguments: Any) -> NoReturn:  # noqa: ANN401 - whatever the graph takes
        """Outside a run there is nobody to run it.

        Raises:
            TypeError: always.
        """
        raise TypeError("a subgraph runs inside a run: reviewbot.dag.runner.run(graph, inputs)")


def nested(  # noqa: PLR0913 - the parts of a node
    name: str,
    graph: Graph,
    *,
    gives: str = "",
    inputs: Mapping[str, str] | None = None,
    policy: Policy = DEFAULT,
    when: When | None = None,
    each: Each | None = None,
) -> Node:
    """A node that runs a graph; it needs what the graph's inputs are named after.

    `inputs` maps an input of the graph to the node it is read from instead. It holds no slot and
    takes no resources, which its nodes do; locks (`exclusive`) it holds until the last of them has
    ended. Each attempt runs the whole graph anew.

    Raises:
        GraphError: `gives` is no node of the graph, or `inputs` names no input of it.
    """
    sources = inputs or {}
    wrong = [
        f"{name!r} has no input {one!r}{nearest(one, graph.inputs)}"
        for one in sources
        if one not in graph.inputs
    ]
    if gives and gives not in graph.nodes:
        wrong.append(f"{name!r} has no node {gives!r}{nearest(gives, graph.nodes)}")
    if wrong:
        raise GraphError(wrong, phase="declare")
    over = {} if each is None else each.over
    edges = tuple(
        Edge(
            parameter=one,
            node=over.get(one, sources.get(one, one)),
            expects=kind,
        )
        for one, kind in graph.inputs.items()
    )
    return Node(
        name=name,
        run=Nested(graph=graph, gives=gives),
        edges=edges,
        policy=policy,
        when=as_condition(when),
        output=graph.nodes[gives].output if gives else None,
        each=each,
    )


def under(graph: Graph, defaults: Policy) -> Graph:
    """The graph with these defaults under the policy of every node, also of those of subgraphs.

    A subgraph itself keeps its own policy: it is its nodes that have the defaults.
    """
    merged: dict[int, Policy] = {}  # by identity: most nodes share their policy
    nodes: dict[str, Node] = {}
    for name, node in graph.nodes.items():
        if isinstance(node.run, Nested):
            inner = replace(node.run, graph=under(node.run.graph, defaults))
            nodes[name] = replace(node, run=inner)
        else:
            policy = merged.get(id(node.policy))
            if policy is None:
                policy = merged[id(node.policy)] = defaults.merged(node.policy)
            nodes[name] = replace(node, policy=policy)
    return graph.replacing(nodes)
