"""How long a review takes beside the tools it runs: pushes to one pull request, warm and cold.

    python -m benchmarks.review CLONE [CLONE ...] [--pushes 5] [--repeat 3] [--json FILE]

Each CLONE is a git repository on this machine. Its newest first-parent commits that touch Python
are taken as pushes to one pull request whose base is the commit before them. For every push the
tools are run alone on the head, as the review runs them (ruff and bandit on the changed files, mypy
on the whole project with the cache of the push before), and then the review of base..head with the
caches the push before left behind. The bound is what no review can beat:

    max(slowest tool alone, CPU of all tools on the head / cores)

Everything is measured in one run on one machine: compare the ratios, not the seconds.
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
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of one command: wall, and CPU of its process tree."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One push; all in seconds but the ratio."""

    repository: str
    commit: str
    files: int
    ruff: float
    bandit: float
    mypy: float
    bound: float
    review: float
    ratio: float


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
    print(f"{'repository':<14}{'push':<11}{'files':>6}{'ruff':>7}{'bandit':>8}{'mypy':>7}", end="")
    print(f"{'bound':>8}{'review':>8}{'ratio':>7}")
    for clone in asked.clones:
        for row in measured(clone, asked.pushes, asked.repeat):
            rows.append(row)
            print(
                f"{row.repository:<14}{row.commit:<11}{row.files:>6}{row.ruff:>7.2f}"
                f"{row.bandit:>8.2f}{row.mypy:>7.2f}{row.bound:>8.2f}{row.review:>8.2f}"
                f"{row.ratio:>7.2f}",
                flush=True,
            )
    print(f"median ratio {statistics.median(row.ratio for row in rows):.2f}")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


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
    ruff = timed([SCRIPTS / "ruff", "check", "--no-cache", "-q", "--", *files], tree, repeat)
    bandit = timed([SCRIPTS / "bandit", "-q", "-f", "json", "--", *sources(files)], tree, repeat)
    checked = [
        SCRIPTS / "mypy",
        "--no-site-packages",
        "--cache-dir",
        work / "mypy",
        *packages(tree),
    ]
    mypy = timed(checked, tree, repeat, kept=work / "mypy")
    range_ = ["review", clone, "--base", base, "--head", head, "--quiet", "--format", "json"]
    review = timed([SCRIPTS / "reviewbot", *range_], work, repeat, kept=work / "cache")
    bound = max(ruff.wall, bandit.wall, mypy.wall, (ruff.cpu + bandit.cpu + mypy.cpu) / CORES)
    return Row(
        repository=clone.name,
        commit=head[:9],
        files=len(files),
        ruff=ruff.wall,
        bandit=bandit.wall,
        mypy=mypy.wall,
        bound=bound,
        review=review.wall,
        ratio=review.wall / bound,
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
