"""Real programs, caches and analyzers are chosen here and nowhere else."""

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewbot.analyzers import Options, analyzer
from reviewbot.dag.policy import Jitter, Policy, Retry
from reviewbot.errors import ToolCrashed, UsageError
from reviewbot.pipeline import Lane
from reviewbot.process import Programs
from reviewbot.review.finding import Confidence, Severity
from reviewbot.review.verdict import VerdictPolicy
from reviewbot.settings import AnalysisSettings, Settings

LANES = ("lint", "types", "security", "tests")
# The slowest first: it decides when the wave ends, so nothing may keep it waiting.
_PRIORITY = {"types": 3, "tests": 2, "security": 1, "lint": 0}
# The test selection is a service to the reader; its absence does not make a review incomplete.
_OPTIONAL = frozenset({"tests"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the front door reads from the environment, once.

    Attributes:
        cache: the user's cache directory, or None in CI, where a pull request could write it.
        virtual_env: the active virtual environment, if any.
        home: the user's home, where git finds what they always ignore.
        in_ci: whether a CI system started us; a run there trusts nobody.
    """

    cache: Path | None
    virtual_env: str | None
    home: str | None
    in_ci: bool

    def cache_of(self, path: str) -> str | None:
        """The cache directory of the repository around a path, apart from all others.

        None when nothing can be kept: in CI, or where the directory cannot be written.
        """
        if self.cache is None:
            return None
        key = hashlib.sha256(os.fsencode(_repository(Path(path).resolve()))).hexdigest()[:16]
        directory = self.cache / "reviewbot" / key
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        return str(directory) if os.access(directory, os.W_OK | os.X_OK) else None


def _repository(path: Path) -> Path:
    """The nearest directory upwards that holds ``.git``, or the path itself."""
    return next((each for each in (path, *path.parents) if (each / ".git").exists()), path)


def surroundings(environ: Mapping[str, str] = os.environ) -> Surroundings:  # noqa: TID251 - the front door
    """Read the environment."""
    in_ci = environ.get("CI", "").lower() not in {"", "0", "false"}
    home = environ.get("XDG_CACHE_HOME") or (
        f"{environ['HOME']}/.cache" if environ.get("HOME") else ""
    )
    # A home that does not exist is a mistake of the surroundings, and not ours to make.
    kept = home.startswith("/") and Path(home).parent.is_dir() and not in_ci
    return Surroundings(
        cache=Path(home) if kept else None,
        virtual_env=environ.get("VIRTUAL_ENV"),
        home=environ.get("HOME"),
        in_ci=in_ci,
    )


def lanes(
    settings: Settings,
    programs: Programs,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
) -> tuple[Lane, ...]:
    """The analyses of the first wave as the settings want them.

    Args:
        settings: the effective settings.
        programs: who starts the tools.
        only: names from the command line; empty for all.
        skip: names from the command line.

    Raises:
        UsageError: a name that is no analysis.
    """
    for name in (*only, *skip):
        if name not in LANES:
            raise UsageError(f"no analysis '{name}'", hint=f"there are {', '.join(LANES)}")
    return tuple(
        _lane(name, settings, programs, _why_skipped(name, settings, only, skip)) for name in LANES
    )


def _why_skipped(
    name: str, settings: Settings, only: Collection[str], skip: Collection[str]
) -> str:
    chosen: AnalysisSettings = getattr(settings.analyses, name)
    if not chosen.enabled:
        return f"switched off at {settings.origins.get(f'analyses.{name}', 'the settings')}"
    if name in skip or (only and name not in only):
        return "not asked for on the command line"
    return ""


def _lane(name: str, settings: Settings, programs: Programs, skipped: str) -> Lane:
    chosen = getattr(settings.analyses, name)
    tools = (chosen.tool, *(each for each in getattr(chosen, "backups", ()) if each != chosen.tool))
    options = Options(run=settings.analyses.tests.run, budget=settings.analyses.tests.budget)
    first, *backups = (analyzer(name, tool, programs, options) for tool in tools)
    return Lane(
        name=name,
        analyzer=first,
        backups=tuple(backups),
        policy=_policy(name, chosen, settings),
        optional=name in _OPTIONAL,
        skipped=skipped,
    )


def _policy(name: str, chosen: AnalysisSettings, settings: Settings) -> Policy:
    retry = Retry(
        on=(ToolCrashed,),
        attempts=chosen.attempts or settings.defaults.attempts,
        base=0.1,
        jitter=Jitter.FULL,
    )
    return Policy(
        timeout=chosen.timeout or settings.defaults.timeout,
        retry=retry,
        priority=_PRIORITY[name],
    )


def verdict_policy(settings: Settings) -> VerdictPolicy:
    """The settings of the verdict in the words of the review."""
    threshold = settings.verdict.request_changes
    return VerdictPolicy(
        block_severity=Severity(threshold.severity) if threshold != "never" else None,
        block_confidence=Confidence(threshold.confidence)
        if threshold != "never"
        else Confidence.MEDIUM,
        approve=settings.verdict.approve,
        incomplete=settings.verdict.incomplete,
    )
