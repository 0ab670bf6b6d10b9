"""A unified diff from a file or a pipe, applied to a tree of our own store."""

from dataclasses import dataclass
from pathlib import Path

from reviewbot.errors import UsageError
from reviewbot.workspace.git import complaint, text
from reviewbot.workspace.store import Store

LARGEST = 64 << 20
"""Bytes of the largest patch that is read."""

STANDARD_INPUT = "-"
_INDEX = "patch"
_NO_PATCH = ("No valid patches", "corrupt", "unrecognized input", "without header", "header lacks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A unified diff as git writes it, with or without a mail around it.

    Attributes:
        name: where it is from and what was done to it, for the reader.
        data: its bytes.
    """

    name: str
    data: bytes


def read_patch(file: str, piped: bytes = b"") -> Patch:
    """The patch in a file, or the one that was piped when the file is ``-``.

    Git ends the lines of its own with a line feed, whatever those of the code end with. Where every
    line ends as on Windows, a mail or an editor did that, and it is taken back.

    Raises:
        UsageError: it cannot be read, is larger than 64 MiB, or empty.
    """
    given = file == STANDARD_INPUT
    name, data = ("standard input", piped) if given else (file, _read(Path(file)))
    if len(data) > LARGEST:
        raise UsageError(f"{name} is larger than 64 MiB", hint="give the commits with --base")
    if not data.strip():
        raise UsageError(f"{name} is empty", hint="an empty patch is not a clean one")
    if 0 < data.count(b"\n") == data.count(b"\r\n"):
        name, data = f"{name} (without its Windows line ends)", data.replace(b"\r\n", b"\n")
    return Patch(name=name, data=data)


async def apply_patch(store: Store, patch: Patch, *, onto: str, undo: bool = False) -> str | None:
    """The tree that a patch makes of another, or None when it does not fit there.

    Args:
        store: where the new tree is kept.
        patch: what to apply.
        onto: id of a commit or tree.
        undo: take the patch back instead.

    Raises:
        UsageError: it is no patch.
    """
    index = store.new_index(_INDEX)
    await index.read("read-tree", onto)
    arguments = ("apply", "--cached", "--whitespace=nowarn", *(["-R"] if undo else []), "-")
    done = await index.run(*arguments, stdin=patch.data)
    said = complaint(done)
    if done.returncode != 0 and any(each in said for each in _NO_PATCH):
        raise UsageError(f"{patch.name} is no patch that git can read: {said}")
    if done.returncode != 0:
        return None
    return text(await index.read("write-tree", "--missing-ok")).strip()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
