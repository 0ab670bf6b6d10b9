"""What the shape of a graph, and the time its nodes took, say about a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewbot.dag import topology
from reviewbot.dag.topology import Names
from reviewbot.dag.trace.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytics:
    """Depth in waves, width in nodes of the widest wave, and sums of seconds.

    `work` is the sum over all nodes, `critical_seconds` the longest chain, which no number of
    workers can beat; `bottleneck` is the longest node on it, `slack` how many seconds later each
    node could end without making the whole longer, `speed_up` the work divided by the critical
    path: the most that running side by side can win.
    """

    nodes: int
    edges: int
    depth: int
    width: int
    work: float
    critical_path: Names
    critical_seconds: float
    bottleneck: str
    slack: Mapping[str, float]
    speed_up: float


def analytics(section: Section, estimates: Mapping[str, float] | None = None) -> Analytics:
    """The analytics of a graph by its measured seconds.

    Before a run the seconds are the `estimates`; with neither every node counts as one second, so
    that the critical path is the longest chain.
    """
    needs = section.needs
    order = tuple(needs)
    after = topology.inverted(needs)
    seconds = _seconds(section, estimates or {})
    rest = topology.remaining(order, after, seconds)
    path = tuple(name for name in topology.longest_path(after, rest) if seconds[name])
    longest, work = max(rest.values(), default=0.0), sum(seconds.values())
    return Analytics(
        nodes=len(order),
        edges=sum(map(len, needs.values())),
        depth=max((node.wave for node in section), default=0),
        width=max(map(len, section.waves), default=0),
        work=work,
        critical_path=path,
        critical_seconds=longest,
        bottleneck=max(path, key=seconds.__getitem__, default=""),
        slack=topology.slack(order, needs, after, seconds),
        speed_up=work / longest if longest else 1.0,
    )


def _seconds(section: Section, estimates: Mapping[str, float]) -> dict[str, float]:
    if any(node.outcome is not None for node in section):
        return {node.name: node.seconds for node in section}
    usual = sum(estimates.values()) / len(estimates) if estimates else 1.0
    return {node.name: estimates.get(node.name, usual) for node in section}
