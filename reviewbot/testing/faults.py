"""Faults by plan: any graph, node, analyzer or door to programs, with calls made to fail."""

from collections.abc import Callable
from typing import Any

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.process import Programs
from reviewbot.review.analysis import Analyzer
from reviewbot.testing.faulty import FaultyAnalyzer, faulty
from reviewbot.testing.plan import Plan
from reviewbot.testing.programs import FaultyPrograms
from reviewbot.testing.wrapped import wrapped, wrapped_node


class Faults(Plan):
    """A plan of faults, and what it is laid over.

    Without a `script` each call fails with probability `rate`, by one of `kinds`; whether and how
    depends on `seed`, the name and the number of the call only, not on the order of the calls. A
    `script` says for each name what befalls its calls, one after another, and leaves everybody
    else alone. The items of a node that maps are calls in the order in which they start. What
    blocks, or is deaf to its cancellation, lasts `seconds`.

    >>> from reviewbot.testing import Fault, Faults
    >>> faults = Faults(script={"lint": [Fault.HANG, None]})
    >>> faults.drawn("lint"), faults.drawn("lint"), faults.drawn("types")
    (<Fault.HANG: 'hangs'>, None, None)
    >>> faults.injected
    [Injected(name='lint', call=1, fault=<Fault.HANG: 'hangs'>)]
    """

    def graph(self, graph: Graph) -> Graph:
        """The same graph, each node wrapped; in the plan `pack/lint` is inside `pack`."""
        return wrapped(graph, self._faulty)

    def node(self, node: Node) -> Node:
        """The same node, wrapped; the plan knows a backup of it as `node/backup`."""
        return wrapped_node(node, self._faulty)

    def analyzer(self, analyzer: Analyzer, name: str = "") -> Analyzer:
        """The same analyzer, wrapped; the plan knows it as `name`, else as its tool."""
        return FaultyAnalyzer(analyzer=analyzer, name=name or analyzer.tool, plan=self)

    def programs(self, programs: Programs, name: str = "") -> Programs:
        """The same door, behind which programs misbehave; the plan knows them as `name/ruff`."""
        return FaultyPrograms(programs=programs, prefix=f"{name}/" if name else "", plan=self)

    def _faulty(self, run: Callable[..., Any], name: str) -> Callable[..., Any]:
        return faulty(run, name, self)
