"""Faults by plan: any graph, node, analyzer or door to programs, with calls made to fail."""

from dataclasses import replace

from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.process import Programs
from reviewbot.review.analysis import Analyzer
from reviewbot.testing.faulty import FaultyAnalyzer, faulty
from reviewbot.testing.plan import Plan
from reviewbot.testing.programs import FaultyPrograms


class Faults(Plan):
    """A plan of faults, and what it is laid over.

    Without a `script` each call fails with probability `rate`, by one of `kinds`; whether and how
    depends on `seed`, the name and the number of the call only, not on the order of the calls. A
    `script` says for each name what befalls its calls, one after another, and leaves everybody
    else alone. What blocks, or is deaf to its cancellation, lasts `seconds`.

    >>> from reviewbot.testing import Fault, Faults
    >>> faults = Faults(script={"lint": [Fault.HANG, None]})
    >>> faults.drawn("lint"), faults.drawn("lint"), faults.drawn("types")
    (<Fault.HANG: 'hangs'>, None, None)
    >>> faults.injected
    [Injected(name='lint', call=1, fault=<Fault.HANG: 'hangs'>)]
    """

    def graph(self, graph: Graph) -> Graph:
        """The same graph, each node wrapped; those of a subgraph too, as `name/inner`."""
        return self._graph(graph, "")

    def node(self, node: Node) -> Node:
        """The same node, wrapped; its backups too, as `name/backup`."""
        return self._node(node, "")

    def analyzer(self, analyzer: Analyzer, name: str = "") -> Analyzer:
        """The same analyzer, wrapped; the plan knows it as `name`, else as its tool."""
        return FaultyAnalyzer(analyzer=analyzer, name=name or analyzer.tool, plan=self)

    def programs(self, programs: Programs, name: str = "") -> Programs:
        """The same door, behind which programs misbehave; the plan knows them as `name/ruff`."""
        return FaultyPrograms(programs=programs, prefix=f"{name}/" if name else "", plan=self)

    def _graph(self, graph: Graph, prefix: str) -> Graph:
        nodes = [self._node(each, prefix) for each in graph.nodes.values()]
        return Graph(nodes, graph.inputs, skipped=graph.skipped)

    def _node(self, node: Node, prefix: str) -> Node:
        name = prefix + node.name
        if isinstance(node.run, Nested):
            inner = replace(node.run, graph=self._graph(node.run.graph, f"{name}/"))
            return replace(node, run=inner)
        backups = tuple(
            replace(each, run=faulty(each.run, f"{name}/{each.name}", self))
            for each in node.policy.backups
        )
        policy = replace(node.policy, backups=backups) if backups else node.policy
        return replace(node, run=faulty(node.run, name, self), policy=policy)
