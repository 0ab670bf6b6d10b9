"""A graph, or a run of it, as a Mermaid flowchart: the picture in a review."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Run, Status

# https://mermaid.js.org/syntax/flowchart.html#links-between-nodes
_ARROWS: Mapping[EdgeKind, str] = {
    EdgeKind.VALUE: "-->",
    EdgeKind.OPTIONAL: "-.->",
    EdgeKind.OUTCOME: "==>",
}

_COLOURS: Mapping[Status, str] = {
    Status.SUCCEEDED: "#d4f4dd",
    Status.CACHED: "#d4f4dd",
    Status.REROUTED: "#fff3cd",
    Status.FELL_BACK: "#fff3cd",
    Status.PARTIAL: "#fff3cd",
    Status.FAILED: "#f8d7da",
    Status.TIMED_OUT: "#f8d7da",
    Status.SKIPPED: "#e2e3e5",
    Status.CANCELLED: "#e2e3e5",
}


def mermaid(graph: Graph, run: Run | None = None) -> str:
    """A Mermaid flowchart; after a run each node shows its status, by word, seconds and colour.

    Solid arrows ask for a value, dotted ones for an optional value, thick ones for the whole
    outcome; a rhombic node has a condition.
    """
    ids = {name: f"n{place}" for place, name in enumerate(graph.order)}
    drawn = ["flowchart LR"]
    drawn.extend(f"  {ids[name]}{_box(graph, name, _label(name, run))}" for name in graph.order)
    drawn.extend(_links(graph, ids))
    if run is not None:
        drawn.extend(_classes(ids, run))
    return "\n".join(drawn) + "\n"


def _box(graph: Graph, name: str, label: str) -> str:
    return f'{{"{label}"}}' if graph.nodes[name].when else f'["{label}"]'


def _label(name: str, run: Run | None) -> str:
    if run is None:
        return _escaped(name)
    outcome = run.outcomes[name]
    return f"{_escaped(name)}<br/>{outcome.status}, {outcome.seconds:.2f} s"


def _escaped(text: str) -> str:
    # Mermaid reads HTML entities by number; everything that is no plain word character becomes one.
    return "".join(c if c.isalnum() or c in "_- ." else f"#{ord(c)};" for c in text)


def _links(graph: Graph, ids: Mapping[str, str]) -> Iterator[str]:
    for name in graph.order:
        arrows: dict[str, str] = {}
        for edge in graph.nodes[name].all_edges:
            if edge.node in ids:
                arrows.setdefault(edge.node, _ARROWS[edge.kind])
        yield from (f"  {ids[other]} {arrow} {ids[name]}" for other, arrow in arrows.items())


def _classes(ids: Mapping[str, str], run: Run) -> Iterator[str]:
    for status in Status:
        members = [ids[outcome.node] for outcome in run.with_status(status)]
        if members:
            label = status.replace(" ", "_")
            yield f"  classDef {label} fill:{_COLOURS[status]},color:#1f2328"
            yield f"  class {','.join(members)} {label}"
