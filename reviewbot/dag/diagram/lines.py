"""A graph as lines for the terminal, wave by wave."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.trace.document import NodeTrace, Section

_MARKS: Mapping[str, str] = {"value": "", "optional": "?", "outcome": "!"}


def lines(graph: Section) -> tuple[str, ...]:
    """One line per node, wave by wave: its name, what it needs, its condition, why it is off.

    A needed name ends in `?` when it is optional and in `!` when its whole outcome is asked for;
    `each` stands before one whose items are worked on one by one. The nodes of a subgraph follow
    it, under its name.
    """
    return tuple(_lines(graph, ""))


def _lines(graph: Section, above: str) -> Iterator[str]:
    for wave in graph.waves:
        for node in wave:
            yield f"wave {node.wave}  {_line(node, above)}"
            if node.inner is not None:
                yield from (f"  {line}" for line in _lines(node.inner, f"{above}{node.name}/"))


def _line(node: NodeTrace, above: str) -> str:
    needs = [
        f"{'each ' if edge.parameter in node.over else ''}{edge.node}{_MARKS[edge.kind]}"
        for edge in node.edges
    ]
    parts = [f"{above}{node.name}", f"<- {', '.join(needs)}" if needs else ""]
    parts.append(f"when {node.when}" if node.when else "")
    parts.append(f"skipped ({node.off})" if node.off else "")
    return "  ".join(part for part in parts if part)
