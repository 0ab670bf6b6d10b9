"""The merged result of all analyses of a change."""

from dataclasses import dataclass, field

from reviewbot.review.analysis import NotReviewed, TestReport, Trust
from reviewbot.review.classified import BaselineState, Cause, Classified


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one node came to.

    Attributes:
        node: its name.
        status: how it ended, in the engine's word.
        reason: why it did not simply succeed, or an empty string.
        answered: whether it gave an analysis.
        complete: whether all that it was asked for was looked at: a backup's answer is complete,
            a fallback value or a part is not; what is switched off by rule was never asked for.
        wanted: False for what is switched off by rule.
        optional: whether the review is complete without it.
        tool: the program that answered, or an empty string.
        tool_version: its version.
    """

    node: str
    status: str
    reason: str = ""
    answered: bool = False
    complete: bool = False
    wanted: bool = True
    optional: bool = False
    tool: str = ""
    tool_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Introduced findings with one cause, told once.

    Attributes:
        id: stable, without line numbers.
        text: one line: what changed, and how many findings it brings.
        cause: the place of the change.
        findings: their ids, in order.
    """

    id: str
    text: str
    cause: Cause
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A finding that is kept out of the lists, and why.

    Attributes:
        classified: the finding.
        by: ``comment`` for a tool's own suppression, ``ignore`` for one of reviewbot's.
        reason: one line for the reader.
        new: whether this change suppresses it.
    """

    classified: Classified
    by: str
    reason: str
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything the analyses say about a change; every finding stands in exactly one place.

    The places are ``introduced``, ``existing``, ``fixed`` and ``suppressed``; a finding that
    several tools make is in ``also`` of the one that is shown.

    Attributes:
        introduced: by severity (worst first), path, line.
        existing: in the same order; those with ``moved_from`` only changed their place.
        fixed: on the base only.
        suppressed: with reasons.
        groups: introduced findings with one cause.
        answers: what every node came to, in the order of the nodes.
        warnings: one for everything that is missing, substituted or unsure.
        notes: one line each, for the reader.
        not_reviewed: what could not be looked at, or is left out by rule.
        changed: head paths of the change (for a deleted file the path it had).
        analyzed: paths that at least one analysis looked at.
        tests: the test selection, if there was one.
        trust: how far the change was trusted.
    """

    introduced: tuple[Classified, ...] = ()
    existing: tuple[Classified, ...] = ()
    fixed: tuple[Classified, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    groups: tuple[Group, ...] = ()
    answers: tuple[Answer, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()
    changed: tuple[str, ...] = ()
    analyzed: tuple[str, ...] = ()
    tests: TestReport | None = None
    trust: Trust = field(default=Trust.UNTRUSTED)

    @property
    def findings(self) -> tuple[Classified, ...]:
        """Introduced, existing and fixed ones."""
        return (*self.introduced, *self.existing, *self.fixed)

    @property
    def moved(self) -> tuple[Classified, ...]:
        """Existing ones whose place alone changed."""
        return tuple(each for each in self.existing if each.moved_from is not None)

    def count(self, state: BaselineState) -> int:
        """How many findings of a class are shown."""
        return sum(each.state is state for each in self.findings)
