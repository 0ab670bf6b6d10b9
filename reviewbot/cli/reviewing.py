"""The middle of every review, whoever asked for it: open the change, run the graph, lay it out."""

import math
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from reviewbot.cli.configuration import Overrides, configure, equipped
from reviewbot.cli.early import door
from reviewbot.cli.journal import written_down
from reviewbot.cli.signals import stop_on_signals
from reviewbot.cli.surroundings import Surroundings
from reviewbot.cli.watching import Look, watching
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.cli.wishes import Wishes
from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.options import Options
from reviewbot.errors import UsageError
from reviewbot.pipeline import CHANGE, reported, review_graph
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Change
from reviewbot.review.diff import Diff
from reviewbot.review.report import Report
from reviewbot.settings import Settings
from reviewbot.workspace.opened import OpenedChange, open_change
from reviewbot.workspace.selection import Request
from reviewbot.workspace.sources import TreeSources

# A cancelled workflow leaves some seconds before it kills: enough to merge and print what exists.
_GRACE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A finished review.

    Attributes:
        report: what was found and what follows.
        sentence: what was reviewed against what.
        diff: what changed, for those who comment on its lines.
        settings: that were in force.
        interrupted: whether it is partial because somebody wanted its end.
    """

    report: Report
    sentence: str
    diff: Diff
    settings: Settings
    interrupted: bool = False


async def reviewed(
    request: Request,
    wishes: Wishes,
    around: Surroundings,
    started: float,
    programs: Sandbox | None = None,
) -> Reviewed:
    """Review a change.

    Args:
        request: what is reviewed against what.
        wishes: how.
        around: what the front door read from the environment.
        started: when the command did, on the monotonic clock.
        programs: the door to programs, when it was opened early.

    Raises:
        ReviewbotError: the request or the settings are wrong, or git failed.
    """
    seconds = wishes.seconds
    programs = programs or door()
    async with (
        programs.ready(),
        stop_on_signals() as stop,
        _opening(request, programs, around) as found,
    ):
        chosen = configure(
            found.change,
            wishes.config,
            of_base=wishes.config_of_base,
            overrides=Overrides.of(around.variables, wishes.overrides),
        )
        opened = replace(found, change=equipped(found.change, chosen.settings))
        limits = Options(
            max_parallel=wishes.max_parallel or _max_parallel(chosen.settings),
            deadline=started + (seconds or chosen.settings.defaults.deadline),
            grace=_GRACE,
            stop=stop,
        )
        graph = _graph(wishes, opened, chosen.settings, programs)
        result, notes = await _run(graph, opened.change, chosen.settings, wishes, around, limits)
        said = (*opened.notes, *chosen.notes, *notes, *programs.notes, *result.warnings)
        taken = time.monotonic() - started
        return Reviewed(
            report=reported(result, opened.change, seconds=taken, notes=said),
            sentence=opened.selection.sentence,
            diff=opened.change.diff,
            settings=chosen.settings,
            interrupted=stop.is_set(),
        )


def _opening(
    request: Request, programs: Sandbox, around: Surroundings
) -> AbstractAsyncContextManager[OpenedChange]:
    return open_change(
        request,
        programs=programs,
        cache=around.cache_of(request.remote.url if request.remote else request.path),
        virtual_env=around.virtual_env,
        home=around.home,
        runner_temp=around.runner_temp,
    )


async def _run(
    graph: Graph,
    change: Change,
    settings: Settings,
    wishes: Wishes,
    around: Surroundings,
    limits: Options,
) -> tuple[Run, tuple[str, ...]]:
    """Run the graph, written down and watched; what there is to say about that comes with it.

    The deadline of the limits is a moment on the monotonic clock.
    """
    look = Look(
        in_actions=around.variables.get("GITHUB_ACTIONS") == "true",
        color=not around.variables.get("NO_COLOR"),
    )
    with written_down(wishes.keeping(change.cache), graph, change, settings) as journaled:
        async with watching(wishes, look) as watcher:
            left = max((limits.deadline or math.inf) - time.monotonic(), 0.001)
            options = limits.but(deadline=left, record=journaled.record, on_event=watcher)
            return await run(graph, {CHANGE: change}, options), journaled.notes


def _graph(wishes: Wishes, opened: OpenedChange, settings: Settings, programs: Sandbox) -> Graph:
    return review_graph(
        lanes(
            settings,
            programs,
            only=_names("--only", wishes.only),
            skip=_names("--skip", wishes.skip),
        ),
        verdict_policy(settings),
        lambda change: TreeSources(change=change),
        unread=opened.not_reviewed,
    )


def _max_parallel(settings: Settings) -> int | None:
    """``auto`` is no limit: the programs that the analyses start share the cores out."""
    chosen = settings.defaults.max_parallel
    return None if chosen == "auto" else chosen


def _names(option: str, text: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    if text and not names:
        raise UsageError(f"{option} {text}: no analysis is named", hint="leave it out for all")
    return names
