"""The parts of a Report: flat values whose field names are the keys of the JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewbot.review.finding import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """How one node ran, as the caller knows it from the engine.

    Attributes:
        wave: its column in the picture, from 1.
        attempts: how many tries it took, backups included.
        tried: what went wrong in the tries that gave nothing, one line each.
        started: seconds since the run began.
        needs: the nodes it waited for.
    """

    name: str
    status: str
    reason: str = ""
    wave: int = 1
    attempts: int = 0
    started: float = 0.0
    seconds: float = 0.0
    tool_version: str = ""
    tried: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long the run took, and how long it could not have been shorter than."""

    seconds: float = 0.0
    critical_path_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """The place of the change that brought a finding about, and what changed there."""

    path: str
    line: int | None
    symbol: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A Classified, flat.

    ``change`` is introduced, existing or fixed; ``nearness`` is added, context, file or elsewhere.
    ``blob`` is Git's id of the content in which it stands, empty where there is none.
    """

    id: str
    node: str
    tool: str
    rule: str
    message: str
    severity: str
    confidence: str
    path: str
    line: int | None
    end_line: int | None
    column: int | None
    change: str
    in_diff: bool
    cause: CauseRow | None
    group: str | None
    suggestion: Suggestion | None
    cwe: int | None
    nearness: str = "elsewhere"
    symbol: str = ""
    evidence: str = ""
    moved_from: str | None = None
    sources: tuple[str, ...] = ()
    impact: str = ""
    remediation: str = ""
    url: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedRow:
    """A finding that is kept out of the lists, and why."""

    id: str
    tool: str
    rule: str
    message: str
    severity: str
    path: str
    line: int | None
    by: str
    reason: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """Findings with one cause."""

    id: str
    text: str
    cause: CauseRow
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """The decision with its reasons."""

    decision: str
    complete: bool
    level: str
    risk: str
    reasons: tuple[str, ...]
    blocking: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many findings of each class are listed."""

    introduced: int
    existing: int
    fixed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """Something that was not reviewed."""

    path: str | None
    node: str
    reason: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """The test selection: numbers, then names."""

    __test__ = False  # pytest would collect a class of this name

    total: int
    selected: int
    ran: int
    failed: tuple[str, ...]
    reason: str
    selected_files: tuple[str, ...] = ()
    fallback: str | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
