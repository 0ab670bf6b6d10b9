"""The hunk that brought about a finding on a line that the change did not write.

Every changed name is weighed against what the finding says, and the heaviest wins. Weights, from
the surest clue to the weakest; a clue is a guess, so each is worth more than all bonuses of the
next one together:

- the message names a module that came or went, or a changed definition (its class or module named
  beside it, a signature rather than a body, a place nearby or imported weigh more);
- the statement itself holds a changed line; an edit of the same file wrote or took out a name of
  the message;
- the finding's lines use a changed name; a changed line of the same function uses one of theirs;
- the function around them uses a changed name; the file imports a changed module;
- what is left: the nearest hunk of the file, else the only changed Python file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from reviewbot.review.bindings import STAR
from reviewbot.review.changed import Changed, ChangedFile, EditedText, changed_files
from reviewbot.review.classified import BaselineState, Cause, Classified
from reviewbot.review.clues import Clues, Used, clues, used
from reviewbot.review.finding import Finding
from reviewbot.review.reach import Reach
from reviewbot.review.sides import Sides
from reviewbot.review.symbols import enclosing

# What they say about a file depends on that file alone.
_ONE_FILE = frozenset({"ruff", "bandit", "patterns", "reviewbot"})

_STAR, _MODULE, _NAMED, _STATEMENT, _WORD = 400, 300, 200, 160, 140
_USES, _SAME_FUNCTION, _AROUND, _IMPORTS, _BEYOND, _NEAREST, _ONLY = 100, 90, 60, 40, 30, 20, 10
_PARENT, _SUBJECT, _OUTSIDE, _MODULE_TOO, _HERE, _NEAR = 30, 6, 12, 8, 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    weight: int
    cause: Cause


class Causes:
    """Finds causes in one diff; what is common to all findings is computed once."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._reach = Reach(sides.sources)
        self._surroundings: dict[tuple[str, str], Used] = {}

    def charged(self, findings: Iterable[Classified]) -> tuple[Classified, ...]:
        """The same findings, those introduced outside the diff with the cause that is found.

        A finding on a line that the change wrote is its own cause and has none.
        """
        return tuple(self._charged(each) for each in findings)

    def _charged(self, each: Classified) -> Classified:
        settled = each.in_diff or each.cause is not None
        if settled or each.state is not BaselineState.INTRODUCED:
            return each
        return replace(each, cause=self.cause(each.finding))

    def cause(self, finding: Finding) -> Cause | None:
        """The heaviest candidate, the first in the order of the diff among equals, or None."""
        best = max(self._candidates(finding), key=lambda each: each.weight, default=None)
        if best is not None and best.weight > _AROUND:
            return best.cause
        far = max(self._imported(finding), key=lambda each: each.weight, default=None)
        every = [each for each in (best, far) if each is not None]
        found = max(every, key=lambda each: each.weight, default=None)
        return found.cause if found else None

    @cached_property
    def _files(self) -> tuple[ChangedFile, ...]:
        return changed_files(self._sides)

    def _candidates(self, finding: Finding) -> Iterator[_Candidate]:
        said = clues(finding.message)
        own = next((each for each in self._files if each.path == finding.path), None)
        if own is not None:
            yield from self._in_file(finding, own, said)
        alone = finding.tool in _ONE_FILE and own is not None
        yield from self._by_name(finding, (own,) if alone and own else self._files, said)
        if len(self._files) == 1:
            yield _loudest(self._files[0], _ONLY)

    def _by_name(
        self, finding: Finding, files: tuple[ChangedFile, ...], said: Clues
    ) -> Iterator[_Candidate]:
        uses, around = used(finding.text or finding.source), self._around(finding)
        near = self._reach.direct(finding.path, {each.module for each in files})
        for file in files:
            bonus = _HERE if file.path == finding.path else _NEAR * (file.module in near)
            for symbol in file.symbols:
                weight = _named(symbol, said) or _used(symbol, uses, _USES)
                weight = weight or _used(symbol, around, _AROUND)
                if weight:
                    yield _of(symbol, weight + bonus + _OUTSIDE * symbol.outside)

    def _around(self, finding: Finding) -> Used:
        """What the function around a finding uses; at module level, what the module does."""
        place = (finding.path, finding.symbol)
        if place not in self._surroundings:
            lines = self._sides.lines(finding.path)
            span = slice(*self._span(finding, len(lines)))
            self._surroundings[place] = used("\n".join(lines[span]))
        return self._surroundings[place]

    def _span(self, finding: Finding, length: int) -> tuple[int, int]:
        for each in self._sides.definitions(finding.path):
            if each.name == finding.symbol:
                return (each.first_line - 1, each.last_line)
        return (0, length)

    def _in_file(self, finding: Finding, file: ChangedFile, said: Clues) -> Iterator[_Candidate]:
        line, last = finding.line or 1, finding.location.last_line or 1
        uses = used(finding.text or finding.source)
        local = uses.names | uses.attributes
        yield from _star(file, finding.message)
        for edit in file.edits:
            cause = _at(file, edit.line)
            if line <= edit.line <= last or line <= edit.last_line <= last:
                yield _Candidate(weight=_STATEMENT, cause=_at(file, max(line, edit.line)))
            if mentions := _mentions(edit, said.names):
                yield _Candidate(weight=_WORD + mentions, cause=cause)
            if finding.symbol and cause.symbol == finding.symbol:
                shared = bool(local & (edit.put | edit.out))
                yield _Candidate(weight=_SAME_FUNCTION + _OUTSIDE * shared, cause=cause)
        if file.edits:
            nearest = min(file.edits, key=lambda edit: abs(edit.line - line))
            yield _Candidate(weight=_NEAREST, cause=_at(file, nearest.line))

    def _imported(self, finding: Finding) -> Iterator[_Candidate]:
        if finding.tool in _ONE_FILE:
            return
        modules = {each.module for each in self._files if each.path != finding.path}
        near = self._reach.direct(finding.path, modules)
        found = near or self._reach.through(finding.path, modules)
        for file in self._files:
            if file.module in found:
                yield _loudest(file, _IMPORTS if near else _BEYOND)


