"""What this run looked at: only there is a finding that is missing a finding that is fixed."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewbot.review.diff import Diff
from reviewbot.review.publishing.memory import short
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow

# A backup or a fallback is another tool: what the first one said, it would not say anyway.
_ANSWERED = frozenset({"succeeded", "cached"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Nodes that answered as they always do, and what they left out.

    Attributes:
        nodes: ``short`` names of the nodes that answered.
        gaps: ``short`` names of node and path of what was not looked at; an empty name is every
            node, an empty path every file. Both names of a renamed file are there.
    """

    nodes: frozenset[str]
    gaps: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, report: Report, diff: Diff) -> "Covered":
        """Read it off a report."""
        nodes = (short(each.name) for each in report.nodes if each.status in _ANSWERED)
        gaps = (gap for each in report.not_reviewed for gap in _gaps(each, diff))
        return cls(nodes=frozenset(nodes), gaps=frozenset(gaps))

    def file(self, node: str, path: str) -> bool:
        """Whether a node looked at a file.

        Args:
            node: its ``short`` name; anything else means that nobody knows who.
            path: ``short`` path on the head, or where it was.
        """
        asked = {(who, where) for who in (node, "") for where in (path, "")}
        return node in self.nodes and asked.isdisjoint(self.gaps)


def _gaps(gap: GapRow, diff: Diff) -> Iterator[tuple[str, str]]:
    node = short(gap.node) if gap.node else ""
    if gap.path is None:
        # What is left out by rule and has no name is left out every time.
        if gap.blocking:
            yield node, ""
        return
    yield node, short(gap.path)
    old = diff.old_path(gap.path)
    if old is not None:
        yield node, short(old)
