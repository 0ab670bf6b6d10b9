"""Which files of the working tree may differ from the index: git says it from its stat data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from reviewbot.errors import UsageError
from reviewbot.process.together import together
from reviewbot.workspace.git import Git, records
from reviewbot.workspace.repository import Repository

_MOST = 64 << 20
_MOST_UNTRACKED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A path of the working tree.

    Attributes:
        path: a trailing ``/`` marks a repository of its own.
        mode: as in the index; empty when untracked.
        blob: as in the index; empty when untracked.
        conflict: the index has several versions of it.
    """

    path: str
    mode: str = ""
    blob: str = ""
    conflict: bool = False


async def find_candidates(repository: Repository, index: Git) -> tuple[Candidate, ...]:
    """Everything that may differ from the index, each path once.

    Raises:
        UsageError: there are so many untracked files that they cannot be sources.
    """
    tracked = index.with_work_tree(repository.root)
    listing = partial(Git.read, most=_MOST)
    in_index, differing, others = await together(
        (
            partial(listing, index, "ls-files", "-z", "-s"),
            partial(listing, tracked, "ls-files", "-z", "-m", "-d"),
            partial(listing, repository.git, "ls-files", "-z", "-o", *_ignoring(repository)),
        )
    )
    staged = {each.path: each for each in _staged(in_index)}
    modified = (staged.get(path, Candidate(path=path)) for path in records(differing))
    conflicts = (each for each in staged.values() if each.conflict)
    untracked = [Candidate(path=path) for path in _own(records(others))]
    if len(untracked) > _MOST_UNTRACKED:
        raise UsageError(
            f"{len(untracked)} files are neither tracked nor ignored",
            hint="name what is no source in .gitignore",
        )
    every = (*modified, *conflicts, *untracked)
    return tuple({each.path: each for each in every}.values())


def _ignoring(repository: Repository) -> tuple[str, ...]:
    """Which rules say what is ignored: those in the repository, and the user's own."""
    own = () if repository.ignore is None else (f"--exclude-from={repository.ignore}",)
    return ("--exclude-standard", *own)


def _own(untracked: list[str]) -> list[str]:
    """Untracked files without those of virtual environments and byte code caches."""
    suffix = "pyvenv.cfg"
    folders = tuple(each.removesuffix(suffix) for each in untracked if each.endswith(f"/{suffix}"))
    return [
        each
        for each in untracked
        if not each.startswith(folders) and "__pycache__" not in each.split("/")
    ]


def _staged(answer: bytes) -> Iterator[Candidate]:
    """The records of ``ls-files -s``: mode, blob and stage, a tab, the path."""
    for record in records(answer):
        about, _, path = record.partition("\t")
        mode, blob, stage = about.split(" ")
        yield Candidate(path=path, mode=mode, blob=blob, conflict=stage != "0")


async def find_conflict(index: Git) -> str | None:
    """The first path that the index has several versions of, or None."""
    conflicts = _staged(await index.read("ls-files", "-u", "-s", "-z", most=_MOST))
    return next((each.path for each in conflicts), None)