def _named(symbol: Changed, said: Clues) -> int:
    """How strongly a message names a changed symbol."""
    if not symbol.name:
        return _MODULE if _is_module(symbol.module, said) else 0
    parent, _, leaf = symbol.name.rpartition(".")
    parent = parent.rpartition(".")[2]
    special = leaf.startswith("__") and leaf.endswith("__") and parent in said.names
    if leaf not in said.names and not special:
        return 0
    return (
        _NAMED
        + _PARENT * (parent in said.names)
        + _SUBJECT * (leaf in said.subjects or special)
        + _MODULE_TOO * (symbol.module.rpartition(".")[2] in said.names)
    )


def _star(file: ChangedFile, message: str) -> Iterator[_Candidate]:
    """A star import that came or went, when the finding is about a name that it may bring."""
    weight = _STAR if "star import" in message or "import *" in message else 0
    if "is not defined" in message or message.startswith("Undefined name"):
        weight = _STATEMENT
    for symbol in file.symbols:
        if weight and symbol.name == STAR:
            yield _of(symbol, weight)


def _is_module(module: str, said: Clues) -> bool:
    package, _, leaf = module.rpartition(".")
    whole = any(
        module == name or module.endswith(f".{name}") for name in said.dotted if "." in name
    )
    return whole or module in said.dotted or (bool(package) and _both(package, leaf, said))


def _both(package: str, leaf: str, said: Clues) -> bool:
    """Whether a message says ``Module "package" has no attribute "leaf"``."""
    return leaf in said.names and any(
        package == name or package.endswith(f".{name}") for name in said.dotted
    )


def _used(symbol: Changed, uses: Used, weight: int) -> int:
    """A plain name is one of a module; after a dot it may be anybody's."""
    leaf = symbol.name.rpartition(".")[2]
    plain = symbol.name in uses.names
    return weight if plain or (bool(leaf) and leaf in uses.attributes) else 0


def _mentions(edit: EditedText, names: frozenset[str]) -> int:
    """What an edit took out weighs more than what it kept, and more names more than one."""
    return min(9, 2 * len(names & (edit.out - edit.put)) + len(names & (edit.put | edit.out)))


def _of(symbol: Changed, weight: int) -> _Candidate:
    cause = Cause(path=symbol.path, line=symbol.line, symbol=symbol.name)
    return _Candidate(weight=weight, cause=cause)


def _at(file: ChangedFile, line: int) -> Cause:
    return Cause(path=file.path, line=line, symbol=enclosing(file.definitions, line))


def _loudest(file: ChangedFile, weight: int) -> _Candidate:
    """The first thing in a file that others can notice, else the first that changed."""
    ordered = sorted(file.symbols, key=lambda each: not each.outside)
    if ordered:
        return _of(ordered[0], weight)
    line = file.edits[0].line if file.edits else None
    return _Candidate(weight=weight, cause=Cause(path=file.path, line=line))
