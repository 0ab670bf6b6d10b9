"""Our own git directory: borrows the objects of a repository, keeps what we make to itself."""

import shutil
import string
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reviewbot.workspace.git import TEXT_ATTRIBUTES, Git, raw
from reviewbot.workspace.repository import Repository

_PLAIN = frozenset((string.ascii_letters + string.digits + "/._-+").encode())
_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_BARE = "[core]\nrepositoryformatversion = 0\nbare = true\n"
_OF_THE_WORKING_TREE = (
    "core.filemode",
    "core.symlinks",
    "core.trustctime",
    "core.checkstat",
    "core.ignorecase",
    "core.precomposeunicode",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Our own bare git directory.

    Neither the settings, the attributes, the ignore rules nor the owner of the user's repository
    count here, and no object that we make lands there.

    Attributes:
        git: on this directory.
        folder: its absolute path.
        hash_name: ``sha1`` or ``sha256``, as in the repository.
    """

    git: Git
    folder: str
    hash_name: str

    @property
    def empty_tree(self) -> str:
        """The id of the tree without files; git knows it without storing it."""
        return _EMPTY_TREES[self.hash_name]

    def copy_index(self, repository: Repository, name: str) -> Git:
        """Git on a copy of the user's index, with the stat data that makes it fast.

        A split index names a second file beside it, which is copied too.
        """
        source, target = Path(repository.directory), Path(self.folder)
        if (source / "index").exists():
            shutil.copy2(source / "index", target / name)
        for shared in source.glob("sharedindex.*"):
            shutil.copy2(shared, target / shared.name)
        return self.git.with_index(str(target / name))

    def new_index(self, name: str) -> Git:
        """Git on an index of its own, empty until something is read into it."""
        return self.git.with_index(str(Path(self.folder) / name))


def create_store(folder: Path, repository: Repository) -> Store:
    """Write a bare git directory by hand: no process, no template, no hook.

    Args:
        folder: a path that does not exist yet.
        repository: whose objects are borrowed, with those that it borrows itself.
    """
    write_bare(
        folder,
        objects=(Path(repository.common, "objects"),),
        configuration=_configuration(repository),
    )
    git = replace(repository.git, directory=str(folder), work_tree=None)
    return Store(git=git, folder=str(folder), hash_name=repository.hash_name)


def write_bare(folder: Path, *, objects: Iterable[Path] = (), configuration: str = _BARE) -> None:
    """The files of a bare git directory.

    Args:
        folder: a path that does not exist yet.
        objects: directories of objects that it borrows.
        configuration: the text of its ``config``.
    """
    for each in ("objects/info", "objects/pack", "refs/heads", "info"):
        (folder / each).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / "config").write_text(configuration, errors="surrogateescape")
    (folder / "info/attributes").write_text(TEXT_ATTRIBUTES)
    borrowed = b"".join(_quoted(str(each)) + b"\n" for each in objects)
    (folder / "objects/info/alternates").write_bytes(borrowed)


def _configuration(repository: Repository) -> str:
    sha256 = repository.hash_name == "sha256"
    lines = ["[core]", f"repositoryformatversion = {int(sha256)}", "bare = true"]
    kept = ((each, repository.settings.get(each)) for each in _OF_THE_WORKING_TREE)
    lines += [
        f"{key.removeprefix('core.')} = {value}" for key, value in kept if value and value.isalnum()
    ]
    lines += ["[extensions]", "objectformat = sha256"] if sha256 else []
    return "\n".join(lines) + "\n"


def _quoted(path: str) -> bytes:
    """A path for ``alternates``: in C style, so that no byte of it means anything else."""
    plain = (bytes([each]) if each in _PLAIN else b"\\%03o" % each for each in raw(path))
    return b'"' + b"".join(plain) + b'"'
