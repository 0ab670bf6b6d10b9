"""A graph, or a run of it, as a picture: Mermaid for the review, lines for the terminal."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Outcome, Run, Status

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

_SIGNS: Mapping[Status, str] = {
    Status.SUCCEEDED: "✓",
    Status.CACHED: "✓",
    Status.REROUTED: "↪",
    Status.FELL_BACK: "↩",
    Status.PARTIAL: "◐",
    Status.FAILED: "✗",
    Status.TIMED_OUT: "⏱",
    Status.SKIPPED: "·",
    Status.CANCELLED: "■",
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


def timeline(run: Run, width: int = 40) -> tuple[str, ...]:
    """One line per node in order of starting: sign, name, a bar in time, seconds, reason.

    `width` is the number of columns that stand for the whole run.
    """
    outcomes = sorted(run.outcomes.values(), key=lambda outcome: outcome.started)
    column = max((len(outcome.node) for outcome in outcomes), default=0)
    return tuple(_bar(outcome, column, width, run.seconds) for outcome in outcomes)


def _bar(outcome: Outcome[object], column: int, width: int, whole: float) -> str:
    scale = width / whole if whole else 0.0
    begin = min(width - 1, int(outcome.started * scale))
    length = max(1, min(width - begin, round(outcome.seconds * scale)))
    bar = (" " * begin + ("█" if outcome.attempts else "·") * length).ljust(width)
    told = f"{_SIGNS[outcome.status]} {outcome.node:{column}} {bar} {outcome.seconds:6.2f} s"
    return f"{told}  {outcome.status}: {outcome.reason}" if outcome.reason else told
