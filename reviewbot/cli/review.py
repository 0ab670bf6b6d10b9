"""``reviewbot review``: from options to a printed review and an exit code."""

import sys
import time
from dataclasses import dataclass, replace
from threading import Thread

import anyio

from reviewbot.analyzers import preload
from reviewbot.cli.configuration import configure, equipped
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import deliver
from reviewbot.cli.progress import progress
from reviewbot.cli.signals import stop_on_signals
from reviewbot.cli.surroundings import Surroundings, take_surroundings
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.errors import UsageError
from reviewbot.pipeline import reported, review_graph
from reviewbot.process import Sandbox
from reviewbot.render.view import View
from reviewbot.review.report import Report
from reviewbot.settings import Settings, parse_duration
from reviewbot.workspace.opened import OpenedChange, open_change
from reviewbot.workspace.selection import Request
from reviewbot.workspace.sources import TreeSources

# A cancelled workflow leaves some seconds before it kills: enough to merge and print what exists.
_GRACE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOptions:
    """The options of the command as they were typed."""

    path: str = "."
    base: str | None = None
    head: str | None = None
    staged: bool = False
    diff_file: str | None = None
    only: str | None = None
    skip: str | None = None
    form: str = "terminal"
    output: str | None = None
    everything: bool = False
    show: str = "all"
    max_parallel: int | None = None
    deadline: str | None = None
    config: str | None = None
    exit_code: bool = False
    untrusted: bool = False
    quiet: bool = False

    def request(self, around: Surroundings) -> Request:
        """What to review; in CI every change is a stranger's."""
        return Request(
            path=self.path,
            base=self.base,
            head=self.head,
            staged=self.staged,
            diff_file=self.diff_file,
            untrusted=self.untrusted or around.in_ci,
        )


def run_review(options: ReviewOptions) -> int:
    """Review a change and print the result.

    Raises:
        ReviewbotError: the request or the settings are wrong.
    """
    started = time.monotonic()
    around = take_surroundings()
    deadline = _deadline(options)
    Thread(target=preload, daemon=True).start()
    report, sentence, interrupted = anyio.run(_review, options, around, started, deadline)
    written = deliver(
        View(report=report, sentence=sentence, everything=options.everything, show=options.show),
        options.form,
        options.output,
    )
    return _exit_code(report, options, interrupted=interrupted, written=written)


def _deadline(options: ReviewOptions) -> float | None:
    try:
        return None if options.deadline is None else parse_duration(options.deadline)
    except ValueError as error:
        raise UsageError(f"--deadline {options.deadline}: {error}") from error


async def _review(
    options: ReviewOptions, around: Surroundings, started: float, deadline: float | None
) -> tuple[Report, str, bool]:
    programs = Sandbox()
    async with (
        stop_on_signals() as stop,
        open_change(
            options.request(around),
            programs=programs,
            cache=around.cache_of(options.path),
            virtual_env=around.virtual_env,
            home=around.home,
        ) as found,
    ):
        chosen = configure(found.change, options.config)
        opened = replace(found, change=equipped(found.change, chosen.settings))
        end = started + (deadline or chosen.settings.defaults.deadline)
        result = await _run(options, opened, chosen.settings, programs, end, stop)
        notes = (*opened.notes, *chosen.notes, *programs.notes, *result.warnings)
        seconds = time.monotonic() - started
        report = reported(result, opened.change, seconds=seconds, notes=notes)
        return report, opened.selection.sentence, stop.is_set()


async def _run(
    options: ReviewOptions,
    opened: OpenedChange,
    settings: Settings,
    programs: Sandbox,
    end: float,
    stop: anyio.Event,
) -> Run:
    graph = review_graph(
        lanes(settings, programs, only=_names(options.only), skip=_names(options.skip)),
        verdict_policy(settings),
        lambda change: TreeSources(change=change),
        unread=opened.not_reviewed,
    )
    return await run(
        graph,
        {"change": opened.change},
        max_parallel=options.max_parallel or _max_parallel(settings),
        deadline=max(end - time.monotonic(), 0.001),
        grace=_GRACE,
        stop=stop,
        on_event=progress(quiet=options.quiet),
    )


def _max_parallel(settings: Settings) -> int | None:
    """``auto`` is no limit: the programs that the analyses start share the cores out."""
    chosen = settings.defaults.max_parallel
    return None if chosen == "auto" else chosen


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def _exit_code(
    report: Report, options: ReviewOptions, *, interrupted: bool, written: bool
) -> ExitCode:
    analyses = [row for row in report.nodes if row.wave == 1 and row.status != "skipped"]
    if interrupted:
        return ExitCode.INTERRUPTED
    if analyses and all(not row.tool_version for row in analyses):
        return ExitCode.NOTHING_ANALYSED
    if not written:
        sys.stderr.write("reviewbot: the review could not be written; it was printed instead\n")
        return ExitCode.NOT_PUBLISHED
    if options.exit_code and report.verdict.decision == "REQUEST_CHANGES":
        return ExitCode.BLOCKED
    return ExitCode.REVIEWED
