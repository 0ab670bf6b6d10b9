"""One side of a change as one tool saw it, and both sides as an Analysis."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field

from reviewbot import __version__
from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.code.selection import Selection
from reviewbot.analyzers.versions import tool_version
from reviewbot.errors import ToolCrashed
from reviewbot.review.analysis import Analysis, Coverage, NotReviewed
from reviewbot.review.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a tool says about one tree.

    Attributes:
        findings: those it reports.
        hidden: those that a suppression comment hides.
        excluded: paths that the configuration leaves out.
        not_reviewed: paths it could not look at.
        notes: one line each, for the reader.
        seconds: wall time of its runs.
    """

    findings: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()
    excluded: tuple[str, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """What only a changed configuration brings.

    Attributes:
        origin: the configuration files that changed.
        findings: those of the new configuration that the old one does not give.
        notes: one line each, for the reader.
    """

    origin: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = field(default=())


def joined(sides: Iterable[Side]) -> Side:
    """Parts of one tree as one; equal notes once."""
    parts = tuple(sides)
    return Side(
        findings=tuple(each for part in parts for each in part.findings),
        hidden=tuple(each for part in parts for each in part.hidden),
        excluded=tuple(each for part in parts for each in part.excluded),
        not_reviewed=tuple(each for part in parts for each in part.not_reviewed),
        notes=tuple(dict.fromkeys(each for part in parts for each in part.notes)),
        seconds=sum(part.seconds for part in parts),
    )


async def unless_it_crashes(looking: Awaitable[Side]) -> Side | None:
    """The base's side, or None when the tool crashes on every file of it.

    A change that repairs such files must not fail because of what they were.
    """
    try:
        return await looking
    except Refused:
        raise
    except ToolCrashed:
        return None


def both_sides(
    tool: str,
    selection: Selection,
    head: Side,
    base: Side | None,
    configured: Configured,
    *,
    version: str = "",
) -> Analysis:
    """The Analysis of a tool that looked at changed files only; of a version, or the installed one.

    Coverage speaks of the head; what of the base could not be looked at becomes a note, because
    there old findings look new.
    """
    before = base or Side(notes=(f"{tool} crashes on all the changed files as they were before",))
    gaps = (*selection.not_reviewed, *head.not_reviewed)
    aside = {*head.excluded, *(gap.path for gap in gaps)}
    return Analysis(
        tool=tool,
        tool_version=version or _version(tool),
        head=head.findings,
        base=None if base is None else base.findings,
        configured=configured.findings,
        configuration=configured.origin,
        hidden_head=head.hidden,
        hidden_base=before.hidden,
        coverage=Coverage(
            analyzed=tuple(path for path in selection.head if path not in aside),
            excluded=(*selection.excluded, *head.excluded),
            not_reviewed=gaps,
        ),
        notes=(*_notes(head, before), *configured.notes),
        seconds={"head": head.seconds, "base": before.seconds},
    )


def _version(tool: str) -> str:
    return __version__ if tool == "patterns" else tool_version(tool)


def _notes(head: Side, base: Side) -> tuple[str, ...]:
    gaps = [f"{gap.path} before the change: {gap.reason}" for gap in base.not_reviewed]
    return tuple(dict.fromkeys((*head.notes, *base.notes, *gaps)))
