"""Replay known bugs: does the selection hold the tests that failed, and how much else?

Usage: ``python benchmarks/impact.py BUGSINPY CLONES [--projects a,b] [--json FILE]``

``BUGSINPY`` is a clone of soarsmu/BugsInPy; ``CLONES`` holds one clone per project, by its name.
Each bug is the diff from its buggy to its fixed commit without the test files and whatever else
stands in a folder of tests, so that nothing gives the answer away; the selection is made on the
fixed tree, and is right when every test file that is known to fail is in it.
"""

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median

import anyio

from reviewbot.analyzers.impact import select
from reviewbot.analyzers.impact.configuration import Configuration
from reviewbot.process import Sandbox
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
        paths = git(clones / project, "ls-tree", "-r", "--name-only", "-z", fixed).split("\0")
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
            head=tree_of(clone, bug.fixed, Path(folder, "head")),
            base=tree_of(clone, bug.buggy, Path(folder, "base")),
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
    words = git(clone, "diff", "--name-status", "-z", "-M", bug.buggy, bug.fixed).split("\0")
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
    text = git(clone, "diff", "-M", bug.buggy, bug.fixed, "--", *dict.fromkeys(paths))
    _, start, rest = text.partition("\n@@ ")
    return parse_hunks(start[1:] + rest)


def tree_of(clone: Path, commit: str, root: Path) -> Tree:
    """The regular files of a commit, written to a new directory."""
    root.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(clone), "archive", commit], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", str(root)], input=archive, check=True)
    files = {}
    for line in git(clone, "ls-tree", "-r", "-z", commit).split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, _, blob = facts.split()
        if mode in {"100644", "100755"} and (root / path).is_file():
            files[path] = blob
    return Tree(root=str(root), commit=commit, files=files)


def git(clone: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(
        "utf-8", "surrogateescape"
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


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
    print("\n".join(table(results)))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in results], indent=1))


if __name__ == "__main__":
    main()
