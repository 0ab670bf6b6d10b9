"""What a workflow step leaves behind: report, summary, outputs, annotations, log, exit code."""

import sys
from collections import Counter
from dataclasses import dataclass

from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.inputs import Inputs
from reviewbot.cli.output import replace_file
from reviewbot.cli.publishing import Published
from reviewbot.cli.review import nothing_analysed
from reviewbot.cli.reviewing import Reviewed
from reviewbot.cli.runner import Runner
from reviewbot.render import RENDERERS
from reviewbot.render.pull_request import render_commands, render_step_summary
from reviewbot.render.view import View, printable
from reviewbot.review.pull_request import PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The end of a step.

    Attributes:
        runner: takes the files.
        inputs: what the workflow wants.
        found: the review, or None when there was nothing to do.
        pull: its pull request, or None for the merge queue.
        published: what was written, or None when this half writes nothing.
    """

    runner: Runner
    inputs: Inputs
    found: Reviewed | None = None
    pull: PullRequest | None = None
    published: Published | None = None

    def finish(self, *, must_pass: bool = False) -> ExitCode:
        """Write everything down; the exit code.

        Args:
            must_pass: a verdict that blocks fails the step whatever ``fail-on`` says.
        """
        if self.found is None:
            return ExitCode.REVIEWED
        kept = self._keep(self.found)
        self.runner.write_summary(self._summary(self.found))
        self.runner.write_outputs(self._outputs(self.found))
        sys.stdout.write(RENDERERS["terminal"](self._view(self.found)))
        sys.stdout.writelines(f"{printable(line)}\n" for line in self._log())
        return self._exit_code(self.found, kept=kept, must_pass=must_pass)

    def annotate(self) -> None:
        """Mark lines through the log, where neither review nor check run could be written."""
        receipts = () if self.published is None else self.published.receipts
        lost = {each.action for each in receipts if each.status in {"refused", "unknown"}}
        if self.found is not None and lost & {"SubmitReview", "WriteCheck"}:
            sys.stdout.write(render_commands(self.found.report))

    def _keep(self, found: Reviewed) -> bool:
        """Write the report; a link that the change brought along leads nowhere."""
        workspace = self.runner.workspace.resolve()
        target = workspace / self.inputs.report
        if not target.parent.resolve().is_relative_to(workspace):
            sys.stdout.write("reviewbot: the report's place is outside of the workspace\n")
            return False
        return replace_file(target, RENDERERS["json"](self._view(found)))

    def _view(self, found: Reviewed) -> View:
        return View(report=found.report, sentence=found.sentence)

    def _summary(self, found: Reviewed) -> str:
        notes = () if self.published is None else self.published.notes
        return render_step_summary(found.report, self.pull, notes)

    def _outputs(self, found: Reviewed) -> dict[str, str]:
        report = found.report
        introduced = [each for each in report.findings if each.change == "introduced"]
        by_severity = Counter(each.severity for each in introduced)
        return {
            "verdict": report.verdict.decision,
            "level": report.verdict.level,
            "complete": str(report.verdict.complete).lower(),
            "introduced": str(report.counts.introduced),
            "existing": str(report.counts.existing),
            "fixed": str(report.counts.fixed),
            "errors": str(by_severity["error"]),
            "warnings": str(by_severity["warning"]),
            "notes": str(by_severity["note"]),
            "report": self.inputs.report,
            "review-url": self._url("SubmitReview", "pullrequestreview-"),
            "summary-url": self._url("WriteSummary", "issuecomment-"),
        }

    def _url(self, action: str, anchor: str) -> str:
        number = None if self.published is None else self.published.id_of(action)
        return f"{self.pull.url}#{anchor}{number}" if self.pull and number else ""

    def _log(self) -> list[str]:
        if self.published is None:
            return []
        lines = [f"{each.action:<18}{each.status}" for each in self.published.receipts]
        return ["", *lines, *(f"note: {each}" for each in self.published.notes)]

    def _exit_code(self, found: Reviewed, *, kept: bool, must_pass: bool) -> ExitCode:
        verdict = found.report.verdict
        if found.interrupted:
            return ExitCode.INTERRUPTED
        if nothing_analysed(found.report):
            return ExitCode.NOTHING_ANALYSED
        if not kept or (self.published is not None and not self.published.is_whole):
            return ExitCode.NOT_PUBLISHED
        blocks = verdict.decision == "REQUEST_CHANGES"
        if blocks and (must_pass or self.inputs.fail_on != "never"):
            return ExitCode.BLOCKED
        if not verdict.complete and self.inputs.fail_on == "incomplete":
            return ExitCode.BLOCKED
        return ExitCode.REVIEWED
