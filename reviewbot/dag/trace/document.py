"""The trace: what is known of a run, as plain values; field names are the keys of trace.json."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reviewbot.dag import topology
from reviewbot.dag.topology import Names

SCHEMA = "reviewbot.trace/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeTrace:
    """One input of a node: where it comes from, how strongly it is asked for, what came.

    `kind` is value, optional or outcome; `is_input` says that `node` names an input of the graph.
    `digest` is that of the content it carried, empty when unknown.
    """

    parameter: str
    node: str
    kind: str = "value"
    type: str = ""
    is_input: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptTrace:
    """One try; times are seconds, `started` counts from the start of the run."""

    number: int
    by: str
    started: float
    seconds: float
    error: str = ""
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTrace:
    """How a node, or one item of it, ended.

    `status` is one of `run.Status`; `kind` what kind of failure it was; `digest` that of the value;
    `log` the lines that the node said.
    """

    status: str
    reason: str = ""
    answered_by: str = ""
    started: float = 0.0
    seconds: float = 0.0
    attempts: tuple[AttemptTrace, ...] = ()
    kind: str = ""
    spent: Mapping[str, float] = field(default_factory=dict)
    resumed: bool = False
    digest: str = ""
    log: tuple[str, ...] = ()

    @property
    def is_started(self) -> bool:
        """Whether it was at work at all; a map and a subgraph are without attempts of their own."""
        return bool(self.attempts) or self.seconds > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTrace:
    """One item of a node that maps; `id` is its lineage, `sources` the ids it was made of."""

    key: str
    id: str
    outcome: OutcomeTrace
    sources: tuple[str, ...] = ()
    inner: "Section | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTrace:
    """A node as it was declared, and how it ended; no `outcome` before it has.

    `kind` is node, map or subgraph; `over` says of a map which parameters receive one item at a
    time, and from where. `policy` is the node's own, in words; `when` its condition with the edges
    that the condition asks for; `off` the reason why it is switched off. `inner` is the graph of a
    subgraph; of one that maps, each item has its own. `slack` is seconds.
    """

    name: str
    kind: str = "node"
    wave: int = 1
    edges: tuple[EdgeTrace, ...] = ()
    over: Mapping[str, str] = field(default_factory=dict)
    when: str = ""
    when_edges: tuple[EdgeTrace, ...] = ()
    output: str = ""
    policy: Mapping[str, str] = field(default_factory=dict)
    off: str = ""
    is_critical: bool = False
    slack: float = 0.0
    outcome: OutcomeTrace | None = None
    items: tuple[ItemTrace, ...] = ()
    inner: "Section | None" = None

    @property
    def all_edges(self) -> tuple[EdgeTrace, ...]:
        """The node's own edges and those of its condition."""
        return (*self.edges, *self.when_edges)

    @property
    def links(self) -> tuple[EdgeTrace, ...]:
        """One edge for each node or input it asks for, the first where there are several."""
        found: dict[str, EdgeTrace] = {}
        for edge in self.all_edges:
            found.setdefault(edge.node, edge)
        return tuple(found.values())

    @property
    def seconds(self) -> float:
        """Measured seconds; 0 before it ended."""
        return 0.0 if self.outcome is None else self.outcome.seconds


@dataclass(frozen=True, kw_only=True)  # no slots: what follows from the nodes is kept
class Section:
    """A graph: its inputs with their types, its nodes in topological order."""

    nodes: tuple[NodeTrace, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[NodeTrace]:
        return iter(self.nodes)

    @cached_property
    def by_name(self) -> Mapping[str, NodeTrace]:
        """The nodes by name."""
        return {node.name: node for node in self.nodes}

    @cached_property
    def needs(self) -> Mapping[str, Names]:
        """For each node the nodes it waits for."""
        return {
            node.name: tuple(
                dict.fromkeys(edge.node for edge in node.all_edges if not edge.is_input)
            )
            for node in self.nodes
        }

    @cached_property
    def dependents(self) -> Mapping[str, tuple[NodeTrace, ...]]:
        """For each node the nodes that wait for it."""
        names = topology.inverted(self.needs)
        return {name: tuple(self.by_name[one] for one in ones) for name, ones in names.items()}

    @cached_property
    def critical(self) -> tuple[NodeTrace, ...]:
        """The nodes of the critical path of a run, in its order."""
        return tuple(node for node in self.nodes if node.is_critical and node.outcome is not None)

    @cached_property
    def waves(self) -> tuple[tuple[NodeTrace, ...], ...]:
        """The nodes by their longest distance from a source."""
        last = max((node.wave for node in self.nodes), default=0)
        return tuple(
            tuple(node for node in self.nodes if node.wave == wave) for wave in range(1, last + 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One run, whole.

    `began` is a moment in UTC as ISO 8601, empty when unknown; `seconds` the run's length; `ended`
    what cut it short; `state` is running or interrupted when it has not ended; `inputs` the digests
    of what it was given; `manifest` what the caller wrote down about the circumstances: versions,
    commits, configuration.
    """

    graph: Section
    run: str = ""
    began: str = ""
    seconds: float = 0.0
    ended: str = ""
    state: str = ""
    critical_path: Names = ()
    critical_seconds: float = 0.0
    spent: Mapping[str, float] = field(default_factory=dict)
    breakers: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    manifest: Mapping[str, str] = field(default_factory=dict)
    schema: str = SCHEMA
