"""Two trees made of file contents that somebody else read: for when git reaches no repository."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reviewbot.process import Programs
from reviewbot.workspace.git import Git, raw, text
from reviewbot.workspace.repository import Repository
from reviewbot.workspace.store import write_bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Files of both sides; what is not in here is not there.

    Attributes:
        base: path → content, before the change.
        head: path → content, after it.
        why: one line for the reader: why these files are all there is.
    """

    base: Mapping[str, bytes] = field(repr=False)
    head: Mapping[str, bytes] = field(repr=False)
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The ids of the two trees."""

    base: str
    head: str


async def plant(
    planted: Planted, *, folder: Path, programs: Programs, program: str
) -> tuple[Repository, Sides]:
    """A repository of our own that holds the two trees and nothing else.

    Args:
        planted: the files.
        folder: where to make a git directory; it does not exist yet.
        programs: who starts git.
        program: absolute path of git.

    Raises:
        ToolCrashed: git refused a path, ``.git/config`` for one.
    """
    write_bare(folder)
    git = Git(programs=programs, program=program, directory=str(folder))
    stream = b"".join((*_commit("base", planted.base), *_commit("head", planted.head)))
    await git.read("fast-import", "--quiet", stdin=stream)
    names = ("refs/heads/base^{tree}", "refs/heads/head^{tree}")
    base, head = text(await git.read("rev-parse", *names)).split()
    repository = Repository(
        git=git, root="", directory=str(folder), common=str(folder), settings={}
    )
    return repository, Sides(base=base, head=head)


def _commit(name: str, files: Mapping[str, bytes]) -> Iterator[bytes]:
    """A commit in the language of git-fast-import(1)."""
    yield b"commit refs/heads/%s\ncommitter reviewbot <> 0 +0000\ndata 0\n" % name.encode()
    for path, content in files.items():
        yield b"M 100644 inline %s\ndata %d\n" % (_quoted(path), len(content))
        yield content + b"\n"


def _quoted(path: str) -> bytes:
    """A path in C style, so that no byte of it means anything else."""
    return b'"' + b"".join(b"\\%03o" % each for each in raw(path)) + b'"'
