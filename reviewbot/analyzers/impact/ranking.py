"""The order in which affected tests are most likely to fail."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname

from reviewbot.analyzers.impact.names import Node
from reviewbot.review.diff import Diff

_SHORTEST_STEM = 3
_WORD = re.compile(r"[A-Za-z_]\w{3,}")
_LARGEST = 1 << 20
_NAMED = 2.0
_RARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much a test file looks like the change: the rarer a shared word, the more it counts.

    A step of distance in the graph weighs as much as a word that one test in seven knows. The
    weights were fitted on 137 known bugs of seven projects; ``benchmarks/impact.py`` replays them.

    Attributes:
        lines: words of the changed lines → how many test files hold each.
        names: names of the changed symbols, which count once more.
        held: test file → those of these words that it holds.
        tests: the number of test files.
    """

    lines: Mapping[str, int]
    names: frozenset[str]
    held: Mapping[str, frozenset[str]]
    tests: int

    def bonus(self, test: str) -> float:
        """How many steps of distance the shared words are worth."""
        return _RARE * math.fsum(  # exact, whatever the order of a set
            math.log((self.tests + 1) / (self.lines[word] + 0.5)) * (1 + (word in self.names))
            for word in self.held[test]
        )


def likeness(root: str, tests: Iterable[str], diff: Diff, changed: Iterable[Node]) -> Likeness:
    """Read the test files of a tree and compare their words with those of the change."""
    names = frozenset(name.rpartition(".")[2] for _, name in changed)
    wanted = _words(diff) | {name for name in names if _WORD.fullmatch(name)}
    held = {test: frozenset(wanted.intersection(_read(Path(root, test)))) for test in tests}
    counted = Counter(word for words in held.values() for word in words)
    return Likeness(lines=counted, names=names, held=held, tests=len(held))


def closeness(distance: int, *, named: bool, bonus: float) -> float:
    """The sort key of a test file; smaller is more likely to fail."""
    return distance - _NAMED * named - bonus


def named_after(test: str, diff: Diff) -> str:
    """The changed module whose name is part of a test file's name, or an empty string."""
    name = basename(test)
    for file in diff.files:
        if file.path.endswith(".py") and file.path != test:
            for path in {file.path, file.old_path or file.path}:
                if (stem := _stem(path)) and stem in name:
                    return file.path
    return ""


def _words(diff: Diff) -> set[str]:
    """The words of more than three letters on changed lines of Python files."""
    return {
        word
        for file in diff.files
        if file.path.endswith(".py")
        for hunk in file.hunks
        for sign, text in hunk.lines
        if sign != " "
        for word in _WORD.findall(text)
    }


def _read(path: Path) -> list[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        return _WORD.findall(file.read(_LARGEST))


def _stem(path: str) -> str:
    name = basename(path).removesuffix(".py")
    stem = (basename(dirname(path)) if name == "__init__" else name).strip("_")
    return stem if len(stem) >= _SHORTEST_STEM else ""
