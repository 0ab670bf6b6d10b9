"""``reviewbot review``: from options to a printed review and an exit code."""

import sys
import time
from dataclasses import dataclass
from threading import Thread

import anyio

from reviewbot.analyzers import preload
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import deliver
from reviewbot.cli.piped import piped_patch
from reviewbot.cli.reviewing import Reviewed, reviewed
from reviewbot.cli.surroundings import Surroundings
from reviewbot.cli.wishes import Wishes
from reviewbot.process import Sandbox
from reviewbot.render.view import View
from reviewbot.review.report import Report
from reviewbot.workspace.selection import Request


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
    overrides: tuple[str, ...] = ()
    journal: str | None = None
    resume: str = ""
    events: str | None = None
    trace: str | None = None

    def request(self, around: Surroundings) -> Request:
        """What to review; in CI every change is a stranger's."""
        return Request(
            path=self.path,
            base=self.base,
            head=self.head,
            staged=self.staged,
            diff_file=self.diff_file,
            piped=piped_patch(self.diff_file),
            untrusted=self.untrusted or around.in_ci,
        )

    @property
    def wishes(self) -> Wishes:
        """How to review."""
        return Wishes(
            only=self.only,
            skip=self.skip,
            config=self.config,
            deadline=self.deadline,
            max_parallel=self.max_parallel,
            quiet=self.quiet,
            overrides=self.overrides,
            journal=self.journal,
            resume=self.resume,
            events=self.events,
            trace=self.trace,
        )


def run_review(options: ReviewOptions, around: Surroundings, programs: Sandbox) -> int:
    """Review a change and print the result.

    Args:
        options: of the command.
        around: what the front door read from the environment.
        programs: the door to programs, opened early.

    Raises:
        ReviewbotError: the request or the settings are wrong.
    """
    started = time.monotonic()
    Thread(target=preload, daemon=True).start()
    request = options.request(around)
    found = anyio.run(reviewed, request, options.wishes, around, started, programs)
    written = deliver(view_of(found, options), options.form, options.output)
    return exit_code(found, options, written=written)


def view_of(found: Reviewed, options: ReviewOptions) -> View:
    """What is shown of a review."""
    return View(
        report=found.report,
        sentence=found.sentence,
        everything=options.everything,
        show=options.show,
    )


def nothing_analysed(report: Report) -> bool:
    """Whether no analysis of the first wave had an answer."""
    analyses = [row for row in report.nodes if row.wave == 1 and row.status != "skipped"]
    return bool(analyses) and all(not row.tool_version for row in analyses)


def exit_code(found: Reviewed, options: ReviewOptions, *, written: bool) -> ExitCode:
    """How a review that was printed ends.

    Args:
        found: the review.
        options: whether a verdict that blocks is an exit code of its own.
        written: whether it could be written where it was wanted.
    """
    if found.interrupted:
        return ExitCode.INTERRUPTED
    if nothing_analysed(found.report):
        return ExitCode.NOTHING_ANALYSED
    if not written:
        sys.stderr.write("reviewbot: the review could not be written; it was printed instead\n")
        return ExitCode.NOT_PUBLISHED
    if options.exit_code and found.report.verdict.decision == "REQUEST_CHANGES":
        return ExitCode.BLOCKED
    return ExitCode.REVIEWED
