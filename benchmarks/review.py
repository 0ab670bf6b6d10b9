"""How long a review takes beside the tools it runs: pushes to one pull request, warm and cold.

    python -m benchmarks.review CLONE [CLONE ...] [--pushes 5] [--repeat 3] [--json FILE]

Each CLONE is a git repository on this machine. Its newest first-parent commits that touch Python
are taken as pushes to one pull request whose base is the commit before them. For every push the
tools are run alone on the head, twice over:

- ``bound``, as the review runs them: ruff and bandit on the changed files, mypy on the whole
  project;
- ``whole``, as somebody without a review would: ``ruff check .``, ``bandit -r`` on the packages,
  mypy on the whole project.

Then comes the review of base..head. Ruff on the whole project, mypy and the review have the caches
that the push before left behind. Both are what no review can beat that runs these tools so:

    max(slowest tool alone, CPU of all tools on the head / cores)

``review`` is wall time, beside its ratio to either; ``cpu`` is what the review and every program it
starts use, ``tools`` what the three tools alone use on the whole project. The review looks at both
sides and selects tests; the tools alone do neither. Everything is measured in one run on one
machine: compare the ratios, not the seconds.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

SCRIPTS = Path(sys.executable).parent
RUFF = (SCRIPTS / "ruff", "check", "-q")
BANDIT = (SCRIPTS / "bandit", "-q", "-f", "json")
MYPY = (SCRIPTS / "mypy", "--no-site-packages")
CORES = len(os.sched_getaffinity(0))
COLUMNS = (
    *("ruff", "bandit", "mypy", "bound"),
    *("all_ruff", "all_bandit", "whole"),
    *("review", "ratio", "whole_ratio", "cpu", "tools"),
)
"""What is printed of a row after its push."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of one command: wall, and CPU of its process tree."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the three tools cost alone."""

    ruff: Cost
    bandit: Cost
    mypy: Cost

    @property
    def cpu(self) -> float:
        """Of all three."""
        return self.ruff.cpu + self.bandit.cpu + self.mypy.cpu

    @property
    def bound(self) -> float:
        """The least wall time in which all three can be run on this machine."""
        return max(self.ruff.wall, self.bandit.wall, self.mypy.wall, self.cpu / CORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One push; all in seconds but the ratios.

    Attributes:
        ruff, bandit: wall time on the changed files.
        all_ruff, all_bandit: the same on the whole project.
        mypy: wall time on the whole project.
        bound, whole: see the module.
        review: wall time of the review.
        ratio, whole_ratio: of the review to either bound.
        cpu: user and system time of the review's process tree.
        tools: user and system time of the tools on the whole project.
    """

    repository: str
    commit: str
    files: int
    ruff: float
    bandit: float
    mypy: float
    bound: float
    all_ruff: float
    all_bandit: float
    whole: float
    review: float
    ratio: float
    whole_ratio: float
    cpu: float
    tools: float


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--pushes", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = []
    print(f"{CORES} cores; median of {asked.repeat}; seconds")
    print(f"{'repository':<14}{'push':<11}{'files':>6}", end="")
    print("".join(f"{name:>{wide(name)}}" for name in COLUMNS))
    for clone in asked.clones:
        for row in measured(clone, asked.pushes, asked.repeat):
            rows.append(row)
            print(f"{row.repository:<14}{row.commit:<11}{row.files:>6}", end="")
            shown = (f"{getattr(row, name):>{wide(name)}.2f}" for name in COLUMNS)
            print("".join(shown), flush=True)
    for name in ("ratio", "whole_ratio"):
        print(f"median {name} {statistics.median(getattr(row, name) for row in rows):.2f}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


def wide(name: str) -> int:
    """The width of a column."""
    return max(len(name) + 2, 7)


def measured(clone: Path, pushes: int, repeat: int) -> Iterator[Row]:
    """The rows of one repository; the first push only fills the caches."""
    base, *heads = history(clone, pushes + 1)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        tree = work / "tree"
        git(clone, "worktree", "add", "--quiet", "--detach", str(tree), base)
        try:
            push(clone, tree, (base, heads[0]), work, 1)
            for head in heads[1:]:
                yield push(clone, tree, (base, head), work, repeat)
        finally:
            git(clone, "worktree", "remove", "--force", str(tree))


def push(clone: Path, tree: Path, commits: tuple[str, str], work: Path, repeat: int) -> Row:
    """One push: the tools alone, then the review, from the caches the push before left."""
    base, head = commits
    git(tree, "checkout", "--quiet", head)
    files = [f"./{path}" for path in changed(clone, base, head)]
    few = Tools(
        ruff=timed([*RUFF, "--no-cache", "--", *files], tree, repeat),
        bandit=timed([*BANDIT, "--", *sources(files)], tree, repeat),
        mypy=timed(
            [*MYPY, "--cache-dir", work / "mypy", *packages(tree)],
            tree,
            repeat,
            kept=work / "mypy",
        ),
    )
    every = Tools(
        ruff=timed([*RUFF, "--cache-dir", work / "ruff", "."], tree, repeat, kept=work / "ruff"),
        bandit=timed([*BANDIT, "-r", "--", *packages(tree)], tree, repeat),
        mypy=few.mypy,
    )
    range_ = ["review", clone, "--base", base, "--head", head, "--quiet", "--format", "json"]
    review = timed([SCRIPTS / "reviewbot", *range_], work, repeat, kept=work / "cache")
    return Row(
        repository=clone.name,
        commit=head[:9],
        files=len(files),
        ruff=few.ruff.wall,
        bandit=few.bandit.wall,
        mypy=few.mypy.wall,
        bound=few.bound,
        all_ruff=every.ruff.wall,
        all_bandit=every.bandit.wall,
        whole=every.bound,
        review=review.wall,
        ratio=review.wall / few.bound,
        whole_ratio=review.wall / every.bound,
        cpu=review.cpu,
        tools=every.cpu,
    )


def timed(command: Sequence[object], cwd: Path, repeat: int, kept: Path | None = None) -> Cost:
    """Median cost; a kept directory is put back before every run, so that each starts the same."""
    costs = []
    for turn in range(repeat):
        with restored(kept, last=turn == repeat - 1):
            costs.append(cost(command, cwd, kept))
    return Cost(
        wall=statistics.median(each.wall for each in costs),
        cpu=statistics.median(each.cpu for each in costs),
    )


@contextmanager
def restored(kept: Path | None, *, last: bool) -> Iterator[None]:
    """Put a directory back as it was, unless this is the last run."""
    if kept is None or last:
        yield
        return
    copy = kept.with_name(f"{kept.name}.before")
    if kept.exists():
        shutil.copytree(kept, copy, symlinks=True)
    yield
    shutil.rmtree(kept, ignore_errors=True)
    if copy.exists():
        copy.rename(kept)


def cost(command: Sequence[object], cwd: Path, cache: Path | None) -> Cost:
    """Run a command and measure it; what it prints is not looked at."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "XDG_CACHE_HOME": str(cache)},  # noqa: TID251 - a benchmark is a front door
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall=wall, cpu=cpu)


def history(clone: Path, count: int) -> list[str]:
    """A base and the next `count` first-parent commits that touch Python, oldest first."""
    found = git(clone, "rev-list", "--first-parent", "-n", str(count), "HEAD", "--", "*.py").split()
    return [git(clone, "rev-parse", f"{found[-1]}^"), *reversed(found)]


def changed(clone: Path, base: str, head: str) -> list[str]:
    """Python files of the head that differ from the base."""
    names = git(clone, "diff", "--name-only", "--diff-filter=d", "-z", base, head).split("\0")
    return [name for name in names if name.endswith(".py")]


def sources(files: Sequence[str]) -> list[str]:
    """The files a security scan looks at: no tests."""
    return [each for each in files if "test" not in each]


def packages(tree: Path) -> list[str]:
    """The project's top-level packages, also below ``src``."""
    found = [each.parent for root in (tree, tree / "src") for each in root.glob("*/__init__.py")]
    return [f"./{each.relative_to(tree)}" for each in found if each.name not in {"tests", "docs"}]


def git(clone: Path, *arguments: str) -> str:
    """What git says."""
    return subprocess.run(
        ["git", "-C", str(clone), *arguments], capture_output=True, check=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
