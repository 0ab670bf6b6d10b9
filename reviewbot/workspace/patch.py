"""A unified diff from a file, applied to a tree of our own store."""

from pathlib import Path

from reviewbot.errors import UsageError
from reviewbot.workspace.git import complaint, text
from reviewbot.workspace.store import Store

_MOST = 64 << 20
_INDEX = "patch"
_NO_PATCH = ("No valid patches", "corrupt", "unrecognized input", "without header", "header lacks")


async def apply_patch(store: Store, file: str, *, onto: str, undo: bool = False) -> str | None:
    """The tree that a patch makes of another, or None when it does not fit there.

    Args:
        store: where the new tree is kept.
        file: path of a unified diff as git writes it, with or without a mail around it.
        onto: id of a commit or tree.
        undo: take the patch back instead.

    Raises:
        UsageError: the file cannot be read, is larger than 64 MiB, or holds no patch.
    """
    patch = _read(Path(file))
    index = store.new_index(_INDEX)
    await index.read("read-tree", onto)
    options = ("-R",) if undo else ()
    done = await index.run("apply", "--cached", "--whitespace=nowarn", *options, "-", stdin=patch)
    said = complaint(done)
    if done.returncode != 0 and any(each in said for each in _NO_PATCH):
        raise UsageError(f"{file} is no patch that git can read: {said}")
    if done.returncode != 0:
        return None
    return text(await index.read("write-tree", "--missing-ok")).strip()


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            patch = file.read(_MOST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    if len(patch) > _MOST:
        raise UsageError(f"{path} is larger than 64 MiB", hint="give the commits with --base")
    if not patch.strip():
        raise UsageError(f"{path} is empty", hint="an empty patch is not a clean one")
    return patch
