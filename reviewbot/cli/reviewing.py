"""The middle of every review, whoever asked for it: open the change, run the graph, lay it out."""

import time
from dataclasses import dataclass, replace

from reviewbot.cli.configuration import Overrides, configure, equipped
from reviewbot.cli.early import door
from reviewbot.cli.journal import written_down
from reviewbot.cli.signals import stop_on_signals
from reviewbot.cli.surroundings import Surroundings
from reviewbot.cli.watching import watching
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.cli.wishes import Wishes
from reviewbot.dag.graph import Graph
from reviewbot.dag.runner import run
from reviewbot.dag.running.options import Options
from reviewbot.errors import UsageError
from reviewbot.pipeline import CHANGE, reported, review_graph
from reviewbot.process import Sandbox
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
        open_change(
            request,
            programs=programs,
            cache=around.cache_of(request.remote.url if request.remote else request.path),
            virtual_env=around.virtual_env,
            home=around.home,
            runner_temp=around.runner_temp,
        ) as found,
    ):
        chosen = configure(
            found.change,
            wishes.config,
            of_base=wishes.config_of_base,
            overrides=Overrides.of(around.variables, wishes.overrides),
        )
        opened = replace(found, change=equipped(found.change, chosen.settings))
        end = started + (seconds or chosen.settings.defaults.deadline)
        graph = _graph(wishes, opened, chosen.settings, programs)
        keeping = wishes.keeping(opened.change.cache)
        in_actions = around.variables.get("GITHUB_ACTIONS") == "true"
        with written_down(keeping, graph, opened.change, chosen.settings) as journaled:
            async with watching(wishes, in_actions=in_actions) as watcher:
                options = Options(
                    max_parallel=wishes.max_parallel or _max_parallel(chosen.settings),
                    deadline=max(end - time.monotonic(), 0.001),
                    grace=_GRACE,
                    stop=stop,
                    record=journaled.record,
                    on_event=watcher,
                )
                result = await run(graph, {CHANGE: opened.change}, options)
        said = (*opened.notes, *chosen.notes, *journaled.notes, *programs.notes)
        taken = time.monotonic() - started
        return Reviewed(
            report=reported(result, opened.change, seconds=taken, notes=(*said, *result.warnings)),
            sentence=opened.selection.sentence,
            diff=opened.change.diff,
            settings=chosen.settings,
            interrupted=stop.is_set(),
        )


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
