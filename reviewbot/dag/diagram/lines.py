"""A graph as lines for the terminal, wave by wave."""

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.graph import Graph


def lines(graph: Graph) -> tuple[str, ...]:
    """One line per node, wave by wave: its name, what it needs, its condition, why it is off.

    A needed name ends in `?` when it is optional and in `!` when its whole outcome is asked for.
    """
    return tuple(
        f"wave {place}  {_line(graph, name)}"
        for place, wave in enumerate(graph.waves(), start=1)
        for name in wave
    )


def _line(graph: Graph, name: str) -> str:
    node, marks = graph.nodes[name], {EdgeKind.OPTIONAL: "?", EdgeKind.OUTCOME: "!"}
    needs = [f"{edge.node}{marks.get(edge.kind, '')}" for edge in node.edges]
    parts = [name, f"<- {', '.join(needs)}" if needs else ""]
    parts.append(f"when {node.when.text}" if node.when else "")
    parts.append(f"skipped ({graph.skipped[name]})" if name in graph.skipped else "")
    return "  ".join(part for part in parts if part)
