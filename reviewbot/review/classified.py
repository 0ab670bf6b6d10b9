"""A finding with its class in the differential, its identity and its cause."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from reviewbot.review.finding import Finding, Location

CONFIGURATION = "configuration"
OURSELVES = "reviewbot"
SUPPRESSION = "suppression"


class BaselineState(Enum):
    """A finding's class in the differential; the names are SARIF's, in our words."""

    INTRODUCED = "introduced"
    EXISTING = "existing"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The place of the change that brought a finding about.

    Attributes:
        path: a file of the diff.
        line: a head line inside one of its hunks, from 1; None when the whole file is the cause.
        symbol: dotted name of what changed there, or an empty string.
    """

    path: str
    line: int | None
    symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """A finding with its class.

    Attributes:
        finding: on the head, or on the base when it is fixed.
        state: its class.
        id: its identity, unique within a review; an existing finding keeps the one of the base.
        in_diff: its line was written by the change.
        cause: for an introduced finding outside the diff, the hunk that brought it; else None.
        group: the id of the group it is shown in, or None.
        evidence: why it is in this class, in words.
        moved_from: where it was on the base, when only its place changed.
        also: the same statement by other tools.
    """

    finding: Finding
    state: BaselineState
    id: str
    in_diff: bool
    cause: Cause | None = None
    group: str | None = None
    evidence: str = ""
    moved_from: Location | None = None
    also: tuple[Finding, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Everybody who says so: ``bandit B608``, the shown one first."""
        every = (self.finding, *self.also)
        return tuple(dict.fromkeys(f"{each.tool} {each.rule}" for each in every))


class Sources(Protocol):
    """The text of the files on both sides."""

    def head(self, path: str) -> str | None:
        """The text on the head; None when there is no such file or it is no text."""
        ...

    def base(self, path: str) -> str | None:
        """The text on the base; None when there is no such file or it is no text."""
        ...


def is_security(finding: Finding) -> bool:
    """Whether hiding it could hide a vulnerability: the security node says so, or a CWE does."""
    return finding.node == "security" or finding.cwe is not None
