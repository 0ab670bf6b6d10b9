"""The diff of two trees, read from git so that no file can hide another or itself.

Paths and statuses come from ``--raw -z``, which quotes nothing; lines from the patch, one file
at a time; and the counts of ``--numstat`` have to agree. What does not is said to be unreadable.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reviewbot.errors import ToolCrashed, ToolGarbled, ToolTimedOut
from reviewbot.process import Completed
from reviewbot.process.together import both
from reviewbot.review.diff import Diff, FileDiff, FileStatus, Hunk, PatchGarbled, parse_hunks
from reviewbot.workspace.changed import Changed, parse_changed
from reviewbot.workspace.git import ODD_MODES, Git, records, succeeded, text
from reviewbot.workspace.objects import read_sizes
from reviewbot.workspace.unreadable import BINARY, explained

_RENAMES = 1000
_OPTIONS = ("-r", f"-l{_RENAMES}", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color")
_SECONDS = 20
_MOST = 16 << 20
_MOST_NAMES = 64 << 20
_PATHS_AT_ONCE = 200
_CHUNK = re.compile(rb"(?m)^(?=diff --git )")
_TOO_MUCH = "the change is too large: these lines were not read"
_RENAMES_SKIPPED = b"rename detection was skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReading:
    """A diff, and one line for each thing about it that the reader has to know."""

    diff: Diff
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Two commits or trees of a store, and whether renamed files are looked for."""

    git: Git
    base: str
    head: str
    renames: str = "-M"
    seconds: float = _SECONDS

    async def differ(self, *options: str, most: int, paths: Iterable[str] = ()) -> Completed:
        """Run ``diff-tree``, for some paths only when there are any."""
        where = (self.base, self.head, "--", *(f":(top,literal){each}" for each in paths))
        asked = (*_OPTIONS, self.renames, *options, *where)
        return await self.git.run("diff-tree", *asked, most=most, seconds=self.seconds)


async def read_diff(git: Git, base: str, head: str) -> DiffReading:
    """The diff between two commits or trees of a store.

    Every changed file ends as a FileDiff: with its hunks, or with the reason why not. Of more
    than 16 MiB of patch only the smallest files are read.

    Raises:
        ToolGarbled: git's answers contradict each other, so nothing may count as reviewed.
        ToolError: git failed or answered too much.
    """
    try:
        return await _read(_Sides(git=git, base=base, head=head))
    except ToolTimedOut:  # every pair of large files is compared to find renamed ones
        reading = await _read(_Sides(git=git, base=base, head=head, renames="--no-renames"))
        note = f"renamed files were not looked for: it took longer than {_SECONDS} seconds"
        return replace(reading, notes=(*reading.notes, note))


async def _read(sides: _Sides) -> DiffReading:
    named, patch = await both(
        lambda: sides.differ("--raw", "--numstat", "-z", most=_MOST_NAMES),
        lambda: _patch(sides),
    )
    changed = parse_changed(records(succeeded("diff-tree", named)))
    if patch is None:
        files = await _read_smallest(sides, changed)
    else:
        files = tuple(_paired(changed, patch))
    note = f"more than {_RENAMES} files came or went: git did not look for all renames"
    return DiffReading(
        diff=Diff(files=await explained(sides.git, files, changed)),
        notes=(note,) if _RENAMES_SKIPPED in named.stderr else (),
    )


async def _patch(sides: _Sides, *, paths: Iterable[str] = ()) -> bytes | None:
    """A patch, or None when it is longer than is read at once."""
    try:
        done = await sides.differ("-p", most=_MOST, paths=paths)
    except ToolCrashed:
        return None
    return succeeded("diff-tree", done)


async def _read_smallest(sides: _Sides, changed: Sequence[Changed]) -> tuple[FileDiff, ...]:
    """As many files as fit, smallest first; the others are unreadable.

    A renamed file is not read: among fewer files git may find it another partner.
    """
    sizes = await read_sizes(sides.git, {blob for each in changed for blob in each.blobs})
    fitting, total = set[str](), 0
    for each in sorted(changed, key=lambda each: each.bound(sizes)):
        total += each.bound(sizes)
        if total <= _MOST and each.status is not FileStatus.RENAMED:
            fitting.add(each.path)
    plain = replace(sides, renames="--no-renames")
    chosen = [each for each in changed if each.path in fitting]
    read: dict[str, FileDiff] = {}
    for at in range(0, len(chosen), _PATHS_AT_ONCE):
        part = chosen[at : at + _PATHS_AT_ONCE]
        patch = await _patch(plain, paths=[each.path for each in part])
        read |= {each.path: each for each in _paired(part, patch)} if patch is not None else {}
    return tuple(read.get(each.path) or _unreadable(each, _TOO_MUCH) for each in changed)


def _paired(changed: Sequence[Changed], patch: bytes) -> Iterator[FileDiff]:
    """Pair records with chunks in order; a file that changed its type has two chunks."""
    chunks = [each for each in _CHUNK.split(patch) if each]
    wanted = sum(each.chunks for each in changed)
    if wanted != len(chunks):
        raise ToolGarbled(f"git lists {wanted} changes and shows {len(chunks)}")
    following = iter(chunks)
    for each in changed:
        yield _file_diff(each, [next(following) for _ in range(each.chunks)])


def _file_diff(changed: Changed, chunks: list[bytes]) -> FileDiff:
    hunks, unreadable = _lines(changed, chunks)
    return replace(_unreadable(changed, unreadable), hunks=() if unreadable else hunks)


def _unreadable(changed: Changed, why: str) -> FileDiff:
    return FileDiff(
        status=changed.status,
        path=changed.path,
        old_path=None if changed.status is FileStatus.ADDED else changed.old_path,
        unreadable=why,
    )


def _lines(changed: Changed, chunks: list[bytes]) -> tuple[tuple[Hunk, ...], str]:
    odd = ODD_MODES.get(changed.mode)
    if odd is not None:
        return (), odd
    if changed.counts is None:
        return (), BINARY
    try:
        hunks = tuple(hunk for each in chunks for hunk in parse_hunks(_from_first_hunk(each)))
    except PatchGarbled as error:
        return (), f"its diff cannot be parsed: {error}"
    edits = [edit for hunk in hunks for edit in hunk.edits]
    got = (sum(each.head_count for each in edits), sum(each.base_count for each in edits))
    typechange = changed.status is FileStatus.TYPE_CHANGED  # numstat compares the two contents
    if got != changed.counts and not typechange:
        return (), f"its diff has {got} lines, not {changed.counts}"
    return hunks, ""


def _from_first_hunk(chunk: bytes) -> str:
    """A chunk without its header, in which git quotes every line end."""
    at = chunk.find(b"\n@@ ")
    return "" if at < 0 else text(chunk[at + 1 :])
