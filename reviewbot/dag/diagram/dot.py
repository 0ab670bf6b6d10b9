"""A graph, or a run of it, in the language of Graphviz."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.diagram.signs import COLOURS
from reviewbot.dag.trace.document import EdgeTrace, NodeTrace, Section

# https://graphviz.org/docs/attr-types/style/
_STYLES: Mapping[str, str] = {"value": "solid", "optional": "dashed", "outcome": "bold"}
_SHAPES: Mapping[str, str] = {"node": "box", "map": "box3d", "subgraph": "component"}


def dot(graph: Section) -> str:
    """A digraph with one rank per wave; a subgraph is a cluster after the node that runs it.

    Solid edges ask for a value, dashed ones for an optional value, bold ones for the whole outcome;
    a diamond has a condition, inputs of the graph are plain text.
    """
    drawn = [
        "digraph {",
        '  rankdir=LR; node [fontname="sans-serif"]; edge [fontname="sans-serif"];',
        *_section(graph, "", "  "),
        "}",
    ]
    return "\n".join(drawn) + "\n"


def _section(graph: Section, above: str, margin: str) -> Iterator[str]:
    for name in graph.inputs if not above else ():
        yield f"{margin}{_quoted(f'input {name}')} [label={_quoted(name)}, shape=plaintext];"
    for wave in graph.waves:
        names = "; ".join(_quoted(above + node.name) for node in wave)
        yield f"{margin}{{ rank=same; {names}; }}"
    for node in graph:
        yield from _node(node, above, margin)


def _node(node: NodeTrace, above: str, margin: str) -> Iterator[str]:
    path = above + node.name
    shape = "diamond" if node.when else _SHAPES[node.kind]
    fill = "" if node.outcome is None else f', style=filled, fillcolor="{_colour(node)}"'
    yield f"{margin}{_quoted(path)} [label={_quoted(_label(node))}, shape={shape}{fill}];"
    for edge in node.links:
        if not (above and edge.is_input):
            yield f"{margin}{_source(edge, above)} -> {_quoted(path)} [style={_STYLES[edge.kind]}];"
    if node.inner is not None:
        yield f"{margin}subgraph {_quoted(f'cluster {path}')} {{"
        yield f"{margin}  label={_quoted(path)}; style=rounded; color=gray;"
        yield from _section(node.inner, f"{path}/", f"{margin}  ")
        yield f"{margin}}}"


def _colour(node: NodeTrace) -> str:
    return "" if node.outcome is None else COLOURS.get(node.outcome.status, "white")


def _source(edge: EdgeTrace, above: str) -> str:
    return _quoted(f"input {edge.node}" if edge.is_input else above + edge.node)


def _label(node: NodeTrace) -> str:
    ended = node.outcome and f", {node.outcome.status}, {node.outcome.seconds:.2f} s"
    return f"{node.name}\nwave {node.wave}{ended or ''}"


def _quoted(text: str) -> str:
    """A quoted ID; only the quote and the backslash mean something in it, and nothing steers."""
    clean = "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
