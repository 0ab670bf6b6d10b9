"""The diff of two trees, read from git so that no file can hide another or itself.

Paths and statuses come from ``--raw -z``, which quotes nothing; lines from the patch, one file
at a time; and the counts of ``--numstat`` have to agree. What does not is said to be unreadable.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import anyio

from reviewbot.errors import ToolCrashed, ToolGarbled
from reviewbot.review.diff import Diff, FileDiff, FileStatus, Hunk, PatchGarbled, parse_hunks
from reviewbot.workspace.git import LARGEST, Git, complaint, records, text
from reviewbot.workspace.objects import read_contents, read_sizes

_RENAMES = 1000
_OPTIONS = (
    "-r",
    "-M",
    f"-l{_RENAMES}",
    "--full-index",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
)
_MOST = 16 << 20
_MOST_NAMES = 64 << 20
_BINARY_PREFIX = 8000
_CHUNK = re.compile(rb"(?m)^(?=diff --git )")
_ODD_MODES = {"120000": "a symbolic link", "160000": "a submodule"}
_BINARY = "binary"
_NO_COUNTS = (-1, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changed:
    """One record of ``--raw``, with the counts of ``--numstat``; None for a binary file."""

    old_mode: str
    mode: str
    old_blob: str
    blob: str
    status: FileStatus
    old_path: str
    path: str
    counts: tuple[int, int] | None = _NO_COUNTS


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReading:
    """A diff, and one line for each thing about it that the reader has to know."""

    diff: Diff
    notes: tuple[str, ...] = ()


async def read_diff(git: Git, base: str, head: str) -> DiffReading:
    """The diff between two commits or trees of a store.

    Every changed file ends as a FileDiff: with its hunks, or with the reason why not.

    Raises:
        ToolGarbled: git's answers contradict each other, so nothing may count as reviewed.
        ToolError: git failed or answered too much.
    """
    answers: dict[str, tuple[bytes, str]] = {}

    async def ask(name: str, most: int, *options: str) -> None:
        done = await git.run("diff-tree", *_OPTIONS, *options, base, head, most=most)
        if done.returncode != 0:
            raise ToolCrashed(f"git diff-tree failed: {complaint(done)}")
        answers[name] = (done.stdout, done.stderr.decode("utf-8", "replace"))

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "names", _MOST_NAMES, "--raw", "--numstat", "-z")
        group.start_soon(ask, "patch", _MOST, "-p")
    names, said = answers["names"]
    changed = _parse_names(records(names))
    chunks = [each for each in _CHUNK.split(answers["patch"][0]) if each]
    files = _paired(changed, chunks)
    reasons = await _why_binary(git, changed)
    notes = ("renamed files were not looked for among all: too many",) if "rename" in said else ()
    return DiffReading(
        diff=Diff(files=tuple(_explained(each, reasons) for each in files)), notes=notes
    )


def _parse_names(fields: list[str]) -> tuple[_Changed, ...]:
    """All ``--raw`` records, then all ``--numstat`` records; both in git's order."""
    at = 0
    changed: list[_Changed] = []
    while at < len(fields) and fields[at].startswith(":"):
        old_mode, mode, old_blob, blob, status = fields[at][1:].split(" ")
        moved = status[0] in "RC"
        changed.append(
            _Changed(
                old_mode=old_mode,
                mode=mode,
                old_blob=old_blob,
                blob=blob,
                status=FileStatus(status[0]),
                old_path=fields[at + 1],
                path=fields[at + 1 + moved],
            )
        )
        at += 2 + moved
    counts = dict(_counts(fields[at:]))
    return tuple(replace(each, counts=counts.get(each.path, _NO_COUNTS)) for each in changed)


def _counts(fields: list[str]) -> Iterator[tuple[str, tuple[int, int] | None]]:
    at = 0
    while at < len(fields):
        added, removed, path = fields[at].split("\t", 2)
        if not path:  # renamed: the old and the new path are fields of their own
            path, at = fields[at + 2], at + 2
        yield path, None if added == "-" else (int(added), int(removed))
        at += 1


def _paired(changed: tuple[_Changed, ...], chunks: list[bytes]) -> Iterator[FileDiff]:
    """Pair records with chunks in order; a file that changed its type has two chunks."""
    wanted = sum(_chunk_count(each) for each in changed)
    if wanted != len(chunks):
        raise ToolGarbled(f"git lists {wanted} changes and shows {len(chunks)}")
    following = iter(chunks)
    for each in changed:
        yield _file_diff(each, [next(following) for _ in range(_chunk_count(each))])


def _chunk_count(changed: _Changed) -> int:
    return 2 if changed.status is FileStatus.TYPE_CHANGED else 1


def _file_diff(changed: _Changed, chunks: list[bytes]) -> FileDiff:
    hunks, unreadable = _lines(changed, chunks)
    return FileDiff(
        status=changed.status,
        path=changed.path,
        old_path=None if changed.status is FileStatus.ADDED else changed.old_path,
        hunks=() if unreadable else hunks,
        unreadable=unreadable,
    )


def _lines(changed: _Changed, chunks: list[bytes]) -> tuple[tuple[Hunk, ...], str]:
    odd = _ODD_MODES.get(changed.mode)
    if odd is not None:
        return (), odd
    if changed.counts is None:
        return (), _BINARY
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


async def _why_binary(git: Git, changed: tuple[_Changed, ...]) -> Mapping[str, str]:
    """Path → why git shows no lines of it: really binary, too large, or hidden text."""
    asked = [each for each in changed if each.counts is None and set(each.blob) != {"0"}]
    if not asked:
        return {}
    sizes = await read_sizes(git, {each.blob for each in asked})
    small = {blob: size for blob, size in sizes.items() if size <= LARGEST}
    hidden = set()
    for blob, size in small.items():
        content = await read_contents(git, {blob: size})
        if b"\0" not in bytes(content[blob][:_BINARY_PREFIX]):
            hidden.add(blob)
    return {each.path: _reason(each.blob, sizes, hidden) for each in asked}


def _reason(blob: str, sizes: Mapping[str, int], hidden: set[str]) -> str:
    size = sizes.get(blob)
    if size is None:
        return "its content is not in the repository"
    if size > LARGEST:
        return f"too large to review: {size >> 10} KiB"
    return "text that git calls binary" if blob in hidden else _BINARY


def _explained(file: FileDiff, reasons: Mapping[str, str]) -> FileDiff:
    reason = reasons.get(file.path) if file.unreadable == _BINARY else None
    return file if reason is None else replace(file, unreadable=reason)
