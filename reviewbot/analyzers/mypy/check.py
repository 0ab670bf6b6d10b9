"""One tree, checked to the end: whatever a single file does to mypy costs that file only."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewbot.analyzers.code.masked import copy_masked
from reviewbot.analyzers.mypy.answer import (
    Obstacle,
    is_internal_error,
    parse_findings,
    parse_obstacles,
    parse_warnings,
)
from reviewbot.analyzers.mypy.cache import clear, is_empty
from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.process import Command, Completed, Limits, Programs
from reviewbot.review.finding import Finding

_OBSTACLES = 5
"""Runs that may end at files in the way before another tool shall try."""

_SIGNALLED = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One tree and what is asked about it.

    Attributes:
        root: absolute path of the tree.
        files: all its paths.
        runs: the files to check, one run each; see ``targets.in_runs``.
        suspects: the files to look at first when mypy crashes: the changed ones.
        namesakes: files that are not in the first run, but another file of their module name is.
        broke: files that mypy broke on in the other tree: should it break on one of them again,
            then no damaged cache is to blame.
    """

    root: str
    files: frozenset[str]
    runs: tuple[tuple[str, ...], ...]
    suspects: tuple[str, ...]
    namesakes: frozenset[str] = frozenset()
    broke: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What mypy said about a tree.

    Attributes:
        findings: as mypy gives them, without those in masked files.
        masked: the files that had to be hollowed or taken out, and why.
        warnings: what mypy does not like about its configuration, one line each.
    """

    findings: tuple[Finding, ...]
    masked: Mapping[str, Obstacle]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """Everything that both sides share: they differ in their tree only.

    Attributes:
        programs: the door to mypy.
        argv: the program and its options up to the list of files.
        cache: absolute path of the cache directory.
        work: absolute path of a directory of this run that mypy may read.
        seconds: how long one run may take.
        node: the node the findings belong to.
    """

    programs: Programs
    argv: tuple[str, ...]
    cache: str
    work: str
    seconds: float
    node: str

    async def check(self, side: Side, masked: Mapping[str, Obstacle] | None = None) -> Checked:
        """Check a tree; files that keep mypy from it are masked, one after the other.

        A masked file is replaced by a module of unknown names, so that who imports it is still
        checked; a file whose name is the trouble is taken out.

        Args:
            side: the tree.
            masked: files to mask from the start, because they are on the other side.

        Raises:
            ToolError: mypy cannot be brought to an end.
        """
        trial = _Trial(
            checker=self, side=side, masked=dict(masked or {}), was_cold=is_empty(self.cache)
        )
        for _ in range(_OBSTACLES):
            findings = await trial.run()
            if findings is not None:
                warnings = tuple(dict.fromkeys(trial.warnings))
                return Checked(findings=findings, masked=trial.masked, warnings=warnings)
        raise ToolCrashed(f"mypy: more than {_OBSTACLES} files are in its way")

    async def start(self, root: str, paths: Sequence[str]) -> Completed:
        """Run mypy once; the list of files goes through a file, for there may be thousands.

        Without a finding mypy prints nothing, which is also what a program prints that did nothing.
        Its JUnit file is written at the very end: without it nothing was checked.

        Raises:
            ToolGarbled: it says that all is well and never came to its end.
        """
        ended = self._no_end()
        odd = [f"./{path}" for path in paths if len(path.splitlines()) != 1]
        listed = self._listed(path for path in paths if len(path.splitlines()) == 1)
        command = Command(
            argv=(
                *(*self.argv, "--cache-dir", self.cache, "--junit-xml", ended),
                *("--", f"@{listed}", *odd),
            ),
            cwd=root,
            writable=(self.cache,),
            limits=Limits(seconds=self.seconds),
            slowest=True,
        )
        completed = await self.programs.run(command)
        if completed.returncode in {0, 1} and not os.path.lexists(ended):  # noqa: ASYNC240 - local
            raise ToolGarbled(f"mypy ended with {completed.returncode} before it checked anything")
        return completed

    def _no_end(self) -> str:
        path = Path(self.cache, "ended.xml")
        path.unlink(missing_ok=True)
        return str(path)

    def _listed(self, paths: Iterable[str]) -> str:
        listed = Path(self.work, "files")
        listed.write_bytes(b"".join(b"./%s\n" % os.fsencode(path) for path in paths))
        return str(listed)


@dataclass(slots=True, kw_only=True)
class _Trial:
    """The attempts to check one tree; it learns which files have to be masked."""

    checker: Checker
    side: Side
    masked: dict[str, Obstacle]
    was_cold: bool = False
    copies: dict[frozenset[str], str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    async def run(self) -> tuple[Finding, ...] | None:
        """All runs of the tree; None when something was learned and it is worth another try."""
        findings: list[Finding] = []
        for number, paths in enumerate(self.side.runs):
            completed = await self._start(paths, self.masked)
            if completed.returncode not in {0, 1}:
                await self._learn(completed, paths)
                return None
            found = parse_findings(completed, node=self.checker.node)
            self.warnings += parse_warnings(completed)
            if self._is_stale(found) and self._goes_cold():
                return None
            # A later run reports again what it imports; only its own files are new.
            findings += [each for each in found if number == 0 or each.path in paths]
        return tuple(each for each in findings if self._is_ours(each))

    def _is_stale(self, findings: Iterable[Finding]) -> bool:
        """Whether a finding is about a file that mypy cannot have read.

        A cached finding keeps the path it was made with, also when a file of the same content now
        has the same module name at another path: after ``p/`` became ``src/p/``.
        """
        paths = {each.path for each in findings}
        return not paths <= self.side.files or not paths.isdisjoint(self.side.namesakes)

    def _goes_cold(self) -> bool:
        """Forget the cache; False when it was forgotten before."""
        if self.was_cold:
            return False
        clear(self.checker.cache)
        self.was_cold = True
        return True

    def _is_ours(self, finding: Finding) -> bool:
        return finding.path in self.side.files and finding.path not in self.masked

    async def _start(self, paths: Sequence[str], masked: Mapping[str, Obstacle]) -> Completed:
        wanted = [path for path in paths if path not in masked]
        if not wanted:
            return Completed(returncode=0, stdout=b"", stderr=b"", seconds=0, cpu_seconds=0)
        return await self.checker.start(self._root(masked), wanted)

    def _root(self, masked: Mapping[str, Obstacle]) -> str:
        known = frozenset(masked)
        if not known & self.side.files:
            return self.side.root
        if known not in self.copies:
            copies = Path(self.checker.work, "masked")
            copies.mkdir(exist_ok=True)
            self.copies[known] = str(copies / str(len(list(copies.iterdir()))))
            copy_masked(
                self.side.root,
                self.side.files,
                to=self.copies[known],
                hollow=[path for path, each in masked.items() if not each.in_the_way],
                gone=[path for path, each in masked.items() if each.in_the_way],
            )
        return self.copies[known]

    async def _learn(self, completed: Completed, paths: Sequence[str]) -> None:
        if completed.returncode < 0 or completed.returncode >= _SIGNALLED:
            culprits = await self._culprits(paths, tuple(self.side.suspects))
            obstacles = [_crasher(path) for path in culprits]
        else:
            obstacles = [each for each in parse_obstacles(completed) if self._is_new(each)]
            expected = bool(obstacles) and self.side.broke.issuperset(o.path for o in obstacles)
            if is_internal_error(completed) and not expected and self._goes_cold():
                return
        if not obstacles:
            raise ToolCrashed(f"mypy ended with {completed.returncode}: {_last_line(completed)}")
        self.masked.update({each.path: each for each in obstacles})

    def _is_new(self, obstacle: Obstacle) -> bool:
        return obstacle.path in self.side.files and obstacle.path not in self.masked

    async def _culprits(self, paths: Sequence[str], suspects: tuple[str, ...]) -> tuple[str, ...]:
        """The suspects that crash mypy, found by halves; none when it is somebody else."""
        if not await self._crashes(paths, spared=suspects):
            return ()
        if await self._crashes(paths, spared=()):
            return ()
        return await self._halved(paths, suspects)

    async def _halved(self, paths: Sequence[str], suspects: tuple[str, ...]) -> tuple[str, ...]:
        if not suspects or not await self._crashes(paths, spared=suspects):
            return ()
        if len(suspects) == 1:
            return suspects
        middle = len(suspects) // 2
        first = await self._halved(paths, suspects[:middle])
        return first + await self._halved(paths, suspects[middle:])

    async def _crashes(self, paths: Sequence[str], *, spared: Sequence[str]) -> bool:
        """Whether mypy crashes when all suspects but the spared ones are hollow."""
        hollow = {path: _crasher(path) for path in self.side.suspects if path not in spared}
        completed = await self._start(paths, {**self.masked, **hollow})
        return completed.returncode < 0 or completed.returncode >= _SIGNALLED


def _crasher(path: str) -> Obstacle:
    return Obstacle(path=path, reason="it crashes mypy", in_the_way=False)


def _last_line(completed: Completed) -> str:
    lines = completed.stderr.decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")
