"""The projects under ``tests/repos``: read, built as git repositories, reviewed.

Each folder holds ``base`` and ``head``, two whole trees, and ``expected.toml``: what must be said
about the change, established by hand with the real tools before reviewbot saw it.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.table import Table

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "repos"
_IDENTITY = {
    f"GIT_{role}_{what}": "dev@example.org"
    for role in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A git repository with the two commits of a case, after an empty one."""

    path: Path
    root: str
    base: str
    head: str


def expected(case: str) -> Table:
    """The table of a case."""
    return tomllib.loads((FOLDER / case / "expected.toml").read_text(encoding="utf-8"))


def built(case: str, path: Path) -> Repository:
    """Make the repository of a case; its working tree is clean and stands at the head.

    A case that says ``environment`` has a virtual environment with nothing in it.
    """
    path.mkdir()
    _git(path, "init", "--quiet", "--initial-branch=main")
    _git(path, "commit", "--quiet", "--allow-empty", "--message", "root")
    made = Repository(
        path=path,
        root=_git(path, "rev-parse", "HEAD"),
        base=_commit(path, FOLDER / case / "base"),
        head=_commit(path, FOLDER / case / "head"),
    )
    if expected(case).get("environment"):
        (path / ".git" / "info" / "exclude").write_text(".venv\n", encoding="utf-8")
        venv.create(path / ".venv")
    return made


def uncommit(repository: Repository) -> None:
    """Go back to the base and leave the head's files behind as changes nobody committed."""
    _git(repository.path, "reset", "--quiet", "--mixed", repository.base)


def stage(repository: Repository) -> None:
    """Go back to the base with the head's files in the index and the base's on the disk."""
    _git(repository.path, "reset", "--quiet", "--soft", repository.base)
    _git(repository.path, "restore", "--quiet", f"--source={repository.base}", "--worktree", ".")


def patch(repository: Repository, path: Path) -> None:
    """Write the change into a file and go back to the base."""
    arguments = ("--binary", "--find-renames", f"--output={path}")
    _git(repository.path, "diff", *arguments, repository.base, repository.head)
    _git(repository.path, "reset", "--quiet", "--hard", repository.base)


def revert(repository: Repository) -> str:
    """Commit the base once more, on top of the head."""
    _git(repository.path, "revert", "--no-edit", repository.head)
    return _git(repository.path, "rev-parse", "HEAD")


def review(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in an environment that holds nothing of ours; it answers in JSON."""
    command = [sys.executable, "-m", "reviewbot", "review", str(repository.path)]
    return subprocess.run(
        [*command, "--format", "json", "--quiet", "--all", *arguments],
        cwd=ROOT,
        env=_environment(repository.path.parent),
        capture_output=True,
        check=False,
    )


def report(repository: Repository, *arguments: str) -> Table:
    """What a review says, when it can be held."""
    done = review(repository, *arguments)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    answer: Table = json.loads(done.stdout)
    return answer


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
