"""Replay known bugs: does the selection hold the tests that failed, and how much else?

Usage: ``python benchmarks/impact.py BUGSINPY CLONES [--projects a,b] [--json FILE]``

``BUGSINPY`` is a clone of soarsmu/BugsInPy; ``CLONES`` holds one clone per project, by its name.
Each bug is the diff from its buggy to its fixed commit without the test files and whatever else
stands in a folder of tests, so that nothing gives the answer away; the selection is made on the
fixed tree, and is right when every test file that is known to fail is in it.
"""

import argparse
import ast
import json
import re
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median

import anyio

from reviewbot.analyzers.impact import select
from reviewbot.analyzers.impact.configuration import Configuration
from reviewbot.analyzers.impact.index import Index
from reviewbot.analyzers.impact.store import Store
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.analysis import Change, Tree, Trust
from reviewbot.review.diff import Diff, FileDiff, FileStatus, Hunk, parse_hunks

TUNING = ("fastapi", "scrapy", "luigi", "tornado", "black", "httpie", "cookiecutter")
_MANY = 20
_FOLDERS = {"test", "tests", "testing"}
_ASSIGNED = re.compile(r'^(\w+)="([^"]*)"', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """One bug: its two commits and the test files that fail on the first of them."""

    project: str
    number: int
    buggy: str
    fixed: str
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the selection made of one bug.

    ``rank`` is the place of the last failing test file in the order, from 1; None for a miss.
    """

    project: str
    number: int
    tests: int
    selected: int
    rank: int | None
    missed: tuple[str, ...]
    fallback: str | None
    cpu_seconds: float


def bugs(bugsinpy: Path, clones: Path, project: str) -> Iterator[Bug]:
    """The bugs of a project in order, those whose fix changes Python source."""
    folder = bugsinpy / "projects" / project / "bugs"
    for number in sorted(int(each.name) for each in folder.iterdir() if each.is_dir()):
        values = dict(_ASSIGNED.findall(_text(folder / str(number) / "bug.info")))
        fixed = values["fixed_commit_id"]
        paths = _git(clones / project, "ls-tree", "-r", "--name-only", "-z", fixed).split("\0")
        script = _text(folder / str(number) / "run_test.sh")
        yield Bug(
            project=project,
            number=number,
            buggy=values["buggy_commit_id"],
            fixed=fixed,
            failing=tuple(sorted(set(_failing(script, frozenset(paths))))),
        )


def _failing(script: str, paths: frozenset[str]) -> Iterator[str]:
    """The test files that a script names: as a path, or as a dotted unittest id."""
    for word in script.split():
        path = word.partition("::")[0].removeprefix("./")
        dotted = word.partition("[")[0].split(".")
        if path in paths and path.endswith(".py"):
            yield path
            continue
        for length in range(len(dotted), 1, -1):
            if (found := "/".join(dotted[:length]) + ".py") in paths:
                yield found
                break


def replay(bug: Bug, clone: Path, cache: str) -> Result | None:
    """Select for one bug; None when its fix changes no Python source."""
    is_test = Configuration().is_test
    diff = Diff(files=tuple(_diff(bug, clone, is_test)))
    if not any(file.path.endswith(".py") for file in diff.files):
        return None
    with tempfile.TemporaryDirectory(prefix="impact-") as folder:
        Path(folder).chmod(0o755)
        change = Change(
            diff=diff,
            head=_tree(clone, bug.fixed, Path(folder, "head")),
            base=_tree(clone, bug.buggy, Path(folder, "base")),
            trust=Trust.UNTRUSTED,
            cache=cache,
        )
        start = time.process_time()
        report = anyio.run(select, change, Sandbox()).report
        seconds = time.process_time() - start
    ranks = [report.selected.index(each) + 1 for each in bug.failing if each in report.selected]
    missed = tuple(each for each in bug.failing if each not in report.selected)
    return Result(
        project=bug.project,
        number=bug.number,
        tests=report.total,
        selected=len(report.selected),
        rank=None if missed or not ranks else max(ranks),
        missed=missed,
        fallback=report.fallback,
        cpu_seconds=seconds,
    )


def _diff(bug: Bug, clone: Path, is_test: Callable[[str], bool]) -> Iterator[FileDiff]:
    words = _git(clone, "diff", "--name-status", "-z", "-M", bug.buggy, bug.fixed).split("\0")
    left = iter(words[:-1])
    for status in left:
        old = next(left)
        path = next(left) if status[0] in "RC" else old
        kind = FileStatus(status[0])
        if not any(is_test(each) or _FOLDERS & {*each.split("/")[:-1]} for each in (path, old)):
            yield FileDiff(
                status=kind,
                path=path,
                old_path=None if kind is FileStatus.ADDED else old,
                hunks=_hunks(bug, clone, old, path),
            )


def _hunks(bug: Bug, clone: Path, *paths: str) -> tuple[Hunk, ...]:
    """The hunks of a Python file; what others hold is not looked at."""
    if not paths[-1].endswith(".py"):
        return ()
    text = _git(clone, "diff", "-M", bug.buggy, bug.fixed, "--", *dict.fromkeys(paths))
    _, start, rest = text.partition("\n@@ ")
    return parse_hunks(start[1:] + rest)


def _tree(clone: Path, commit: str, root: Path) -> Tree:
    root.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(clone), "archive", commit], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(root)], input=archive, check=True)
    files = {}
    for line in _git(clone, "ls-tree", "-r", "-z", commit).split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, _, blob = facts.split()
        if mode in {"100644", "100755"} and (root / path).is_file():
            files[path] = blob
    return Tree(root=str(root), commit=commit, files=files)


def _git(clone: Path, *arguments: str) -> str:
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(
        "utf-8", "surrogateescape"
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


class Metered:
    """The sandbox, adding up what its programs cost."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self.cpu_seconds = 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """As the sandbox has them."""
        return self._sandbox.notes

    async def run(self, command: Command) -> Completed:
        """Run it and remember its price."""
        done = await self._sandbox.run(command)
        self.cpu_seconds += done.cpu_seconds
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds on the newest commit of a project: ``ast.parse`` alone, and the two indexes."""

    project: str
    megabytes: float
    parse: float
    cold: float
    warm: float
    select: float


def cost(project: str, clone: Path) -> Cost:
    """Index all Python files of the newest commit twice, then select for its largest module."""
    with tempfile.TemporaryDirectory(prefix="impact-") as folder:
        Path(folder).chmod(0o755)
        tree = _tree(clone, _git(clone, "rev-parse", "HEAD").strip(), Path(folder, "head"))
        paths = sorted(path for path in tree.files if path.endswith(".py"))
        sources = [Path(tree.root, path).read_bytes() for path in paths]
        cache = str(Path(folder, "cache"))
        is_test = Configuration().is_test
        _, path = max((len(s), p) for s, p in zip(sources, paths, strict=True) if not is_test(p))
        one = FileDiff(status=FileStatus.ADDED, path=path, old_path=None)
        change = Change(
            diff=Diff(files=(one,)), head=tree, base=tree, trust=Trust.UNTRUSTED, cache=cache
        )
        return Cost(
            project=project,
            megabytes=sum(map(len, sources)) / 1e6,
            parse=_cpu(lambda _: _parse(sources)),
            cold=_cpu(lambda programs: _index(programs, cache, tree, paths)),
            warm=_cpu(lambda programs: _index(programs, cache, tree, paths)),
            select=_cpu(lambda programs: anyio.run(select, change, programs)),
        )


def _index(programs: Metered, cache: str, tree: Tree, paths: Sequence[str]) -> None:
    anyio.run(Index(programs=programs, store=Store(cache)).summaries, tree, paths)


def _parse(sources: Sequence[bytes]) -> None:
    warnings.simplefilter("ignore")
    for source in sources:
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            ast.parse(source)


def _cpu(work: Callable[[Metered], object]) -> float:
    programs = Metered()
    start = time.process_time()
    work(programs)
    return time.process_time() - start + programs.cpu_seconds


def cost_table(costs: Sequence[Cost]) -> Iterator[str]:
    """One line per project."""
    yield f"{'project':24}    MB  parse   cold  ratio   warm  select (CPU s)"
    for each in costs:
        yield (
            f"{each.project:24} {each.megabytes:5.1f} {each.parse:6.2f} {each.cold:6.2f}"
            f" {each.cold / each.parse:6.2f} {each.warm:6.2f} {each.select:6.2f}"
        )


def table(results: Sequence[Result]) -> Iterator[str]:
    """One line per project and two for all: recall, share, rank."""
    yield f"{'project':24} bugs  hits  share median  first top3 top10 top10%   cpu"
    for project in dict.fromkeys(each.project for each in results):
        yield _line(project, [each for each in results if each.project == project])
    yield _line("all", results)
    yield _line(f"all, >= {_MANY} test files", [each for each in results if each.tests >= _MANY])


def _line(name: str, results: Sequence[Result]) -> str:
    shares = [100 * each.selected / max(each.tests, 1) for each in results]
    ranks = [(each.rank, each.tests) for each in results if each.rank is not None]
    if not results:
        return name
    return (
        f"{name:24} {len(results):4} {len(ranks):5} {mean(shares):5.1f}% {median(shares):5.1f}%"
        f" {sum(rank == 1 for rank, _ in ranks):6} {sum(rank <= 3 for rank, _ in ranks):4}"
        f" {sum(rank <= 10 for rank, _ in ranks):5}"
        f" {sum(rank <= max(1, tests / 10) for rank, tests in ranks):6}"
        f" {mean(each.cpu_seconds for each in results):6.2f}"
    )


def main() -> None:
    """Replay, print the table and the misses, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bugsinpy", type=Path)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--projects", default=",".join(TUNING))
    parser.add_argument("--cache")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as cache:
        for project in asked.projects.split(","):
            for bug in bugs(asked.bugsinpy, asked.clones, project):
                result = replay(bug, asked.clones / project, asked.cache or cache)
                if result is not None:
                    results.append(result)
                    if result.missed:
                        print("missed:", result)
    costs = [cost(project, asked.clones / project) for project in asked.projects.split(",")]
    print("\n".join((*table(results), "", *cost_table(costs))))
    if asked.json:
        document = {"bugs": list(map(asdict, results)), "costs": list(map(asdict, costs))}
        asked.json.write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
