"""Both sides of a change as directories of regular files."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

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


async def write_side(git: Git, side: Side, *, like: Side | None = None) -> Tree:
    """Write one side; what it has in common with another is linked, not written again.

    Args:
        git: on the store.
        side: what and where.
        like: a side that stands already. A file is shared only under the same path with the
            same blob and mode, so that equal path, size and modification time mean equal content.
    """
    writing = Writing(root=side.root, stamp=side.stamp)
    shared = _shared(side.listing, like.listing) if like else frozenset()
    rest: defaultdict[str, list[Entry]] = defaultdict(list)
    for path, entry in side.listing.entries.items():
        if path not in shared:
            rest[entry.blob].append(entry)
    failed = await to_thread.run_sync(writing.link, like.root if like else "", sorted(shared))
    busy = CapacityLimiter(_AT_ONCE)

    async def transfer(batch: Mapping[str, int]) -> None:
        async with busy:
            contents = await read_contents(git, batch)
            entries = [entry for blob in batch for entry in rest[blob]]
            failed.update(await to_thread.run_sync(writing.write, entries, contents))

    batches = in_batches({blob: entries[0].size for blob, entries in rest.items()})
    await together(partial(transfer, batch) for batch in batches)
    return _tree(side, failed)


def _shared(listing: Listing, like: Listing) -> frozenset[str]:
    entries = listing.entries
    return frozenset(path for path, entry in entries.items() if like.entries.get(path) == entry)


def _tree(side: Side, failed: Mapping[str, str]) -> Tree:
    missing = {**side.listing.missing, **failed}
    return Tree(
        root=side.root,
        commit=side.commit,
        files={path: e.blob for path, e in side.listing.entries.items() if path not in failed},
        missing=tuple(
            NotReviewed(path=path, reason=why, blocking=path in side.touched)
            for path, why in sorted(missing.items())
        ),
    )
