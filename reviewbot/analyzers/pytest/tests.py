"""The tests a change can reach: selected always, run where that is allowed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import anyio

from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.impact import Selected, select
from reviewbot.analyzers.pytest.blame import Trial, trials
from reviewbot.analyzers.pytest.junit import Case, Outcome
from reviewbot.analyzers.pytest.session import Ran, Session, session
from reviewbot.process import Programs
from reviewbot.review.analysis import (
    Analysis,
    Change,
    Coverage,
    Environment,
    NotReviewed,
    TestReport,
    Tree,
    Trust,
)
from reviewbot.review.finding import Finding, Location, Severity

_SHARE_OF_FIRST_RUN = 0.6
"""The first run may take this part of the budget; the rest is for judging what failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """Selects tests; runs them on head, and what fails on base and on head again.

    Attributes:
        programs: starts everything.
        run: ``trusted`` runs only one's own working tree, ``always`` everything, ``never`` nothing.
        budget: seconds for all runs together.
        node: the name findings carry.
    """

    __test__ = False  # pytest would collect a class of this name

    programs: Programs
    run: Literal["trusted", "always", "never"] = "trusted"
    budget: float = 300
    node: str = "tests"

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "pytest"

    async def analyze(self, change: Change) -> Analysis:
        """Select, and run if allowed; a selection that is not run says why.

        Raises:
            ToolError: pytest cannot be started or leaves no result.
        """
        selected = await select(change, self.programs)
        environment = change.environment
        reason = self._reason(change, selected.report)
        if reason or environment is None:
            report = replace(selected.report, reason=_told(selected.report, reason))
            return Analysis(
                tool=self.tool,
                tool_version=_version(environment),
                notes=(*selected.notes, *self._refused(change)),
                tests=report,
            )
        return await self._tried(change, selected, environment)

    def _reason(self, change: Change, report: TestReport) -> str:
        """Why nothing is run, or an empty string."""
        found = change.environment
        untrusted = self.run == "trusted" and change.trust is not Trust.TRUSTED
        nowhere = change.no_environment or "no virtual environment found"
        where = found.origin if found else ""
        reasons = {
            "the project has no tests": not report.total,
            "no test is affected": not report.selected,
            "not run: running tests is switched off": self.run == "never",
            "not run: the change is not trusted": untrusted,
            "not run: a stored credential could be read": bool(self._refused(change)),
            f"not run: {nowhere}": found is None,
            f"not run: {where}'s interpreter is not on this machine": not (found and found.python),
            f"not run: pytest is not in {where}": not _version(found),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _refused(self, change: Change) -> tuple[str, ...]:
        """What keeps a stranger's tests from being run although they may be, for the reader."""
        if self.run != "always" or change.trust is Trust.TRUSTED:
            return ()
        advice = "remove it (of a checkout: persist-credentials: false)"
        return tuple(
            f"tests are not run beside a credential: {each}; {advice}" for each in change.exposed
        )

    async def _tried(
        self, change: Change, selected: Selected, environment: Environment
    ) -> Analysis:
        start = anyio.current_time()
        async with AsyncExitStack() as stack:

            async def opened(tree: Tree) -> Session:
                own = change.trust is Trust.TRUSTED
                rules = tree if own else change.base
                started = session(
                    tree, rules, environment=environment, programs=self.programs, network=own
                )
                return await stack.enter_async_context(started)

            head = await opened(change.head)
            until = start + self.budget * _SHARE_OF_FIRST_RUN
            first = await head.run(selected.report.selected, until=until)
            middle = anyio.current_time()
            failing = [case for case in first.cases if case.outcome is Outcome.FAILED]
            judged: tuple[Trial, ...] = ()
            if failing:
                base = await opened(change.base)
                judged = await _judged(change, failing, head, base, until=start + self.budget)
        return self._analysis(change, selected, first, judged, (middle - start, environment))

    def _analysis(
        self,
        change: Change,
        selected: Selected,
        first: Ran,
        judged: Sequence[Trial],
        cost: tuple[float, Environment],
    ) -> Analysis:
        charged = [trial.first for trial in judged if trial.blame == "change"]
        ran = {case.path for case in first.cases}
        missing = tuple(self._missing(selected, first, ran))
        report = replace(
            selected.report,
            ran=sum(path in ran for path in selected.report.selected),
            failed=tuple(case.id for case in charged),
        )
        return Analysis(
            tool=self.tool,
            tool_version=_version(cost[1]),
            head=with_source(map(self._finding, charged), change.head.root),
            coverage=Coverage(
                analyzed=tuple(path for path in report.selected if path in ran),
                excluded=tuple(
                    path for path in report.selected if path not in ran and path in selected.empty
                ),
                not_reviewed=missing,
            ),
            notes=(*selected.notes, *_notes(judged)),
            tests=replace(report, reason=_stopped(report, first)),
            seconds={"head": cost[0]},
        )

    def _finding(self, case: Case) -> Finding:
        return Finding(
            node=self.node,
            tool=self.tool,
            rule="regression",
            message=f"{case.id}: {case.message or 'fails'}",
            severity=Severity.ERROR,
            location=Location(path=case.path, line=case.line),
        )

    def _missing(self, selected: Selected, first: Ran, ran: set[str]) -> Iterator[NotReviewed]:
        for path in selected.report.selected:
            if path not in ran and path not in selected.empty:
                late = first.stopped
                reason = (
                    f"not run: the budget of {self.budget:g} s ended"
                    if late
                    else "no test of it ran"
                )
                yield NotReviewed(path=path, reason=reason, node=self.node, blocking=not late)


async def _judged(
    change: Change, failing: Sequence[Case], head: Session, base: Session, *, until: float
) -> tuple[Trial, ...]:
    """Run failing tests on the base, by file, and on the head once more, by id."""
    paths = tuple(dict.fromkeys(case.path for case in failing))
    old_paths = {path: _old_path(change, path) for path in paths}
    there = tuple(old for old in old_paths.values() if old is not None)
    on_base = await base.run(there, until=until) if there else Ran(cases=())
    again = await head.run(tuple(dict.fromkeys(each.selector for each in failing)), until=until)
    return trials(
        failing,
        again=_by_id(again.cases),
        base=_by_id(on_base.cases),
        ran_on_base=frozenset(case.path for case in on_base.cases if case.name),
        old_paths=old_paths,
    )


def _old_path(change: Change, path: str) -> str | None:
    old = change.diff.old_path(path)
    return old if old in change.base.files else None


def _by_id(cases: Iterable[Case]) -> dict[str, Case]:
    return {case.id: case for case in cases}


def _notes(judged: Sequence[Trial]) -> Iterator[str]:
    words = {
        "base": "fails on the base too",
        "chance": "failed once and passed when run again: flaky",
        "unknown": "fails, but could not be compared with the base",
    }
    for trial in judged:
        if trial.blame in words:
            yield f"{trial.first.id}: {words[trial.blame]}"


def _told(report: TestReport, reason: str) -> str:
    if not report.selected:
        return reason
    count = f"{len(report.selected)} of {report.total} test files"
    return f"{count} {'is' if len(report.selected) == 1 else 'are'} affected; {reason}"


def _stopped(report: TestReport, first: Ran) -> str:
    left = len(report.selected) - report.ran
    return f"time was up: {left} affected test files were not run" if first.stopped else ""


def _version(environment: Environment | None) -> str:
    """The version of the environment's pytest, read from its metadata's folder name."""
    for folder in environment.site_packages if environment else ():
        for found in sorted(Path(folder).glob("pytest-*.dist-info")):
            if Path(folder, "pytest", "__init__.py").is_file():
                return found.name.removeprefix("pytest-").removesuffix(".dist-info")
    return ""
