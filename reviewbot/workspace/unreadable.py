"""Why git shows no lines of a file: what it calls binary may be large, or hidden text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reviewbot.review.diff import FileDiff
from reviewbot.workspace.changed import Changed
from reviewbot.workspace.git import LARGEST, Git
from reviewbot.workspace.objects import in_batches, read_contents, read_sizes

BINARY = "binary"
"""What a FileDiff says of a file that git shows no lines of, until its content was looked at."""

_BINARY_PREFIX = 8000


async def explained(
    git: Git, files: Iterable[FileDiff], changed: Iterable[Changed]
) -> tuple[FileDiff, ...]:
    """The same files; of a binary one the reason is what its content says, not git's word."""
    reasons = await _reasons(git, changed)
    return tuple(
        replace(each, unreadable=reasons.get(each.path, BINARY))
        if each.unreadable == BINARY
        else each
        for each in files
    )


async def _reasons(git: Git, changed: Iterable[Changed]) -> Mapping[str, str]:
    """Path → why git shows no lines of it: really binary, too large, or hidden text."""
    asked = {each.path: each.blobs[-1] for each in changed if each.counts is None and each.blobs}
    if not asked:
        return {}
    sizes = await read_sizes(git, asked.values())
    small = {blob: size for blob, size in sizes.items() if size <= LARGEST}
    hidden: set[str] = set()
    for batch in in_batches(small):
        contents = await read_contents(git, batch)
        hidden |= {blob for blob, content in contents.items() if _is_text(content)}
    return {path: _reason(blob, sizes, hidden) for path, blob in asked.items()}


def _is_text(content: memoryview) -> bool:
    """What git itself takes for text when no attribute says otherwise."""
    return b"\0" not in bytes(content[:_BINARY_PREFIX])


def _reason(blob: str, sizes: Mapping[str, int], hidden: set[str]) -> str:
    size = sizes.get(blob)
    if size is None:
        return "its content is not in the repository"
    if size > LARGEST:
        return f"too large to review: {size >> 10} KiB"
    return "text that git calls binary" if blob in hidden else BINARY
