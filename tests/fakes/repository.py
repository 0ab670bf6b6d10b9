"""Real git repositories for tests, built in a few words."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "LC_ALL": "C.UTF-8",
}

Content = str | bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link and where it points."""

    target: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree, on branch ``main``.

    ``repo.commit({"a.py": "x = 1\\n"}, delete=["b.py"])`` writes, records and returns the commit.
    """

    root: Path

    @classmethod
    def create(cls, root: Path, *options: str) -> "Repository":
        """Make an empty repository; options go to ``git init``."""
        root.mkdir(parents=True, exist_ok=True)
        made = cls(root)
        made.git("init", "-q", "-b", "main", *options)
        return made

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git in the working tree and return what it says."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=_ENVIRONMENT,
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(
        self, files: Mapping[str, Content | Link], *, delete: Iterable[str] = ()
    ) -> "Repository":
        """Change the working tree only."""
        for path in delete:
            (self.root / path).unlink()
        for path, content in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(target, content)
        return self

    def commit(
        self,
        files: Mapping[str, Content | Link] = {},
        *,
        delete: Iterable[str] = (),
        message: str = "change",
    ) -> str:
        """Change the working tree, record all of it and return the commit."""
        self.write(files, delete=delete)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.head

    def switch(self, branch: str, *, new: bool = False) -> None:
        """Check out a branch."""
        self.git("switch", "-q", *(["-c"] if new else []), branch)

    def clone(self, root: Path, *options: str) -> "Repository":
        """Clone it, with ``origin`` pointing here."""
        self.git("clone", "-q", *options, f"file://{self.root}", str(root))
        return Repository(root)

    @property
    def head(self) -> str:
        """The commit that is checked out."""
        return self.git("rev-parse", "HEAD")


def _put(target: Path, content: Content | Link) -> None:
    if target.is_symlink() or target.is_file():
        target.unlink()
    elif target.is_dir():
        shutil.rmtree(target)
    match content:
        case Link(target=to):
            target.symlink_to(to)
        case bytes():
            target.write_bytes(content)
        case str():
            target.write_bytes(os.fsencode(content))
