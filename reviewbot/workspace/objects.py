"""Objects of a store in batches: sizes, and contents of bounded size."""

from collections.abc import Iterable, Iterator, Mapping

from reviewbot.workspace.git import Git, raw, text

_HEADER = 120
_BATCH = 4 << 20
_MISSING = b"missing"


async def read_sizes(git: Git, ids: Iterable[str]) -> Mapping[str, int]:
    """Bytes of each object; an object that is not there is not in the answer."""
    asked = _lines(ids)
    answer = await git.read("cat-file", "--batch-check", "--buffer", stdin=asked, most=64 << 20)
    words = (line.split(" ") for line in text(answer).splitlines())
    return {each[0]: int(each[2]) for each in words if len(each) == 3}  # noqa: PLR2004 - id, type, size


async def read_contents(git: Git, sizes: Mapping[str, int]) -> Mapping[str, memoryview]:
    """The content of each object, in one answer; one that is not there is left out.

    Args:
        git: on the store.
        sizes: id → bytes; their sum, known before, bounds the answer.
    """
    most = sum(sizes.values()) + _HEADER * len(sizes)
    answer = await git.read("cat-file", "--batch", "--buffer", stdin=_lines(sizes), most=most)
    return dict(_parsed(answer))


def in_batches(sizes: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """The same in parts whose contents together are bounded, unless one alone is larger."""
    batch: dict[str, int] = {}
    total = 0
    for each, size in sizes.items():
        if batch and total + size > _BATCH:
            yield batch
            batch, total = {}, 0
        batch[each] = size
        total += size
    if batch:
        yield batch


def _parsed(answer: bytes) -> Iterator[tuple[str, memoryview]]:
    """``<id> <type> <size>`` and a line end, the content, a line end; or ``<id> missing``."""
    view, at = memoryview(answer), 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        words = answer[at:end].split(b" ")
        at = end + 1
        if words[-1] != _MISSING:
            size = int(words[2])
            yield text(words[0]), view[at : at + size]
            at += size + 1


def _lines(ids: Iterable[str]) -> bytes:
    return b"".join(raw(each) + b"\n" for each in ids)
