"""A bare repository, and what git says about two of its commits."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.github.patch import FilePatch, read_patches
from tests.fakes.repository import Content, Link

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "LC_ALL": "C.UTF-8",
}
_DIFF = ("-r", "-M", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

Files = Mapping[str, Content | Link | None]


class GitError(Exception):
    """Git refused; its words are the message."""


@dataclass(frozen=True, slots=True)
class BareRepository:
    """Commits are written by one process, and what git said of two commits is kept."""

    root: Path
    _said: dict[tuple[str, ...], bytes] = field(default_factory=dict)

    @classmethod
    def create(cls, root: Path) -> "BareRepository":
        """An empty one, written by hand because that costs no process."""
        for folder in ("objects", "refs"):
            (root / folder).mkdir(parents=True)
        (root / "HEAD").write_text("ref: refs/heads/main\n")
        (root / "config").write_text("[core]\n\tbare = true\n\trepositoryformatversion = 0\n")
        return cls(root)

    def git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """What git prints.

        Raises:
            GitError: when it ends with anything but 0.
        """
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=ENVIRONMENT,
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode(errors="replace"))
        return done.stdout

    def _once(self, *arguments: str) -> bytes:
        """The same for questions about commits, whose answers never change."""
        if arguments not in self._said:
            self._said[arguments] = self.git(*arguments)
        return self._said[arguments]

    def commit(self, files: Files, *, parent: str | None = None, message: str = "change") -> str:
        """Record files upon a parent and return the commit; a file that is None is deleted."""
        lines = [b"reset refs/emulator/new\ncommit refs/emulator/new\nmark :1\n"]
        lines.append(b"committer Ada <ada@example.org> 1767225600 +0000\n")
        lines.append(_data(message.encode()))
        lines.append(f"from {parent}\n".encode() if parent else b"")
        lines += [_entry(path, content) for path, content in files.items()]
        lines.append(b"\nget-mark :1\ndone\n")
        said = self.git("fast-import", "--quiet", "--force", "--done", stdin=b"".join(lines))
        return said.decode().strip()

    def adopt(self, source: Path, commit: str) -> str:
        """Take a commit and its history over from another repository."""
        self.git("fetch", "-q", "--no-tags", str(source), commit)
        return commit

    def point(self, ref: str, commit: str) -> None:
        """Let a ref name a commit; nobody else writes refs here, so a file is enough."""
        file = self.root / ref
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{commit}\n")

    def resolve(self, name: str) -> str | None:
        """The commit of a branch, of a full ref, or of (the beginning of) its own name."""
        branch = self.root / "refs" / "heads" / name
        if branch.is_file():
            return branch.read_text().strip()
        ask = self._once if _COMMIT.fullmatch(name) else self.git
        try:
            return ask("rev-parse", "-q", "--verify", f"{name}^{{commit}}").decode().strip()
        except GitError:
            return None

    def merge_base(self, one: str, other: str) -> str | None:
        try:
            return self._once("merge-base", one, other).decode().strip()
        except GitError:
            return None

    def between(self, base: str, head: str) -> list[str]:
        """The commits of head that base has not, oldest first."""
        return (
            self._once("rev-list", "--reverse", "--topo-order", f"{base}..{head}").decode().split()
        )

    def diff(self, base: str, head: str) -> bytes:
        """The patch from one commit to another."""
        return self._once("diff-tree", *_DIFF, "-p", base, head)

    def patches(self, base: str, head: str) -> tuple[FilePatch, ...]:
        """The same by file, with git's own counts."""
        raw = self._once("diff-tree", *_DIFF, "--raw", "-z", base, head)
        counts = self._once("diff-tree", *_DIFF, "--numstat", "-z", base, head)
        return read_patches(raw, counts, self.diff(base, head))

    def parent(self, commit: str) -> str:
        """The first parent, or the empty tree."""
        said = self._once("rev-list", "--parents", "-n", "1", commit).decode().split()
        return said[1] if len(said) > 1 else _EMPTY_TREE

    def described(self, commit: str) -> tuple[str, list[str], str, str, str, str]:
        """Tree, parents, name, address, date and message of a commit."""
        said = self._once("show", "-s", "--format=%T%n%P%n%an%n%ae%n%aI%n%B", commit).decode()
        tree, parents, name, address, date, message = said.split("\n", 5)
        return tree, parents.split(), name, address, date, message.strip()

    def entries(self, commit: str, path: str) -> list[tuple[str, str, str, int, str]]:
        """Mode, type, object, size and path of what stands at a path, or in it with ``path/``."""
        said = self._once("ls-tree", "-z", "-l", commit, "--", *([path] if path else []))
        found = []
        for line in said.split(b"\0")[:-1]:
            meta, _, name = line.partition(b"\t")
            mode, kind, sha, size = meta.decode().split()
            found.append((mode, kind, sha, 0 if size == "-" else int(size), os.fsdecode(name)))
        return found

    def blob(self, sha: str) -> bytes:
        return self._once("cat-file", "blob", sha)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _entry(path: str, content: Content | Link | None) -> bytes:
    name = b'"' + os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    name = name.replace(b"\n", b"\\n")
    match content:
        case None:
            return b"D " + name + b"\n"
        case Link(target=to):
            return b"M 120000 inline " + name + b"\n" + _data(os.fsencode(to))
        case bytes():
            return b"M 100644 inline " + name + b"\n" + _data(content)
        case str():
            return b"M 100644 inline " + name + b"\n" + _data(os.fsencode(content))
