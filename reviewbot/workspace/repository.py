"""The repository of the user: found without git, read, never written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reviewbot.errors import UsageError
from reviewbot.process import Programs
from reviewbot.workspace.git import Git, text

_SETTINGS = (
    "^(core[.](filemode|symlinks|trustctime|checkstat|ignorecase|precomposeunicode)"
    "|extensions[.].*)$"
)
_EXCLUDES = "core.excludesFile"
_NOTHING_THERE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A working tree and the git directory behind it.

    Attributes:
        git: on the user's git directory and working tree; used to resolve and to list only.
        root: absolute path of the working tree.
        directory: absolute path of its git directory; a worktree or submodule has its own.
        common: absolute path of the git directory that holds objects and refs.
        settings: the few settings of git that say how its working tree is to be read.
        ignore: absolute path of the user's own ignore rules for all repositories, or None.
    """

    git: Git
    root: str
    directory: str
    common: str
    settings: Mapping[str, str]
    ignore: str | None = None

    @property
    def hash_name(self) -> str:
        """The hash that names its objects: ``sha1`` or ``sha256``."""
        return self.settings.get("extensions.objectformat", "sha1")

    @property
    def shallow(self) -> frozenset[str]:
        """The commits whose parents were left out by a shallow clone."""
        try:
            return frozenset((Path(self.common) / "shallow").read_text("ascii").split())
        except FileNotFoundError:
            return frozenset()


async def open_repository(
    path: str, *, programs: Programs, program: str, home: str | None = None
) -> Repository:
    """The repository whose working tree holds a path.

    Git's own discovery is not used: it would also find a bare repository inside the change.

    Args:
        path: any path in the working tree.
        programs: who starts git.
        program: absolute path of git.
        home: the user's home; of its settings only the ignore rules count.

    Raises:
        UsageError: there is no such path, no repository, or only a bare one.
    """
    root, directory = _find(Path(path))
    git = Git(programs=programs, program=program, directory=str(directory), work_tree=str(root))
    done = await git.run("config", "-z", "--get-regexp", _SETTINGS)
    if done.returncode not in {0, _NOTHING_THERE}:
        raise UsageError(f"git cannot read {directory}", hint="try `git status` there")
    pairs = (each.partition("\n") for each in text(done.stdout).split("\0")[:-1])
    return Repository(
        git=git,
        root=str(root),
        directory=str(directory),
        common=str(_common(directory)),
        settings={key: value or "true" for key, _, value in pairs},
        ignore=None if home is None else await _ignore_rules(git, Path(home)),
    )


def git_directories(path: str) -> tuple[Path, ...]:
    """The git directories behind a path: its worktree's own and the common one; none at worst."""
    try:
        _, directory = _find(Path(path))
    except UsageError:
        return ()
    return tuple(dict.fromkeys((directory, _common(directory))))


async def _ignore_rules(git: Git, home: Path) -> str | None:
    """``core.excludesFile`` of the user, or the file that git takes when it is not set."""
    written = None
    if (home / ".gitconfig").is_file():
        written = await git.answer("config", "--file", str(home / ".gitconfig"), _EXCLUDES)
    named = Path(written or ".config/git/ignore")
    rules = home.joinpath(*named.parts[1:]) if named.parts[:1] == ("~",) else home / named
    return str(rules) if rules.is_file() else None


def _find(path: Path) -> tuple[Path, Path]:
    """The root and the git directory of the innermost repository around a path."""
    if not path.exists():
        raise UsageError(f"{path} does not exist", hint="give the path of a git repository")
    start = path.resolve()
    around = (start, *start.parents)
    for folder in around:
        found = _git_directory(folder / ".git")
        if found is not None:
            return folder, found
    bare = next(filter(_is_git_directory, around), None)
    if bare is not None:
        raise UsageError(f"{bare} is a bare repository", hint="clone it and review the clone")
    raise UsageError(
        f"{start} is not in a git repository", hint="run it inside one, or give its path"
    )


def _git_directory(place: Path) -> Path | None:
    """The git directory that a ``.git`` is or, in a worktree or submodule, points to."""
    if place.is_dir():
        return place if _is_git_directory(place) else None
    if not place.is_file():
        return None
    word, _, target = os.fsdecode(place.read_bytes()[:4096]).partition(": ")
    found = (place.parent / target.strip("\n")).resolve()
    if word != "gitdir" or not _is_git_directory(found):
        raise UsageError(
            f"{place} points to no git directory", hint="try `git worktree repair` or clone again"
        )
    return found


def _is_git_directory(folder: Path) -> bool:
    common = _common(folder)
    return os.path.lexists(folder / "HEAD") and all(
        (common / each).is_dir() for each in ("objects", "refs")
    )


def _common(directory: Path) -> Path:
    """Where a worktree's git directory says that objects and refs are."""
    try:
        written = os.fsdecode((directory / "commondir").read_bytes()).strip("\n")
    except (FileNotFoundError, NotADirectoryError):
        return directory
    return (directory / written).resolve()
