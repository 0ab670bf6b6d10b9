"""Security: a scanner, and what no scanner of ours looks for."""

from dataclasses import dataclass, replace

from reviewbot.analyzers.code.suppressions import SECURITY, new_suppressions
from reviewbot.errors import ToolError
from reviewbot.process.together import both
from reviewbot.review.analysis import Analysis, Analyzer, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """A scanner together with the rules for secrets and CORS that it lacks.

    The answer is the scanner's, with the findings of the complement added; every finding names the
    tool that made it. When the scanner fails the whole fails, so that its backup gets its turn;
    when the complement fails a note says so.

    Attributes:
        scanner: bandit or ruff.
        complement: the built-in scan, for what the scanner lacks.
        node: the node that reports.
    """

    scanner: Analyzer
    complement: Analyzer
    node: str = "security"

    @property
    def tool(self) -> str:
        """The program behind the scanner."""
        return self.scanner.tool

    async def analyze(self, change: Change) -> Analysis:
        """Look at a change with one after the other, and at the suppressions it adds.

        Raises:
            ToolError: the scanner's.
        """
        found, more = await both(
            lambda: self.scanner.analyze(change), lambda: self._complemented(change)
        )
        silenced = new_suppressions(change, node=self.node, forms=SECURITY)
        found = replace(found, head=(*found.head, *silenced))
        if isinstance(more, ToolError):
            note = f"secrets and CORS were not looked for: {more}"
            return replace(found, notes=(*found.notes, note))
        return _joined(found, more)

    async def _complemented(self, change: Change) -> Analysis | ToolError:
        try:
            return await self.complement.analyze(change)
        except ToolError as error:
            return error


def _joined(found: Analysis, more: Analysis) -> Analysis:
    """Both lists as one; where the base could not be analysed by one it is unknown."""
    known = found.base is not None and more.base is not None
    return replace(
        found,
        head=(*found.head, *more.head),
        base=(*(found.base or ()), *(more.base or ())) if known else None,
        notes=tuple(dict.fromkeys((*found.notes, *more.notes))),
        seconds={part: found.seconds[part] + more.seconds.get(part, 0.0) for part in found.seconds},
    )
