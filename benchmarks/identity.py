"""Does a finding keep its id while a pull request grows?

    python -m benchmarks.identity CLONE [CLONE ...] [--starts 2] [--pushes 3] [--seed 1]

Consecutive first-parent commits are taken as pushes to one pull request whose base is the commit
before them. Every push is reviewed against that base, and the first one twice, with the second
review cold. A finding survives a push when the next review has an equal one: tool, rule, message
with numbers masked, path, source line. Equals are told apart by their order.
"""

import argparse
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.differential import KEY, Report, reviewed, spoken
from benchmarks.oracle import checked_out, git


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--starts", type=int, default=2)
    parser.add_argument("--pushes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    print(f"{'repository':<14}{'base':<11}{'push':<11}{'survive':>8}{'keep id':>8}{'twice':>7}")
    for clone in asked.clones:
        chance = random.Random(f"{asked.seed} {clone.name}")  # noqa: S311 - a sample, no secret
        newest = git(clone, "rev-list", "--first-parent", "-n", "300", "HEAD", "--", "*.py").split()
        for start in chance.sample(range(asked.pushes, len(newest)), asked.starts):
            with tempfile.TemporaryDirectory(prefix="identity-") as folder:
                scratch = Path(folder, clone.name)
                git(clone, "clone", "-qsn", str(clone.resolve()), str(scratch))
                grown(scratch, newest[start], newest[start - asked.pushes : start][::-1])


def grown(clone: Path, base: str, pushes: list[str]) -> None:
    """One pull request, push after push."""
    twice = same_twice(clone, base, pushes[0])
    before: dict[tuple[str, ...], list[str]] = {}
    for push in pushes:
        report = reviewed(clone, base, push)
        now = named(clone, push, report)
        pairs = [
            pair for key in before for pair in zip(before[key], now.get(key, ()), strict=False)
        ]
        kept = sum(old == new for old, new in pairs)
        row = f"{clone.name:<14}{base[:9]:<11}{push[:9]:<11}{len(pairs):>8}{kept:>8}{twice!s:>7}"
        print(row, flush=True)
        before = now


def same_twice(clone: Path, base: str, push: str) -> bool:
    """Whether two reviews of one push, the second without any cache, give the same ids."""
    first = ids(reviewed(clone, base, push))
    shutil.rmtree(clone.parent / "home")
    return first == ids(reviewed(clone, base, push))


def named(clone: Path, push: str, report: Report) -> dict[tuple[str, ...], list[str]]:
    """What stands on the head: what it says and where, to the ids of all equals in order."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="identity-") as folder:
        tree = Path(folder, "head")
        checked_out(clone, push, tree)
        for each, name in standing(report, tree):
            found[each].append(name)
    return found


def standing(report: Report, tree: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """Key and id of every finding on the head, by path and line."""
    rows = [each for each in report["findings"] if each["change"] != "fixed"]
    for each in sorted(rows, key=lambda row: (row["path"], row["line"] or 0, row["column"] or 0)):
        for said in spoken(each, tree):
            yield (said.path, *KEY(said)), each["id"]


def ids(report: Report) -> list[str]:
    """All ids of a review."""
    return [each["id"] for each in report["findings"]]


if __name__ == "__main__":
    main()
