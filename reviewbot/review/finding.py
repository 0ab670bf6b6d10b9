"""One statement about the code, and what makes two statements the same."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering
from typing import Self

_NUMBER = re.compile(r"\b\d+\b")
_COMPARISON = re.compile(r"\(# [<>=]+ #\)")


@total_ordering
class _Level(Enum):
    """An enum whose members are ordered as they are written."""

    def __lt__(self, other: Self) -> bool:
        members = list(type(self))
        return members.index(self) < members.index(other)


class Severity(_Level):
    """How bad: three levels that map one to one to SARIF, GitHub annotations and rdjson."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Confidence(_Level):
    """How sure the tool is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in one file of a tree.

    Attributes:
        path: relative to the root of the tree, with ``/``; undecodable bytes as surrogates.
        line: first line, from 1; None when the finding is about the whole file.
        end_line: last line, inclusive; None when the same as ``line``.
        column: first column in characters, from 1; None when unknown.
    """

    path: str
    line: int | None = None
    end_line: int | None = None
    column: int | None = None

    @property
    def last_line(self) -> int | None:
        """The last line of the range, inclusive."""
        return self.end_line or self.line

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Replace a range of a file by a text; lines and columns from 1, the end exclusive."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A replacement that a tool offers.

    Attributes:
        description: what it does, in the tool's words.
        edits: all of them or none are applied.
        safe: the tool promises that the meaning of the program stays.
    """

    description: str
    edits: tuple[Replacement, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about the code at a Location by a rule.

    Attributes:
        node: the node of the graph that reported it, e.g. ``lint``.
        tool: the program that found it, e.g. ``ruff``.
        rule: the tool's own identifier, e.g. ``F401``.
        message: one line, in the tool's words.
        symbol: dotted name of the enclosing function or class, empty at module level.
        source: the first source line it stands on, as written, without its line end.
        text: all source lines of its range, for finding out which name it is about.
        impact: what can go wrong, when the tool says so.
        remediation: what to do, when the tool says so.
        url: the rule's documentation.
    """

    node: str
    tool: str
    rule: str
    message: str
    severity: Severity
    location: Location
    confidence: Confidence = Confidence.HIGH
    symbol: str = ""
    source: str = ""
    text: str = ""
    suggestion: Suggestion | None = None
    cwe: int | None = None
    impact: str = ""
    remediation: str = ""
    url: str = ""

    @property
    def path(self) -> str:
        """The path of its location."""
        return self.location.path

    @property
    def line(self) -> int | None:
        """The first line of its location."""
        return self.location.line

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Path, line, column, rule, message: the order of every list of findings."""
        where = self.location
        return (where.path, where.line or 0, where.column or 0, self.rule, self.message)


def masked(message: str) -> str:
    """Fold what changes on every edit out of a message: numbers, and comparisons of them.

    ``too complex (13 > 10)`` and ``too complex (14 > 10)`` are one statement; complexity rules
    change their numbers whenever the function is touched.
    """
    return _COMPARISON.sub("(n)", _NUMBER.sub("#", message))


def folded(source: str) -> str:
    """A source line without its white space differences, so that re-indenting changes nothing."""
    return " ".join(source.split())


def fingerprint(finding: Finding, *, path: str, occurrence: int) -> str:
    """The identity of a finding: 16 hex digits that hold no line number.

    Rule: tool, rule, path (the base's name of a renamed file), masked message, folded source line,
    and the index among equals in the file. Between two commits 43 to 53 % of surviving findings
    change their line, so a line number must never be part of it.
    """
    parts = (
        finding.tool,
        finding.rule,
        path,
        masked(finding.message),
        folded(finding.source),
        str(occurrence),
    )
    raw = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(raw).hexdigest()[:16]
