"""A unified diff from a file or a pipe, applied to a tree of our own store."""

from dataclasses import dataclass
from pathlib import Path

from reviewbot.errors import UsageError
from reviewbot.workspace.git import Git, complaint, text
from reviewbot.workspace.line_ends import (
    by_file,
    ends_as_on_windows,
    of_windows_code,
    without_windows,
)
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
        windows: the same for code that ends its lines as on Windows, where the patch does not say
            whose line ends its own are; else empty.
    """

    name: str
    data: bytes
    windows: bytes = b""


def read_patch(file: str, piped: bytes = b"") -> Patch:
    """The patch in a file, or the one that was piped when the file is ``-``.

    Git ends the lines of its own with a line feed, whatever those of the code end with. Where every
    line ends as on Windows, a mail or an editor did that, and it is taken back; what the code's own
    lines ended with before is found out where they are applied.

    Raises:
        UsageError: it cannot be read, is larger than 64 MiB, or empty.
    """
    given = file == STANDARD_INPUT
    name, data = ("standard input", piped) if given else (file, _read(Path(file)))
    if len(data) > LARGEST:
        raise UsageError(f"{name} is larger than 64 MiB", hint="give the commits with --base")
    if not data.strip():
        raise UsageError(f"{name} is empty", hint="an empty patch is not a clean one")
    if not ends_as_on_windows(data):
        return Patch(name=name, data=data)
    return Patch(
        name=f"{name} (without its Windows line ends)",
        data=without_windows(data),
        windows=of_windows_code(data),
    )


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
    return await _Applying(store=store, patch=patch, onto=onto, undo=undo).tree()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Applying:
    """One patch on its way into a tree."""

    store: Store
    patch: Patch
    onto: str
    undo: bool

    async def tree(self) -> str | None:
        """The tree that comes of it, by the first reading of its line ends that fits."""
        for data in filter(None, (self.patch.data, self.patch.windows)):
            index = await self._index()
            if await self._fits(index, data):
                return await _written(index)
        return await self._file_by_file() if self.patch.windows else None

    async def _file_by_file(self) -> str | None:
        """Some files end their lines so, others so."""
        index = await self._index()
        for plain, windows in zip(
            by_file(self.patch.data), by_file(self.patch.windows), strict=True
        ):
            if not (await self._fits(index, plain) or await self._fits(index, windows)):
                return None
        return await _written(index)

    async def _index(self) -> Git:
        index = self.store.new_index(_INDEX)
        await index.read("read-tree", self.onto)
        return index

    async def _fits(self, index: Git, data: bytes) -> bool:
        undo = ["-R"] if self.undo else []
        done = await index.run("apply", "--cached", "--whitespace=nowarn", *undo, "-", stdin=data)
        said = complaint(done)
        if done.returncode != 0 and any(each in said for each in _NO_PATCH):
            raise UsageError(f"{self.patch.name} is no patch that git can read: {said}")
        return done.returncode == 0


async def _written(index: Git) -> str:
    return text(await index.read("write-tree", "--missing-ok")).strip()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
