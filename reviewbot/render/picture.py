"""The nodes of a review as a picture: Mermaid, which the forge draws where it shows the text."""

from collections.abc import Sequence

from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.trace.document import EdgeTrace, NodeTrace, OutcomeTrace, Section
from reviewbot.review.rows import NodeRow

_MOST = 60
"""Nodes; a picture of more says nothing to anybody, and the table has them all."""


def picture(rows: Sequence[NodeRow]) -> tuple[str, ...]:
    """The lines of a fenced block; none for too many nodes.

    Whatever a row says is a label in which nothing ends the block.
    """
    if not rows or len(rows) > _MOST:
        return ()
    known = {row.name for row in rows}
    section = Section(nodes=tuple(_node(row, known) for row in rows))
    return ("```mermaid", *mermaid(section, timed=False).splitlines(), "```")


def _node(row: NodeRow, known: set[str]) -> NodeTrace:
    needs = dict.fromkeys(name for name in row.needs if name in known)
    return NodeTrace(
        name=row.name,
        wave=row.wave,
        edges=tuple(EdgeTrace(parameter=name, node=name) for name in needs),
        outcome=OutcomeTrace(status=row.status.replace("_", " ")),
    )
