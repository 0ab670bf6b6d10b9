"""How work runs: a graph of named nodes, each under its policy, to one outcome per node.

Knows nothing of reviews. Read in this order: `node`, `graph`, `policy`, `run`, `runner`; then
`running/` for a run while it goes on.
"""

from reviewbot.dag.branch import branch
from reviewbot.dag.builder import Builder
from reviewbot.dag.condition import Condition
from reviewbot.dag.context import Context
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.error import GraphError
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Each, Group, Item, Items, grouped, split
from reviewbot.dag.nested import Nested, nested
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Backup, Breaker, Cache, Cost, Fallback, Invariant, Policy
from reviewbot.dag.retry import Continue, Jitter, Replace, Retry, Stop
from reviewbot.dag.run import Attempt, Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.options import Options

__all__ = [
    "Attempt",
    "Backup",
    "Breaker",
    "Builder",
    "Cache",
    "Condition",
    "Context",
    "Continue",
    "Cost",
    "Each",
    "Edge",
    "EdgeKind",
    "FailureKind",
    "Fallback",
    "Graph",
    "GraphError",
    "Group",
    "Invariant",
    "Item",
    "Items",
    "Jitter",
    "Nested",
    "Node",
    "Options",
    "Outcome",
    "Policy",
    "Replace",
    "Retry",
    "Route",
    "Run",
    "Status",
    "Stop",
    "branch",
    "grouped",
    "nested",
    "node",
    "run",
    "split",
]
