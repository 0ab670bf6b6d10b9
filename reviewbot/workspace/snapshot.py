"""What stands in the working tree, or in the index, as a tree of our own store.

``git add`` is never used: it runs the filters that a working tree asks for. Git only says, from
the stat data of its index, which files may differ; their bytes are hashed here as they are.
"""

import os
from dataclasses import dataclass

from anyio import to_thread

from reviewbot.errors import UsageError
from reviewbot.review.analysis import NotReviewed
from reviewbot.workspace.blobs import (
    LINK,
    PLAIN,
    FileBlob,
    Unfit,
    blob_id,
    read_file,
    write_blob,
)
from reviewbot.workspace.candidates import Candidate, find_candidates, find_conflict
from reviewbot.workspace.git import Git, raw, text
from reviewbot.workspace.repository import Repository
from reviewbot.workspace.store import Store

_GITLINK = "160000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A tree made from files, and what of them it has not."""

    tree: str
    left_out: tuple[NotReviewed, ...] = ()


async def snapshot_index(repository: Repository, store: Store) -> Snapshot:
    """The tree that a commit would record now.

    Raises:
        UsageError: the index holds a conflict.
    """
    index = store.copy_index(repository, "staged")
    path = await find_conflict(index)
    if path is not None:
        raise UsageError(
            f"{path} is in conflict",
            hint="resolve it and git add it, or review the working tree",
        )
    return Snapshot(tree=await _write_tree(index))


async def snapshot_working_tree(repository: Repository, store: Store) -> Snapshot:
    """The working tree: tracked files as they stand, and untracked ones that are not ignored.

    A path that the index says to skip or to assume unchanged is as the index has it; a path in
    conflict is as it stands. Files above 1 MiB are left out and listed.
    """
    index = store.copy_index(repository, "working")
    entries = await find_candidates(repository, index)
    update, left_out = await to_thread.run_sync(
        _Reading(repository=repository, store=store).update, entries
    )
    if update:
        await index.read("update-index", "-z", "--index-info", stdin=update)
    return Snapshot(tree=await _write_tree(index), left_out=left_out)


async def _write_tree(index: Git) -> str:
    return text(await index.read("write-tree", "--missing-ok")).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """From candidates to the lines of ``update-index --index-info``."""

    repository: Repository
    store: Store

    def update(self, entries: tuple[Candidate, ...]) -> tuple[bytes, tuple[NotReviewed, ...]]:
        """What to write into the index, and what is left as the index has it."""
        lines: list[bytes] = []
        left_out: list[NotReviewed] = []
        for entry in entries:
            try:
                line = self._line(entry)
            except Unfit as why:
                left_out.append(_left_out(entry, str(why)))
                lines.extend([self._removal(entry)] if entry.conflict else [])
            else:
                lines.extend([] if line is None else [line])
        return b"".join(lines), tuple(left_out)

    def _line(self, entry: Candidate) -> bytes | None:
        """One line for the index, or None when the entry stays as it is."""
        path = os.path.join(raw(self.repository.root), raw(entry.path))  # noqa: PTH118 - bytes
        if entry.mode == _GITLINK:
            raise Unfit("a submodule: only its recorded commit counts")
        if entry.path.endswith("/"):
            raise Unfit("a git repository of its own")
        found = None if _behind_link(path) or _is_folder(path) else read_file(path)
        if found is None:
            return self._removal(entry) if entry.mode else None
        if not entry.conflict and _same_text(found.content, entry, self.store.hash_name):
            return None
        name = write_blob(self.store, found.content)
        return b"%s %s 0\t%s\0" % (raw(self._mode(found, entry)), raw(name), raw(entry.path))

    def _removal(self, entry: Candidate) -> bytes:
        return b"0 %s 0\t%s\0" % (b"0" * len(entry.blob), raw(entry.path))

    def _mode(self, found: FileBlob, entry: Candidate) -> str:
        """Where the file system keeps no executable bit, the index remembers it."""
        kept = self.repository.settings.get("core.filemode") == "false" and found.mode != LINK
        return (entry.mode or PLAIN) if kept and entry.mode != LINK else found.mode


def _same_text(content: bytes, entry: Candidate, hash_name: str) -> bool:
    """Whether only the line ends differ from the index, as a checkout may have made them."""
    if not entry.blob or b"\r\n" not in content:
        return False
    return blob_id(content.replace(b"\r\n", b"\n"), hash_name) == entry.blob


def _behind_link(path: bytes) -> bool:
    """Whether a folder on the way is a link, so that the path is no path of this tree."""
    folder = os.path.dirname(path)  # noqa: PTH120 - bytes
    return os.path.realpath(folder) != folder


def _is_folder(path: bytes) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - bytes


def _left_out(entry: Candidate, why: str) -> NotReviewed:
    """Code always blocks; data that nobody tracks and other repositories do not."""
    blocking = entry.path.endswith((".py", ".pyi")) or entry.mode not in {"", _GITLINK}
    return NotReviewed(path=entry.path.rstrip("/"), reason=why, blocking=blocking)
