"""Old findings that vanish under a new suppression comment of a tool without an off switch.

ruff and bandit can be asked what a comment hides; mypy cannot. A finding of the base that is gone
while its line is still there, under a comment that is new, is hidden and not fixed.
"""

from collections.abc import Iterable
from dataclasses import replace

from reviewbot.review.classified import OURSELVES, SUPPRESSION
from reviewbot.review.finding import Finding, folded
from reviewbot.review.sides import Sides


class Veils:
    """The new suppression comments of one analysis."""

    def __init__(self, introduced: Iterable[Finding], sides: Sides) -> None:
        """Take those of the introduced findings that announce a comment."""
        self._sides = sides
        self._comments = [
            each for each in introduced if (each.tool, each.rule) == (OURSELVES, SUPPRESSION)
        ]

    def over(self, gone: Finding) -> Finding | None:
        """A finding of the base at its place on the head, when a comment hides it there."""
        path = self._sides.head_path(gone.path)
        for comment in self._comments:
            line = self._line(comment, gone) if comment.path == path else None
            if comment.path == f"{path}i":  # a new stub: checkers read it and not the source
                line = self._below(path, 1, gone)
            if line is not None:
                where = replace(gone.location, path=path, line=line, end_line=None, column=None)
                return replace(gone, location=where)
        return None

    def _line(self, comment: Finding, gone: Finding) -> int | None:
        """The head line that a comment hides a finding on, or None when it does not reach it."""
        if not folded(gone.source):
            return None
        if not folded(comment.source).startswith(("#", "@")):
            return comment.line if _same_code(comment.source, gone.source) else None
        return self._below(comment.path, comment.line or 1, gone)

    def _below(self, path: str, first: int, gone: Finding) -> int | None:
        """Where the code of a finding stands in a head file, from a line on."""
        lines = self._sides.lines(path)
        below = range(first, len(lines) + 1)
        return next((n for n in below if _same_code(lines[n - 1], gone.source)), None)


def _same_code(now: str, before: str) -> bool:
    """Whether a line is another one with a comment behind it, or the same."""
    rest = folded(now).removeprefix(folded(before))
    return rest != folded(now) and (not rest or rest.lstrip().startswith("#"))
