"""Which tests can a change reach: index, graph, selection, ranking; never executes anything."""

from reviewbot.analyzers.impact.selection import Selected, select

__all__ = ["Selected", "select"]
