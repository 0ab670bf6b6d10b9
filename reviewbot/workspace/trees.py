"""Both sides of a change as directories of regular files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from anyio import CapacityLimiter, to_thread

from reviewbot.errors import ToolCrashed
from reviewbot.process.together import together
from reviewbot.review.analysis import NotReviewed, Tree
from reviewbot.workspace.git import LARGEST, ODD_MODES, Git, records
from reviewbot.workspace.objects import in_batches, read_contents
from reviewbot.workspace.writing import Entry, Writing

_LISTING = 128 << 20
_AT_ONCE = 2
_EVERYTHING = 4 << 30
_DEEPEST = 100
_PAGE = 4096
_MODES = {"100644": 0o444, "100755": 0o555, "100664": 0o444}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a tree has: files to write, and the rest with the reason."""

    entries: Mapping[str, Entry]
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that its files take on disk, about."""
        return sum(each.size + _PAGE for each in self.entries.values())


async def list_tree(git: Git, tree: str) -> Listing:
    """Everything a commit or tree holds.

    Raises:
        ToolCrashed: a tree of hundreds of thousands of files, or of more than 4 GiB.
    """
    answer = await git.read("ls-tree", "-r", "-z", "-l", "--full-tree", tree, most=_LISTING)
    entries: dict[str, Entry] = {}
    missing: dict[str, str] = {}
    for record in records(answer):
        about, _, path = record.partition("\t")
        mode, _, blob, size = about.split()
        why = _unfit(mode, size, path)
        if why:
            missing[path] = why
        else:
            entries[path] = Entry(path=path, mode=_MODES[mode], blob=blob, size=int(size))
    listing = Listing(entries=entries, missing=missing)
    if listing.size > _EVERYTHING:
        raise ToolCrashed("the tree holds more than 4 GiB")
    return listing


def _unfit(mode: str, size: str, path: str) -> str:
    """Why an entry is not written, or nothing."""
    if mode not in _MODES:
        return ODD_MODES.get(mode, f"of the unknown mode {mode}")
    parts = path.split("/")
    if any(map(_refused, parts)):
        return "its name is not one that git allows"
    if len(parts) > _DEEPEST:
        return "it lies too deep"
    if size == "-" or not size.isdecimal():
        return "its content is not in the repository"
    return "" if int(size) <= LARGEST else f"too large to review: {int(size) >> 10} KiB"


def _refused(part: str) -> bool:
    """Names that git's own checkout refuses; an empty one is an absolute path."""
    return part in {"", ".", ".."} or part.casefold().rstrip(" .") in {".git", "git~1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Where and how one side is written.

    Attributes:
        listing: what it has.
        root: a directory that does not exist yet.
        commit: the commit, for the reader.
        stamp: modification time of the files that are written.
        touched: paths that the change touches; what is missing of them blocks.
    """

    listing: Listing
    root: str
    commit: str | None
    stamp: int
    touched: frozenset[str]


async def write_both(git: Git, head: Side, base: Side) -> tuple[Tree, Tree]:
    """Write both sides; what the base has in common with the head is linked, not written again.

    A file is shared only under the same path with the same blob and mode, so that equal path, size
    and modification time mean equal content.
    """
    shared = _shared(base.listing, head.listing)
    filling = (_Filling.of(head), _Filling.of(base, without=shared))
    busy = CapacityLimiter(_AT_ONCE)

    async def transfer(batch: Mapping[str, int]) -> None:
        async with busy:
            contents = await read_contents(git, batch)
            for each in filling:
                await to_thread.run_sync(each.write, batch, contents)

    sizes = {**filling[0].sizes, **filling[1].sizes}
    await together(partial(transfer, batch) for batch in in_batches(sizes))
    await to_thread.run_sync(filling[1].link, head.root, sorted(shared))
    return filling[0].tree, filling[1].tree


def _shared(listing: Listing, like: Listing) -> frozenset[str]:
    entries = listing.entries
    return frozenset(path for path, entry in entries.items() if like.entries.get(path) == entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filling:
    """A side on its way to disk.

    Attributes:
        side: what it is.
        writing: its directory.
        entries: blob → the files that are written from it.
        failed: path → why it could not be written.
    """

    side: Side
    writing: Writing
    entries: Mapping[str, list[Entry]]
    failed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, side: Side, *, without: frozenset[str] = frozenset()) -> Self:
        entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for path, entry in side.listing.entries.items():
            if path not in without:
                entries[entry.blob].append(entry)
        writing = Writing(root=side.root, stamp=side.stamp)
        return cls(side=side, writing=writing, entries=dict(entries))

    @property
    def sizes(self) -> dict[str, int]:
        """Blob → bytes."""
        return {blob: entries[0].size for blob, entries in self.entries.items()}

    def write(self, blobs: Iterable[str], contents: Mapping[str, memoryview]) -> None:
        """Write the files that have one of these blobs."""
        entries = (entry for blob in blobs for entry in self.entries.get(blob, ()))
        self.failed.update(self.writing.write(entries, contents))

    def link(self, source: str, paths: Iterable[str]) -> None:
        """Link files of another tree under the same paths."""
        self.failed.update(self.writing.link(source, paths))

    @property
    def tree(self) -> Tree:
        """What stands on disk now."""
        missing = {**self.side.listing.missing, **self.failed}
        entries = self.side.listing.entries.items()
        return Tree(
            root=self.side.root,
            commit=self.side.commit,
            files={path: entry.blob for path, entry in entries if path not in self.failed},
            missing=tuple(
                NotReviewed(path=path, reason=why, blocking=path in self.side.touched)
                for path, why in sorted(missing.items())
            ),
        )
