"""Every place of a trace by its path: nodes, their items, and the nodes inside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewbot.dag.trace.document import ItemTrace, NodeTrace, OutcomeTrace, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One place: `lint`, `pack/lint` inside a subgraph, `triage[a.py]` for an item of a map.

    `item` is None unless the place is an item of `node`; `section` is the graph the node is in, and
    `above` the path in front of its name.
    """

    path: str
    node: NodeTrace
    section: Section
    above: str = ""
    item: ItemTrace | None = None
    depth: int = 0

    @property
    def outcome(self) -> OutcomeTrace | None:
        """How it ended; None before it has."""
        return self.node.outcome if self.item is None else self.item.outcome

    @property
    def is_critical(self) -> bool:
        """Whether the node is on the critical path of its graph."""
        return self.item is None and self.node.outcome is not None and self.node.is_critical


def steps(graph: Section, above: str = "", depth: int = 0) -> Iterator[Step]:
    """All places, those of one graph in order of starting, each followed by what is inside it."""
    for node in sorted(graph, key=_started):
        path = f"{above}{node.name}"
        yield Step(path=path, node=node, section=graph, above=above, depth=depth)
        for item in node.items:
            place = f"{path}[{item.key}]"
            yield Step(
                path=place, node=node, section=graph, above=above, item=item, depth=depth + 1
            )
            if item.inner is not None:
                yield from steps(item.inner, f"{place}/", depth + 2)
        if node.inner is not None and not node.items:
            yield from steps(node.inner, f"{path}/", depth + 1)


def _started(node: NodeTrace) -> float:
    return 0.0 if node.outcome is None else node.outcome.started


def above(path: str) -> Iterator[str]:
    """What could be the paths of the places around one, nearest first: names may hold any sign.

    Example: `pack[a.py]/lint` gives `pack[a.py]`, then `pack`.
    """
    for end in range(len(path) - 1, 0, -1):
        if path[end] in "/[":
            yield path[:end]


def find(graph: Section, path: str) -> Step | None:
    """The place with exactly this path; None when there is none."""
    return next((step for step in steps(graph) if step.path == path), None)
