"""Lint: what ruff says about the changed files under the project's own configuration."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewbot.analyzers.batches import Refused, in_batches
from reviewbot.analyzers.multiset import without
from reviewbot.analyzers.ruff.configuration import Configuration, Configurations, default
from reviewbot.analyzers.ruff.report import Report, is_newer_syntax
from reviewbot.analyzers.ruff.run import Checker, written
from reviewbot.analyzers.selection import changed_python, is_python, is_text
from reviewbot.analyzers.side import Configured, Side, both_sides, joined
from reviewbot.analyzers.source import with_source
from reviewbot.process import Programs
from reviewbot.review.analysis import Analysis, Change, Tree
from reviewbot.review.finding import Finding

_SUPPRESSIONS = (b"noqa", b"ruff:", b"flake8:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruff:
    """Lint with ruff, under the base's configuration on both sides.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
    """

    programs: Programs
    node: str = "lint"

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "ruff"

    async def analyze(self, change: Change) -> Analysis:
        """Lint the changed files of both sides.

        Raises:
            ToolError: ruff is missing, hangs, or prints what it does not document.
        """
        selection = changed_python(change, node=self.node)
        rules = Configurations.of(change.base)
        head = await self._side(change.head, selection.head, rules)
        base = await self._side(change.base, selection.base, rules)
        configured = await self._configured(change, rules)
        return both_sides("ruff", selection, head, base, configured)

    async def _side(self, tree: Tree, files: Sequence[str], rules: Configurations) -> Side:
        groups = _grouped(files, rules)
        sides = [await self._group(tree, group, files) for group, files in groups.items()]
        side = joined(sides)
        return replace(
            side,
            findings=with_source(side.findings, tree.root),
            hidden=with_source(side.hidden, tree.root),
        )

    async def _group(self, tree: Tree, rules: Configuration, files: Sequence[str]) -> Side:
        try:
            return await self._checked(tree, rules, files)
        except Refused as error:
            if not rules.origin:
                raise
            note = f"{rules.origin}: {error.message}; our own rules were used instead"
            return await self._checked(tree, default("", note), files)

    async def _checked(self, tree: Tree, rules: Configuration, files: Sequence[str]) -> Side:
        started = time.perf_counter()
        with written(rules) as arguments:
            checker = Checker.of(tree, rules.directory, arguments, self.programs, self.node)
            included = await in_batches(files, checker.included, node=self.node)
            kept = [path for batch in included.values for path in batch]
            plain = await in_batches(kept, checker.check, node=self.node)
            findings = _findings(plain.values, rules)
            crashed = {gap.path for gap in plain.not_reviewed}
            commented = [path for path in kept if path not in crashed and _hides(tree, path)]
            hidden = await self._hidden(checker, commented, findings, rules)
        failed = (*included.not_reviewed, *plain.not_reviewed)
        gone = {gap.path for gap in failed}
        return Side(
            findings=findings,
            hidden=hidden,
            excluded=tuple(path for path in files if path not in {*kept, *gone}),
            not_reviewed=(*failed, *(gap for one in plain.values for gap in one.not_reviewed)),
            notes=rules.notes,
            seconds=time.perf_counter() - started,
        )

    async def _hidden(
        self,
        checker: Checker,
        files: Sequence[str],
        findings: Iterable[Finding],
        rules: Configuration,
    ) -> tuple[Finding, ...]:
        """What suppression comments of every form hide: ``--ignore-noqa`` lifts them all."""

        async def lifted(batch: Sequence[str]) -> Report:
            return await checker.check(batch, ignore_noqa=True)

        answers = await in_batches(files, lifted, node=self.node)
        return without(_findings(answers.values, rules), findings)

    async def _configured(self, change: Change, base_rules: Configurations) -> Configured:
        """What the head's own configuration adds, over every file whose configuration differs."""
        rules = Configurations.of(change.head)
        files = [path for path in change.head.files if is_python(path) and is_text(path)]
        differing = [path for path in files if rules.nearest(path) != base_rules.nearest(path)]
        if not differing:
            return Configured()
        new = await self._side(change.head, differing, rules)
        old = await self._side(change.head, differing, base_rules)
        origins = {
            rules.nearest(path).origin or base_rules.nearest(path).origin for path in differing
        }
        return Configured(
            origin=", ".join(sorted(origins)),
            findings=without(new.findings, old.findings),
            notes=tuple(f"after the change, {note}" for note in new.notes),
        )


def _grouped(
    files: Iterable[str], rules: Configurations
) -> Mapping[Configuration, tuple[str, ...]]:
    groups: dict[Configuration, list[str]] = defaultdict(list)
    for path in files:
        groups[rules.nearest(path)].append(path)
    return {group: tuple(paths) for group, paths in groups.items()}


def _findings(reports: Iterable[Report], rules: Configuration) -> tuple[Finding, ...]:
    """All findings; a project that names no Python version is not told what its syntax needs."""
    return tuple(
        finding
        for report in reports
        for finding in report.findings
        if rules.versioned or not is_newer_syntax(finding)
    )


def _hides(tree: Tree, path: str) -> bool:
    content = Path(tree.root, path).read_bytes().lower()
    return any(word in content for word in _SUPPRESSIONS)
