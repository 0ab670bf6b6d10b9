"""Security: what bandit says about the changed files under the project's own configuration."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reviewbot import __version__
from reviewbot.analyzers.answers.advice import advised
from reviewbot.analyzers.answers.batches import Refused, in_batches
from reviewbot.analyzers.answers.looking import both_trees
from reviewbot.analyzers.answers.multiset import without
from reviewbot.analyzers.answers.secrets import without_secret
from reviewbot.analyzers.answers.side import Configured, Side, both_sides
from reviewbot.analyzers.bandit.configuration import Configuration, configuration
from reviewbot.analyzers.bandit.report import Report
from reviewbot.analyzers.bandit.run import Scanner, written
from reviewbot.analyzers.code.selection import changed_python, is_python, is_test, is_text
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.versions import tool_version
from reviewbot.process import Programs
from reviewbot.review.analysis import Analysis, Change
from reviewbot.review.finding import Finding

_PASSWORDS = ("B105", "B106", "B107")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandit:
    """A security scan with bandit, under the base's configuration on both sides.

    Tests are left out: they assert, start programs and hold made-up passwords on purpose.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
    """

    programs: Programs
    node: str = "security"

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "bandit"

    async def analyze(self, change: Change) -> Analysis:
        """Scan the changed files of both sides.

        Raises:
            ToolError: bandit is missing, hangs, or prints what it does not document.
        """
        selection = changed_python(change, node=self.node, leave_out=is_test)
        rules = configuration(change.base)
        head, base = await self._sides(change, (selection.head, selection.base), rules)
        configured = await self._configured(change, rules)
        return both_sides("bandit", selection, head, base, configured)

    async def _sides(
        self, change: Change, files: tuple[Sequence[str], Sequence[str]], rules: Configuration
    ) -> tuple[Side, Side | None]:
        try:
            return await self._looked_at(change, files, rules)
        except Refused as error:
            if not rules.text:
                raise
            note = f"{rules.origin}: {error.message}; bandit's defaults were used instead"
            return await self._looked_at(change, files, replace(rules, text="", notes=(note,)))

    async def _looked_at(
        self, change: Change, files: tuple[Sequence[str], Sequence[str]], rules: Configuration
    ) -> tuple[Side, Side | None]:
        asked, on_base = ([path for path in side if not rules.excludes(path)] for side in files)
        head, base = await both_trees(
            change,
            (asked, on_base),
            partial(self._scanned, rules),
            key=("bandit", tool_version("bandit"), __version__, self.node, rules.text),
            at_once=not rules.by_path,
        )
        excluded = tuple(path for path in files[0] if rules.excludes(path))
        head = replace(head, excluded=excluded, notes=rules.notes)
        return head, None if base is None else replace(base, notes=rules.notes)

    async def _scanned(
        self, rules: Configuration, root: str, files: Sequence[str], *, halving: bool
    ) -> Side:
        started = time.perf_counter()
        with written(rules) as arguments:
            scanner = Scanner(
                programs=self.programs, root=root, arguments=arguments, node=self.node
            )
            plain = await in_batches(files, scanner.scan, node=self.node, halving=halving)
            crashed = {gap.path for gap in plain.not_reviewed}
            commented = [path for path in files if path not in crashed and _hides(root, path)]
            findings = _findings(plain.values)
            lifted = partial(scanner.scan, ignore_nosec=True)
            silent = await in_batches(commented, lifted, node=self.node, halving=halving)
            hidden = without(_findings(silent.values), findings)
        unread = (gap for report in plain.values for gap in report.not_reviewed)
        return Side(
            findings=_placed(findings, root),
            hidden=_placed(hidden, root),
            not_reviewed=(*plain.not_reviewed, *unread),
            seconds=time.perf_counter() - started,
        )

    async def _configured(self, change: Change, base: Configuration) -> Configured:
        """What the head's own configuration adds, over all files that are no tests."""
        rules = configuration(change.head)
        if rules == base:
            return Configured(notes=tuple(set(rules.notes) - set(base.notes)))
        files = [
            path
            for path in change.head.files
            if is_python(path) and is_text(path) and not is_test(path)
        ]
        new, _ = await self._sides(change, (files, ()), rules)
        old, _ = await self._sides(change, (files, ()), base)
        return Configured(
            origin=rules.origin or base.origin,
            findings=without(new.findings, old.findings),
            notes=tuple(f"after the change, {note}" for note in new.notes),
        )


def in_characters(findings: Iterable[Finding], root: str) -> tuple[Finding, ...]:
    """The same findings with columns in characters instead of UTF-8 bytes."""
    lines: dict[str, list[bytes]] = {}
    found = []
    for finding in findings:
        where = finding.location
        if where.path not in lines:
            lines[where.path] = Path(root, where.path).read_bytes().splitlines()
        if where.line and where.column and where.line <= len(lines[where.path]):
            before = lines[where.path][where.line - 1][: where.column - 1]
            column = len(before.decode("utf-8", "ignore")) + 1
            found.append(replace(finding, location=replace(where, column=column)))
        else:
            found.append(finding)
    return tuple(found)


def _placed(findings: Iterable[Finding], root: str) -> tuple[Finding, ...]:
    advice = (advised(each) for each in in_characters(findings, root))
    placed = with_source(advice, root)
    return tuple(without_secret(each) if each.rule in _PASSWORDS else each for each in placed)


def _findings(reports: Iterable[Report]) -> tuple[Finding, ...]:
    return tuple(finding for report in reports for finding in report.findings)


def _hides(root: str, path: str) -> bool:
    return b"nosec" in Path(root, path).read_bytes().lower()
