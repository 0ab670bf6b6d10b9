"""How to review, as the command line or a workflow says it."""

from dataclasses import dataclass
from pathlib import Path

from reviewbot.cli.journal import JOURNAL, Keeping
from reviewbot.errors import UsageError
from reviewbot.settings import parse_duration

NOWHERE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants of a review.

    Attributes:
        only: names of analyses, with commas; None for all.
        skip: the same, to leave out.
        config: a settings file instead of the change's own.
        config_of_base: whether that is a path in the base's tree and not on this machine.
        deadline: e.g. ``10m``; None for the settings' own.
        max_parallel: analyses at once; None for the settings' own.
        quiet: no progress on standard error.
        overrides: settings as ``KEY=VALUE``, stronger than file and environment.
        journal: where the run is written down; None for the cache of the repository, ``none`` for
            nowhere.
        resume: the run that goes on; see ``Keeping``.
        events: a file for every event as it happens, ``-`` for standard output; None for none.
        trace: a file for the whole run once it has ended; None for none.
        only_if_there: whether nothing to go on with is worth no word.
    """

    only: str | None = None
    skip: str | None = None
    config: str | None = None
    config_of_base: bool = False
    deadline: str | None = None
    max_parallel: int | None = None
    quiet: bool = False
    overrides: tuple[str, ...] = ()
    journal: str | None = None
    resume: str = ""
    events: str | None = None
    trace: str | None = None
    only_if_there: bool = False

    def keeping(self, cache: str | None) -> Keeping:
        """Where the run is written down, given the cache of the repository."""
        if self.journal == NOWHERE:
            return Keeping()
        place = self.journal or (cache and f"{cache}/{JOURNAL}")
        return Keeping(
            file=Path(place) if place else None,
            asked=self.journal is not None,
            resume=self.resume,
            silently=self.only_if_there,
        )

    @property
    def seconds(self) -> float | None:
        """The deadline in seconds.

        Raises:
            UsageError: it is no duration.
        """
        try:
            return None if self.deadline is None else parse_duration(self.deadline)
        except ValueError as error:
            raise UsageError(f"--deadline {self.deadline}: {error}") from error
