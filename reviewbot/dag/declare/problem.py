"""What is wrong with a document: collected, placed, said all at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    `path` is the key it is about; `line` is stated only where the path does not tell it. `hint` is
    what to do, or empty.
    """

    path: Path
    what: str
    hint: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.what}; {self.hint}" if self.hint else self.what


class Problems:
    """Collects problems, so that a reader sees all of them at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, path: Path, what: str, hint: str = "", *, line: int = 0) -> None:
        """Remember one."""
        self.found.append(Problem(path=path, what=what, hint=hint.removeprefix("; "), line=line))

    def extend(self, path: Path, sentences: Iterable[str]) -> None:
        """Remember several that somebody else has put into words."""
        for sentence in sentences:
            self.add(path, sentence)

    def said(self, where: Callable[[Problem], tuple[int, str]]) -> tuple[str, ...]:
        """`place: what; hint` for each, by line; `where` gives the line and how the place is shown.

        What is wrong in one and the same way at one place is said once.
        """
        placed = sorted(
            ((*where(problem), str(problem)) for problem in self.found), key=lambda one: one[0]
        )
        return tuple(dict.fromkeys(f"{place}: {text}" for _, place, text in placed))
