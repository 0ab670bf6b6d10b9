"""Whose fault a failing test is: the change's, the base's, or chance's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from reviewbot.analyzers.pytest.junit import Case, Outcome


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A failing test on the head, and what its two other runs said.

    Attributes:
        first: how it failed.
        again: the same test on the head once more; None when it could not be run.
        base: the same test on the base; None when it did not run there.
        is_new: whether the base has no such test, so that it cannot have failed there.
    """

    first: Case
    again: Case | None
    base: Case | None
    is_new: bool

    @cached_property
    def blame(self) -> str:
        """``change``, ``base``, ``chance``, or ``unknown`` when a run is missing."""
        if self.again is not None and self.again.outcome is not Outcome.FAILED:
            return "chance"
        if self.base is not None and self.base.outcome is Outcome.FAILED:
            return "base"
        if self.again is not None and (self.base is not None or self.is_new):
            return "change"
        return "unknown"


def trials(
    failing: Iterable[Case],
    *,
    again: Mapping[str, Case],
    base: Mapping[str, Case],
    ran_on_base: frozenset[str],
    old_paths: Mapping[str, str | None],
) -> tuple[Trial, ...]:
    """Put the three runs of every failing test together.

    Args:
        failing: of the first run on the head.
        again: id → the second run on the head.
        base: id → the run on the base.
        ran_on_base: files of which at least one test ended on the base and that loaded there.
        old_paths: head path → base path; None for a file that the base does not have.
    """
    found = []
    for case in failing:
        old = old_paths[case.path]
        there = base.get(case.id.replace(case.path, old, 1)) if old else None
        found.append(
            Trial(
                first=case,
                again=again.get(case.id),
                base=there or (base.get(old) if old else None),
                is_new=old is None or (there is None and old in ran_on_base),
            )
        )
    return tuple(found)
