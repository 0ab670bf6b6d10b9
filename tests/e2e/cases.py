"""The projects under ``tests/repos``: read, built as git repositories, reviewed, compared.

Each folder holds ``base`` and ``head``, two whole trees, and ``expected.toml``: what must be said
about the change, established by hand with the real tools before reviewbot saw it.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "repos"
_IDENTITY = {
    f"GIT_{role}_{what}": "dev@example.org"
    for role in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A git repository with the two commits of a case."""

    path: Path
    base: str
    head: str


def expected(case: str) -> Mapping[str, Any]:
    """The table of a case."""
    return tomllib.loads((FOLDER / case / "expected.toml").read_text(encoding="utf-8"))


def built(case: str, path: Path) -> Repository:
    """Make the repository of a case; its working tree is clean and stands at the head."""
    path.mkdir()
    _git(path, "init", "--quiet", "--initial-branch=main")
    return Repository(
        path=path,
        base=_commit(path, FOLDER / case / "base"),
        head=_commit(path, FOLDER / case / "head"),
    )


def review(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line on a repository, in an environment that holds nothing of ours."""
    command = [sys.executable, "-m", "reviewbot", "review", str(repository.path)]
    return subprocess.run(
        [*command, "--format", "json", "--quiet", *arguments],
        cwd=ROOT,
        env=_environment(repository.path.parent),
        capture_output=True,
        check=False,
    )


def uncommit(repository: Repository) -> None:
    """Go back to the base and leave the head's files behind as changes nobody committed."""
    _git(repository.path, "reset", "--quiet", "--mixed", repository.base)


def told(table: Mapping[str, Any], done: subprocess.CompletedProcess[bytes]) -> tuple[str, ...]:
    """What a review said, in the lines of ``wanted``; of counts and tests only what it asks for."""
    if not done.stdout:
        return (f"exit {done.returncode}", *done.stderr.decode("utf-8", "replace").splitlines())
    report = json.loads(done.stdout)
    introduced = [row for row in report["findings"] if row["change"] == "introduced"]
    lines = [f"exit {done.returncode}", _verdict(report["verdict"])]
    lines += [f"{name} {report['counts'][name]}" for name in table.get("counts", {})]
    lines += _findings([{**row, "cause": _cause(row)} for row in introduced])
    lines += sorted(_not_reviewed(row) for row in report["not_reviewed"])
    if "moved" in table:
        lines += sorted(_moved(row) for row in report["findings"] if row["moved_from"])
    if "tests" in table:
        lines.append(_tests(report["tests"]["total"], report["tests"]["selected_files"]))
    return tuple(lines)


def wanted(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The table of a case, a line for each statement."""
    lines = [f"exit {table.get('exit_code', 0)}", _verdict(table["verdict"])]
    lines += [f"{name} {count}" for name, count in table.get("counts", {}).items()]
    lines += _findings(table["introduced"])
    lines += sorted(_not_reviewed(row) for row in table["not_reviewed"])
    if "moved" in table:
        lines += sorted(_moved(row | {"moved_from": row["from"]}) for row in table["moved"])
    if "tests" in table:
        lines.append(_tests(table["tests"]["total"], table["tests"]["selected"]))
    return tuple(lines)


def side_by_side(want: Sequence[str], got: Sequence[str]) -> str:
    """Two tables, the wanted one on the left; a line that the other has not is marked."""
    width = max(map(len, want))
    missing, more = Counter(want) - Counter(got), Counter(got) - Counter(want)
    left = [f"{'!' if missing[line] else ' '} {line:<{width}}" for line in want]
    right = [f"{'!' if more[line] else ' '} {line}" for line in got]
    empty = " " * (width + 2)
    head = f"  {'wanted':<{width}} |   got"
    pairs = zip_longest(left, right, fillvalue="")
    return "\n".join([head, *(f"{one or empty} | {two}" for one, two in pairs)])


def _findings(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Findings in the order of their places; groups are numbered as they come."""
    numbers: dict[str, int] = {}
    for row in sorted(rows, key=_place):
        group = row.get("group")
        number = numbers.setdefault(group, len(numbers) + 1) if group else 0
        cause = f"  because of {row['cause']}" if row.get("cause") else ""
        together = f"  group {number}" if number else ""
        where = _location(row["path"], row.get("line"))
        yield f"{row['node']} {row['rule']} {where}{cause}{together}"


def _place(row: Mapping[str, Any]) -> tuple[str, int, str, str]:
    return (row["path"], row.get("line") or 0, row["node"], row["rule"])


def _cause(row: Mapping[str, Any]) -> str | None:
    """The cause of a finding; one on a line of the diff is its own."""
    cause = row["cause"]
    return None if cause is None or row["in_diff"] else _location(cause["path"], cause["line"])


def _location(path: str, line: int | None) -> str:
    return json.dumps(path, ensure_ascii=False)[1:-1] + (f":{line}" if line else "")


def _not_reviewed(row: Mapping[str, Any]) -> str:
    return f"not reviewed: {_location(row['path'] or '', None)} by {row['node'] or 'anybody'}"


def _moved(row: Mapping[str, Any]) -> str:
    where = _location(row["path"], row["line"])
    return f"moved: {row['node']} {row['rule']} {where} from {row['moved_from']}"


def _verdict(verdict: Mapping[str, Any]) -> str:
    return f"{verdict['decision']}, {'complete' if verdict['complete'] else 'incomplete'}"


def _tests(total: int, selected: Sequence[str]) -> str:
    return f"{len(selected)} of {total} test files: {', '.join(sorted(selected))}"


def _commit(path: Path, tree: Path) -> str:
    _git(path, "rm", "--quiet", "-r", "--force", "--ignore-unmatch", ".")
    shutil.copytree(tree, path, symlinks=True, dirs_exist_ok=True)
    _git(path, "add", "--all", "--force")
    _git(path, "commit", "--quiet", "--allow-empty", "--message", tree.name)
    return _git(path, "rev-parse", "HEAD")


def _git(path: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments],
        cwd=path,
        env=_environment(path.parent) | _IDENTITY,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


def _environment(home: Path) -> dict[str, str]:
    """No settings of the user, no virtual environment; what measures coverage may follow."""
    inherited = os.environ  # noqa: TID251 - stands in for the shell that starts the front door
    measuring = {name: value for name, value in inherited.items() if name.startswith("COVERAGE")}
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", **measuring}
