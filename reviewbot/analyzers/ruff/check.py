"""One side of a change under one configuration: findings, what is hidden, what is left out."""

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reviewbot.analyzers.answers.batches import in_batches
from reviewbot.analyzers.answers.multiset import without
from reviewbot.analyzers.answers.side import Side
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.ruff.configuration import Configuration
from reviewbot.analyzers.ruff.report import Report, is_newer_syntax
from reviewbot.analyzers.ruff.run import Checker, written
from reviewbot.process import Programs
from reviewbot.review.analysis import NotReviewed, Tree
from reviewbot.review.finding import Finding

_SUPPRESSIONS = (b"noqa", b"ruff:", b"flake8:")


async def checked(
    programs: Programs, tree: Tree, rules: Configuration, files: Sequence[str], node: str
) -> Side:
    """What ruff says about some files of a tree.

    Raises:
        Refused: ruff does not accept the configuration.
        ToolError: ruff is missing, hangs, or prints what it does not document.
    """
    started = time.perf_counter()
    with written(rules) as arguments:
        checker = Checker.of(tree, rules.directory, arguments, programs, node)
        asked = files if rules.may_exclude(files) else ()
        included = await in_batches(asked, checker.included, node=node)
        kept = [path for batch in included.values for path in batch] if asked else files
        garbled = tuple(_garbled(tree, kept, node))
        unread = {gap.path for gap in garbled}
        plain = await in_batches(
            [path for path in kept if path not in unread], checker.check, node=node
        )
        findings = _findings(plain.values, rules)
        unread |= {gap.path for gap in plain.not_reviewed}
        commented = [path for path in kept if path not in unread and _hides(tree, path)]
        hidden = without(await _lifted(checker, commented, rules), findings)
    failed = (*included.not_reviewed, *garbled, *plain.not_reviewed)
    known = {*kept, *(gap.path for gap in failed)}
    return Side(
        findings=with_source(findings, tree.root),
        hidden=with_source(hidden, tree.root),
        excluded=tuple(path for path in files if path not in known),
        not_reviewed=(*failed, *(gap for one in plain.values for gap in one.not_reviewed)),
        notes=rules.notes,
        seconds=time.perf_counter() - started,
    )


async def _lifted(
    checker: Checker, files: Sequence[str], rules: Configuration
) -> tuple[Finding, ...]:
    """The findings without suppression comments: ``--ignore-noqa`` lifts every form of them."""

    async def check(batch: Sequence[str]) -> Report:
        return await checker.check(batch, ignore_noqa=True)

    return _findings((await in_batches(files, check, node=checker.node)).values, rules)


def _findings(reports: Iterable[Report], rules: Configuration) -> tuple[Finding, ...]:
    """All findings; a project that names no Python version is not told what its syntax needs."""
    return tuple(
        finding
        for report in reports
        for finding in report.findings
        if rules.versioned or not is_newer_syntax(finding)
    )


def _garbled(tree: Tree, files: Iterable[str], node: str) -> Iterator[NotReviewed]:
    """The files that are not UTF-8: ruff says so only where the project selects E902."""
    for path in files:
        try:
            Path(tree.root, path).read_bytes().decode()
        except UnicodeDecodeError as error:
            reason = f"cannot be read: byte {error.start} is not UTF-8"
            yield NotReviewed(path=path, reason=reason, node=node)


def _hides(tree: Tree, path: str) -> bool:
    content = Path(tree.root, path).read_bytes().lower()
    return any(word in content for word in _SUPPRESSIONS)
