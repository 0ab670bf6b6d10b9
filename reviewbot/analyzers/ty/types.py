"""Types by ty, for when mypy cannot answer: both sides, so that the difference means something."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import tomli_w

from reviewbot.analyzers.answers.batches import Refused, in_batches
from reviewbot.analyzers.answers.lacking import without_lacking
from reviewbot.analyzers.answers.side import Configured, Side, both_sides
from reviewbot.analyzers.code.installed import degraded, python_version
from reviewbot.analyzers.code.selection import changed_python, is_python, is_text
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.code.suppressions import new_suppressions
from reviewbot.analyzers.code.targets import (
    ROOTS,
    below,
    default_layout,
    packages,
    stub_of,
    top_levels,
    touches_python,
)
from reviewbot.analyzers.ty.report import (
    missing_package,
    parse_report,
    unreadable,
    without_missing,
)
from reviewbot.errors import ToolCrashed
from reviewbot.process import Command, Completed, Limits, Programs, find_program
from reviewbot.process.folders import readable_folder
from reviewbot.review.analysis import Analysis, Change, NotReviewed, Tree
from reviewbot.review.finding import Finding

_BACKUP = "types: checked by ty as a backup, with its own rules"
_LONGEST = 200
_USAGE = 2
"""Wrong arguments, and then nothing is printed; or a file that cannot be read, in the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ty:
    """Type check the whole project with ty; no configuration of the repository is read.

    Attributes:
        programs: the door to programs.
        node: the node that reports.
        seconds: how long one run may take.
    """

    programs: Programs
    node: str = "types"
    seconds: float = 120

    @property
    def tool(self) -> str:
        """The program behind it."""
        return "ty"

    async def analyze(self, change: Change) -> Analysis:
        """Check both trees of a change.

        Raises:
            ToolError: ty is missing, hangs, or prints what it does not document.
        """
        selection = changed_python(change, node=self.node)
        if not touches_python(change.diff):
            return replace(
                both_sides("ty", selection, Side(), Side(), Configured()),
                notes=("types: no Python file changed",),
            )
        with _arguments(change) as arguments:
            review = _Review(ty=self, change=change, arguments=arguments)
            head = await review.side(change.head, selection.head)
            base = await review.side(change.base, selection.base)
            own = review.own()
        base = _comparable(base, (*selection.not_reviewed, *head.not_reviewed), change)
        found, before, lacking = without_lacking(
            head.findings, base.findings, own=own, package=missing_package
        )
        head, base = replace(head, findings=found), replace(base, findings=before)
        analysis = both_sides("ty", selection, head, base, Configured())
        silenced = new_suppressions(change, node=self.node)
        return replace(
            analysis,
            head=tuple(sorted((*analysis.head, *silenced), key=lambda each: each.sort_key)),
            notes=(_BACKUP, *degraded(change), *lacking, *analysis.notes),
        )


@contextmanager
def _arguments(change: Change) -> Iterator[tuple[str, ...]]:
    """The options that leave nothing for ty to find by itself.

    A configuration of ours keeps it from the repository's; an environment of ours, empty when
    there is none, from the one it is installed in.
    """
    with readable_folder() as work:
        configuration = work / "ty.toml"
        configuration.write_text(tomli_w.dumps(_configuration(change)), encoding="utf-8")
        version = python_version(change.environment, change.base)
        python = (change.environment and change.environment.python) or _empty(work, version)
        yield (
            *("--config-file", str(configuration)),
            *("--python", python),
            *("--python-version", version),
        )


def _configuration(change: Change) -> Mapping[str, object]:
    files = {*change.head.files, *change.base.files}
    roots = [f"./{root}" for root in ROOTS if not root or below(files, [root])]
    return {"environment": {"root": roots}, "src": {"respect-ignore-files": False}}


def _empty(work: Path, version: str) -> str:
    """A virtual environment with nothing in it, as far as ty looks (PEP 405)."""
    environment = work / "empty"
    Path(environment, "lib", f"python{version}", "site-packages").mkdir(parents=True)
    Path(environment, "pyvenv.cfg").write_text(f"home = {work}\nversion_info = {version}.0\n")
    return str(environment)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    ty: Ty
    change: Change
    arguments: tuple[str, ...]

    async def side(self, tree: Tree, changed: Sequence[str]) -> Side:
        """What ty says about one tree; what it cannot read is listed and has no findings."""
        started = time.perf_counter()
        files = frozenset(path for path in tree.files if is_python(path) and is_text(path))
        targets = _targets(files, changed)

        async def run(batch: Sequence[str]) -> tuple[Finding, ...]:
            return await self._run(tree, batch)

        answers = await in_batches(targets, run, node=self.ty.node)
        found = [each for batch in answers.values for each in batch if each.path in files]
        if self.change.environment is None:
            found = list(without_missing(found, self.own()))
        gaps = (*answers.not_reviewed, *self._gaps(tree, found, changed))
        return Side(
            findings=_outside(with_source(found, tree.root), gaps),
            not_reviewed=tuple({gap.path: gap for gap in gaps}.values()),
            seconds=time.perf_counter() - started,
        )

    async def _run(self, tree: Tree, files: Sequence[str]) -> tuple[Finding, ...]:
        paths = [f"./{path}" for path in files]
        options = ("--output-format", "gitlab", "--no-progress", *self.arguments)
        command = Command(
            argv=(find_program("ty"), "check", *options, "--", *paths),
            cwd=tree.root,
            limits=Limits(seconds=self.ty.seconds),
        )
        completed = await self.ty.programs.run(command)
        if completed.returncode == _USAGE and not completed.stdout.strip():
            raise Refused(f"ty: {_words(completed)}")
        if completed.returncode not in {0, 1, _USAGE}:
            raise ToolCrashed(f"ty ended with {completed.returncode}: {_words(completed)}")
        return parse_report(completed, node=self.ty.node)

    def own(self) -> frozenset[str]:
        """Top-level names of the project's own modules, of both trees."""
        both = {*self.change.base.files, *self.change.head.files}
        return top_levels((path for path in both if is_python(path)), both, default_layout(both))

    def _gaps(
        self, tree: Tree, findings: Iterable[Finding], changed: Iterable[str]
    ) -> Iterator[NotReviewed]:
        """Files ty did not read as Python does; blocking when the change is about them."""
        reasons = unreadable(findings)
        for path in changed:
            stub = stub_of(path, tree.files)
            reasons.update({path: f"its stub {stub} is checked instead"} if stub else {})
        for path, reason in sorted(reasons.items()):
            blocking = path in set(changed)
            yield NotReviewed(path=path, reason=reason, node=self.ty.node, blocking=blocking)


def _words(completed: Completed) -> str:
    return " ".join(completed.stderr.decode("utf-8", "replace").split())[:_LONGEST]


def _targets(files: frozenset[str], changed: Iterable[str]) -> tuple[str, ...]:
    """All packages, or everything where there is none; and the changed files."""
    found = below(files, packages(files)) or below(files, [""])
    asked = dict.fromkeys((*found, *(path for path in changed if path in files)))
    return tuple(path for path in asked if not stub_of(path, files))


def _comparable(base: Side, gaps: Iterable[NotReviewed], change: Change) -> Side:
    """Without what the base says about files that the head has no answer for."""
    old = [replace(gap, path=change.diff.old_path(gap.path)) for gap in gaps if gap.path]
    return replace(base, findings=_outside(base.findings, old))


def _outside(findings: Iterable[Finding], gaps: Iterable[NotReviewed]) -> tuple[Finding, ...]:
    paths = {gap.path for gap in gaps}
    return tuple(each for each in findings if each.path not in paths)
