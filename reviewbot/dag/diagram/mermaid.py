"""A graph, or a run of it, as a Mermaid flowchart: the picture in a review."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.diagram.signs import COLOURS
from reviewbot.dag.run import Status
from reviewbot.dag.trace.document import NodeTrace, Section

# https://mermaid.js.org/syntax/flowchart.html#links-between-nodes
_ARROWS: Mapping[str, str] = {"value": "-->", "optional": "-.->", "outcome": "==>"}


def mermaid(graph: Section, *, timed: bool = True) -> str:
    """A Mermaid flowchart with the wave of each node, and after a run its status and seconds.

    The status is a colour too. Without being `timed`, equal runs give equal texts. Solid arrows ask
    for a value, dotted ones for an optional value, thick ones for the whole outcome; a rhombic node
    has a condition, a slanted one maps over items, a box with bars is a subgraph.
    """
    ids = {node.name: f"n{place}" for place, node in enumerate(graph)}
    drawn = ["flowchart LR"]
    drawn.extend(f"  {ids[node.name]}{_box(node, _label(node, timed=timed))}" for node in graph)
    drawn.extend(_links(graph, ids))
    drawn.extend(_classes(graph, ids))
    return "\n".join(drawn) + "\n"


def _box(node: NodeTrace, label: str) -> str:
    if node.when:
        return f'{{"{label}"}}'
    if node.kind == "map":
        return f'[/"{label}"/]'
    return f'[["{label}"]]' if node.kind == "subgraph" else f'["{label}"]'


def _label(node: NodeTrace, *, timed: bool) -> str:
    name, outcome = _escaped(node.name), node.outcome
    if outcome is None:
        return f"{name}<br/>wave {node.wave}"
    status = _escaped(outcome.status)
    if not timed:
        return f"{name}<br/>{status}"
    return f"{name}<br/>wave {node.wave}, {status}, {outcome.seconds:.2f} s"


def _escaped(text: str) -> str:
    # Mermaid reads HTML entities by number; everything that is no plain word character becomes one.
    return "".join(c if c.isalnum() or c in "_- ." else f"#{ord(c)};" for c in text)


def _links(graph: Section, ids: Mapping[str, str]) -> Iterator[str]:
    for node in graph:
        for edge in node.links:
            if not edge.is_input:
                yield f"  {ids[edge.node]} {_ARROWS[edge.kind]} {ids[node.name]}"


def _classes(graph: Section, ids: Mapping[str, str]) -> Iterator[str]:
    for status in Status:
        ended = (node for node in graph if node.outcome and node.outcome.status == status)
        members = [ids[node.name] for node in ended]
        if members:
            label = status.replace(" ", "_")
            yield f"  classDef {label} fill:{COLOURS[status]},color:#1f2328"
            yield f"  class {','.join(members)} {label}"
