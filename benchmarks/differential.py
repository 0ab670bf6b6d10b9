"""Is what a review charges to a change true? Real history against a slow, simple oracle.

    python -m benchmarks.differential CLONE [CLONE ...] [--commits 10] [--partial 5] [--seed 1]
                                      [--first REV] [--window 300] [--json FILE]

Each CLONE is a git repository on this machine; nothing is written to it. Commits are drawn from its
newest first-parent commits that touch Python; a partial change is the base of such a commit with
one of its source files, which breaks what the rest of the commit repairs.

The oracle runs ruff, mypy and bandit on both checked-out trees, cold and whole, with the base's
configuration files copied over the head's, and matches with one multiset: rule, message with
numbers masked, stripped source line, wherever it stands. It knows nothing of diffs, renames or
functions, so it calls a statement new whose line was rewritten: every row under "disagreements"
wants a reader, and who is right is not decided here.

The columns: findings on the head; introduced per oracle and per review; what the review missed and
what it wrongly blamed, by the oracle; and both numbers for the usual filter by added lines.
"""

import argparse
import json
import operator
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.oracle import Incomparable, Oracle, Said, git, output, said
from reviewbot.analyzers.code.selection import is_python, is_test

HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
Report = Mapping[str, Any]
MYPY_NOTE = ("mypy", "note")
PLACE = operator.attrgetter("place")
KEY = operator.attrgetter("key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One change; ``disagreements`` are lines to be read."""

    repository: str
    change: str
    head: int
    oracle: int
    review: int
    missed: int
    blamed: int
    filter_missed: int
    filter_blamed: int
    unlike: int
    seconds: float
    disagreements: tuple[str, ...] = field(default=())


TITLES = (
    f"{'repository':<12}{'change':<42}{'head':>6}{'oracle':>7}{'review':>7}{'missed':>7}"
    f"{'blamed':>7}  filter:{'missed':>7}{'blamed':>7}{'unlike':>7}{'sec':>6}"
)


def main() -> None:
    """Replay, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--partial", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", default="HEAD", help="newest commit to draw from")
    parser.add_argument("--window", type=int, default=300, help="draw from so many commits")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.commits} commits and {asked.partial} partial changes each")
    print(TITLES)
    rows = [row for clone in asked.clones for row in replayed(clone.resolve(), asked)]
    for name in dict.fromkeys(row.repository for row in rows):
        show(total(name, [row for row in rows if row.repository == name]))
    if rows:
        show(total("all", rows))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")


def replayed(clone: Path, asked: argparse.Namespace) -> Iterator[Row]:
    """The rows of one repository, made in a clone of the clone."""
    chance = random.Random(f"{asked.seed} {clone.name}")  # noqa: S311 - a sample, no secret
    newest = f"--max-count={asked.window}"
    found = git(
        clone,
        "rev-list",
        "--first-parent",
        "--min-parents=1",
        "--max-parents=1",
        newest,
        asked.first,
        "--",
        "*.py",
    ).split()
    with tempfile.TemporaryDirectory(prefix="differential-") as folder:
        scratch = Path(folder, clone.name)
        git(clone, "clone", "--quiet", "--shared", "--no-checkout", str(clone), str(scratch))
        for commit in chance.sample(found, min(asked.commits, len(found))):
            yield from reported(scratch, f"{commit}^", commit, commit[:9])
        possible = [
            (commit, path)
            for commit in chance.sample(found, len(found))
            if len(sources := edited(scratch, commit)) > 1
            for path in [chance.choice(sources)]
        ]
        for commit, path in possible[: asked.partial]:
            head = partial(scratch, commit, path)
            yield from reported(scratch, f"{commit}^", head, f"{commit[:9]} {path}"[-41:])


def reported(scratch: Path, base: str, head: str, name: str) -> Iterator[Row]:
    """One row, printed at once with what is to be read; none where no tool can be compared."""
    try:
        row = compared(scratch, git(scratch, "rev-parse", base), head, name)
    except Incomparable as error:
        print(f"{scratch.name:<12}{name:<42}left out: {error}", flush=True)
        return
    show(row)
    for line in row.disagreements:
        print(f"    {line}", flush=True)
    yield row


def compared(scratch: Path, base: str, head: str, name: str) -> Row:
    """Review and oracle on one change."""
    started = time.perf_counter()
    report = reviewed(scratch, base, head)
    tools = {node["name"]: node["status"] for node in report["nodes"]}
    bad = {key: tools[key] for key in ("lint", "types", "security") if tools[key] != "succeeded"}
    if bad:
        raise Incomparable(f"the review says {bad}")
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        truth = Oracle.of(scratch, base, head, Path(folder))
        oracle = truth.said("head"), truth.said("base")
        charged = tuple(told(report, truth.trees["head"]))
    seconds = time.perf_counter() - started
    return judged(name, scratch, (base, head), oracle, charged, seconds)


def judged(
    name: str,
    scratch: Path,
    commits: tuple[str, str],
    oracle: tuple[Sequence[Said], Sequence[Said]],
    said_so: Sequence[tuple[Said, str]],
    seconds: float,
) -> Row:
    """The numbers of one change."""
    now, before = oracle
    new = left(now, before)
    added = written(scratch, *commits)
    shown = [each for each in now if (each.path, each.line) in added]
    charged = [each for each, state in said_so if state == "introduced"]
    standing = [each for each, state in said_so if state != "fixed"]
    missed, blamed = apart(new, charged), apart(charged, new)
    lost, invented = apart(now, standing), apart(standing, now)
    return Row(
        repository=scratch.name,
        change=name,
        head=len(now),
        oracle=len(new),
        review=len(charged),
        missed=len(missed),
        blamed=len(blamed),
        filter_missed=len(apart(new, shown)),
        filter_blamed=len(apart(shown, new)),
        unlike=len(lost) + len(invented),
        seconds=seconds,
        disagreements=(
            *lines("missed", missed),
            *lines("blamed", blamed),
            *lines("not in the review", lost[:5]),
            *lines("not in the oracle", invented[:5]),
        ),
    )


def lines(word: str, found: Iterable[Said]) -> Iterator[str]:
    """What a reader needs to decide who is right."""
    for each in found:
        yield (
            f"{word}: {each.path}:{each.line} {each.tool} {each.rule}: {each.message[:110]}"
            f" | {each.source[:60]}"
        )


def left(now: Iterable[Said], before: Iterable[Said]) -> list[Said]:
    """The findings of one side that the other has no equal for; equals are counted."""
    waiting = Counter(each.key for each in before)
    fresh = []
    for each in now:
        if waiting[each.key]:
            waiting[each.key] -= 1
        else:
            fresh.append(each)
    return fresh


def apart(some: Iterable[Said], others: Iterable[Said]) -> list[Said]:
    """What is said here and not there, of one rule at one place.

    Of equal statements the oracle and the review may pick different ones: what is left on both
    sides with one key is one disagreement less.
    """
    mine, theirs = list(some), list(others)
    first = without(mine, theirs, PLACE)
    rest = without(theirs, mine, PLACE)
    return without(first, rest, KEY)


def without(
    some: Iterable[Said], others: Iterable[Said], key: Callable[[Said], tuple[object, ...]]
) -> list[Said]:
    """The multiset difference of findings by a key."""
    waiting = Counter(map(key, others))
    fresh = []
    for each in some:
        if waiting[key(each)]:
            waiting[key(each)] -= 1
        else:
            fresh.append(each)
    return fresh


def told(report: Report, tree: Path) -> Iterator[tuple[Said, str]]:
    """The findings of a review, each once per tool that says it, with their class."""
    for each in report["findings"]:
        if each["group"] != "configuration" and (each["tool"], each["severity"]) != MYPY_NOTE:
            yield from ((found, each["change"]) for found in spoken(each, tree))


def spoken(each: Report, tree: Path) -> Iterator[Said]:
    """A finding of a review, once per tool that says it; none where its file is gone."""
    for source in each["sources"] if (tree / each["path"]).is_file() else ():
        tool, _, rule = source.partition(" ")
        if tool in {"ruff", "mypy", "bandit"}:
            words = (tool, rule, each["message"].partition(" — ")[0])
            yield said(tree, words, each["path"], each["line"] or 0)


def written(scratch: Path, base: str, head: str) -> set[tuple[str, int]]:
    """Path and line of everything that a change added."""
    found, path = set(), ""
    for line in git(scratch, "diff", "-U0", "-M", "--no-color", base, head).splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif match := HUNK.match(line):
            start, count = int(match[1]), int(match[2] or 1)
            found |= {(path, number) for number in range(start, start + count)}
    return found


def reviewed(scratch: Path, base: str, head: str) -> Report:
    """The report of the product, with caches of its own."""
    command = ("reviewbot", "review", scratch, "--base", base, "--head", head, "--quiet")
    printed = output(scratch, (*command, "--format", "json", "--all", "--skip", "tests"))
    report: Report = json.loads(printed)
    return report


def partial(scratch: Path, commit: str, path: str) -> str:
    """A commit that takes one file of another one to the base of that one."""
    environment = {"GIT_INDEX_FILE": str(scratch / ".git" / "partial")}
    git(scratch, "read-tree", f"{commit}^", **environment)
    blob = git(scratch, "rev-parse", f"{commit}:{path}")
    git(scratch, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **environment)
    tree = git(scratch, "write-tree", **environment)
    who = ("-c", "user.name=partial", "-c", "user.email=partial@localhost")
    return git(scratch, *who, "commit-tree", "-p", f"{commit}^", "-m", "partial", tree)


def edited(scratch: Path, commit: str) -> list[str]:
    """The source files that a commit edited, no tests."""
    names = git(scratch, "diff", "--name-only", "--diff-filter=M", "-z", f"{commit}^", commit)
    return [name for name in names.split("\0") if is_python(name) and not is_test(name)]


def show(row: Row) -> None:
    """One line of the table."""
    print(
        f"{row.repository:<12}{row.change:<42}{row.head:>6}{row.oracle:>7}{row.review:>7}"
        f"{row.missed:>7}{row.blamed:>7}         {row.filter_missed:>7}{row.filter_blamed:>7}"
        f"{row.unlike:>7}{row.seconds:>6.1f}",
        flush=True,
    )


def total(name: str, rows: Sequence[Row]) -> Row:
    """The sum of some rows."""
    numbers = [key for key, value in asdict(rows[0]).items() if isinstance(value, int | float)]
    summed = {key: sum(getattr(row, key) for row in rows) for key in numbers}
    return Row(repository=name, change=f"{len(rows)} changes", **summed)


if __name__ == "__main__":
    main()
