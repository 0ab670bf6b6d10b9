"""Both trees of a change under one configuration: asked once, kept, comparable."""

import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from reviewbot.analyzers.answers.stored import StoredAnalysis, StoredFindings, digest
from reviewbot.analyzers.code.installed import python_version
from reviewbot.analyzers.code.selection import is_test
from reviewbot.analyzers.code.source import with_source
from reviewbot.analyzers.mypy.answer import Obstacle, without_noise
from reviewbot.analyzers.mypy.cache import cache_directory
from reviewbot.analyzers.mypy.check import Checked, Checker
from reviewbot.analyzers.mypy.configuration import Configuration
from reviewbot.analyzers.mypy.imports import imports_foreign
from reviewbot.analyzers.mypy.packages import environment_digest, package_options
from reviewbot.analyzers.mypy.plan import Plan, layout_of, layout_options
from reviewbot.process import Programs, find_program
from reviewbot.review.analysis import Change, NotReviewed, Tree
from reviewbot.review.finding import Confidence, Finding, Severity

_OPTIONS = ("--output", "json", "--no-error-summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """How mypy is run, whatever the change.

    Attributes:
        programs: the door to it.
        version: its version.
        node: the node the findings belong to.
        seconds: how long one run may take.
    """

    programs: Programs
    version: str
    node: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What mypy said about one tree.

    Attributes:
        findings: sorted, with their source.
        masked: files it could not look at, and why.
        notes: one line each, for the reader.
        seconds: wall time; 0 when the answer was stored.
    """

    findings: tuple[Finding, ...]
    masked: Mapping[str, Obstacle]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Mypy, ready to be asked about the trees of one change.

    Attributes:
        checker: mypy under one configuration.
        change: what is reviewed.
        own: top-level names of the project's modules.
        foreign: whether either tree imports what nobody installed; one answer for both, so that
            both sides are told with the same words left out.
        named: whether the project says itself what is to be checked. Where it does not, its tests
            were our choice: what is wrong in them is worth a warning, and blocks nothing.
        key: what every answer depends on besides the tree.
    """

    checker: Checker
    change: Change
    own: frozenset[str]
    foreign: bool
    named: bool
    key: tuple[str, ...]

    async def answer(
        self,
        tree: Tree,
        plan: Plan,
        masked: Mapping[str, Obstacle] | None = None,
        known: Iterable[Finding] = (),
    ) -> Answer:
        """Ask about a tree, or find what was answered before about the same commit.

        Args:
            tree: the tree.
            plan: what is asked about it.
            masked: files that no tool is asked about.
            known: what was answered about files that this tree has too.

        Raises:
            ToolError: mypy cannot be brought to an end.
        """
        masked = {path: each for path, each in (masked or {}).items() if path in tree.files}
        key = (
            *self.key,
            tree.commit or "",
            digest(*_flat(plan.side.runs)),
            digest(*sorted(masked)),
        )
        kept = StoredFindings(directory=_beside(self.change) if tree.commit else None)
        stored = kept.load(key)
        if stored is not None:
            return Answer(findings=stored.findings, masked=_obstacles(stored))
        answer = await self._asked(tree, plan, masked, known)
        kept.save(key, StoredAnalysis(findings=answer.findings, not_reviewed=_gaps(answer)))
        return answer

    async def _asked(
        self, tree: Tree, plan: Plan, masked: Mapping[str, Obstacle], known: Iterable[Finding]
    ) -> Answer:
        started = time.perf_counter()
        checked = await self.checker.check(plan.side, masked)
        return Answer(
            findings=self._finished(checked, tree.root, known),
            masked=checked.masked,
            notes=tuple(f"mypy: {each}" for each in checked.warnings),
            seconds=time.perf_counter() - started,
        )

    def _finished(
        self, checked: Checked, root: str, known: Iterable[Finding]
    ) -> tuple[Finding, ...]:
        findings: Iterable[Finding] = checked.findings
        if self.change.environment is None:
            # A masked file has unknown types too.
            foreign = self.foreign or bool(checked.masked)
            kept = without_noise(findings, self.own, foreign=foreign)
            findings = [replace(each, confidence=Confidence.MEDIUM) for each in kept]
        if not self.named:
            findings = map(_no_more_than_a_warning, findings)
        return tuple(_with_true_column(each) for each in with_source(findings, root, known))


def open_session(
    stack: ExitStack,
    change: Change,
    rules: Configuration,
    *,
    tool: Tool,
    work: str,
    own: frozenset[str],
) -> Session:
    """Write the configuration, find mypy, take a cache.

    Args:
        stack: what holds the cache as long as the session lives.
        change: what is reviewed.
        rules: the repository's configuration.
        tool: how mypy is run.
        work: absolute path of an empty directory that lives as long.
        own: top-level names of the project's modules.

    Raises:
        ToolMissing: there is no mypy.
    """
    text = _configuration(change, rules)
    environment = environment_digest(change.environment)
    key = ("mypy", tool.version, digest(text), environment)
    cache = str(Path(work, "cache"))
    stack.enter_context(cache_directory(change.cache, digest(*key), work=cache))
    file = Path(work, "mypy.toml")
    file.write_text(text, encoding="utf-8")
    packages = package_options(change.environment, directory=work, own=own)
    checker = Checker(
        programs=tool.programs,
        argv=(find_program("mypy"), *_OPTIONS, "--config-file", str(file), *packages),
        cache=cache,
        work=work,
        seconds=tool.seconds,
        node=tool.node,
    )
    foreign = _lacks_packages(change, own)
    named = bool(rules.targets or rules.target_modules)
    asked = (*key, "foreign" if foreign else "", "named" if named else "")
    return Session(checker=checker, change=change, own=own, foreign=foreign, named=named, key=asked)


def _no_more_than_a_warning(finding: Finding) -> Finding:
    if not is_test(finding.path):
        return finding
    return replace(finding, severity=min(finding.severity, Severity.WARNING))


def _lacks_packages(change: Change, own: frozenset[str]) -> bool:
    if change.environment is not None:
        return False
    return imports_foreign(change.head, own) or imports_foreign(change.base, own)


def _configuration(change: Change, rules: Configuration) -> str:
    layout = layout_of(rules, {*change.head.files, *change.base.files})
    version = rules.options.get("python_version") or python_version(change.environment, change.base)
    return rules.written(python_version=version, **layout_options(layout))


def _with_true_column(finding: Finding) -> Finding:
    """Without a column where mypy's is wrong: on a line with letters outside of ASCII."""
    if finding.source.isascii():
        return finding
    return replace(finding, location=replace(finding.location, column=None))


def _beside(change: Change) -> str | None:
    return None if change.cache is None else str(Path(change.cache, "findings"))


def _flat(runs: Iterable[Iterable[str]]) -> list[str]:
    return [part for run in runs for part in (*run, "")]


def _gaps(answer: Answer) -> tuple[NotReviewed, ...]:
    return tuple(
        NotReviewed(path=path, reason=each.reason, blocking=each.in_the_way)
        for path, each in answer.masked.items()
    )


def _obstacles(stored: StoredAnalysis) -> dict[str, Obstacle]:
    return {
        gap.path: Obstacle(path=gap.path, reason=gap.reason, in_the_way=gap.blocking)
        for gap in stored.not_reviewed
        if gap.path is not None
    }
