"""Real programs, caches and analyzers are chosen here and nowhere else."""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace

from reviewbot.analyzers import Options, analyzer
from reviewbot.cli.own import own_analyzers
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Retry
from reviewbot.errors import ToolCrashed, UsageError
from reviewbot.pipeline import Lane
from reviewbot.process import Programs
from reviewbot.review.finding import Confidence, Severity
from reviewbot.review.verdict import VerdictPolicy
from reviewbot.settings import AnalysisSettings, RetryDefaults, RetrySettings, Settings

LANES = ("lint", "types", "security", "tests")
# The slowest first: it decides when the wave ends, so nothing may keep it waiting.
_PRIORITY = {"types": 3, "tests": 2, "security": 1, "lint": 0}
# The test selection is a service to the reader; its absence does not make a review incomplete.
_OPTIONAL = frozenset({"tests"})


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
    names = (*LANES, *settings.analyses.own)
    for name in (*only, *skip):
        if name not in names:
            raise UsageError(f"no analysis '{name}'", hint=f"there are {', '.join(names)}")
    found = (
        *(_lane(name, settings, programs) for name in LANES),
        *_own_lanes(settings, programs),
    )
    return tuple(
        replace(each, skipped=_why_skipped(each.name, settings, only, skip)) for each in found
    )


def _why_skipped(
    name: str, settings: Settings, only: Collection[str], skip: Collection[str]
) -> str:
    if not _chosen(name, settings).enabled:
        keys = (f"analyses.{name}.enabled", f"analyses.{name}")
        where = [settings.origins[key] for key in keys if key in settings.origins]
        return f"switched off at {where[0] if where else 'the settings'}"
    if name in skip or (only and name not in only):
        return "not asked for on the command line"
    return ""


def _chosen(name: str, settings: Settings) -> AnalysisSettings:
    ours: AnalysisSettings | None = settings.analyses.own.get(name)
    return ours or getattr(settings.analyses, name)


def _own_lanes(settings: Settings, programs: Programs) -> Iterator[Lane]:
    for name, check in own_analyzers(settings, programs):
        chosen = settings.analyses.own[name]
        policy = _policy(name, chosen, settings)
        yield Lane(name=name, analyzer=check, policy=policy, optional=chosen.optional)


def _lane(name: str, settings: Settings, programs: Programs) -> Lane:
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
    )


def _policy(name: str, chosen: AnalysisSettings, settings: Settings) -> Policy:
    return Policy(
        timeout=chosen.timeout or settings.defaults.timeout,
        retry=_retry(chosen.retry, settings.defaults.retry),
        priority=_PRIORITY.get(name, 0) if chosen.priority is None else chosen.priority,
    )


def _retry(own: RetrySettings, defaults: RetryDefaults) -> Retry:
    """The node's own words over the defaults."""
    names = [each.name for each in fields(own)]
    stated = {name: getattr(own, name) for name in names if getattr(own, name) is not None}
    return Retry(on=(ToolCrashed,), **{name: getattr(defaults, name) for name in names} | stated)


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
