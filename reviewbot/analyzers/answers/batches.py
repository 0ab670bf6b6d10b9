"""Many files through one program: short enough command lines, and a crash costs only its cause."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reviewbot.errors import ToolCrashed
from reviewbot.review.analysis import NotReviewed

_LONGEST = 100_000
"""Bytes of paths per command line; Linux takes 2 MiB with the environment, others less."""

_MOST_RUNS = 64
"""Runs that the crashes of one side may cost; a change full of bombs must not eat the deadline."""

Answer = TypeVar("Answer")


class Refused(ToolCrashed):
    """The program did not accept its configuration or arguments; no file is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers(Generic[Answer]):
    """What came back for many files.

    Attributes:
        values: one answer per run that ended well.
        not_reviewed: the files that make the program crash, each with its last words.
    """

    values: tuple[Answer, ...]
    not_reviewed: tuple[NotReviewed, ...]


async def in_batches(
    files: Sequence[str],
    run: Callable[[Sequence[str]], Awaitable[Answer]],
    *,
    node: str,
    halving: bool = True,
) -> Answers[Answer]:
    """Run a program over all files, in as few runs as the command line allows.

    When it crashes its files are halved until the culprits stand alone; they are named and the
    rest is done. When nothing is left to blame but all of them, the tool itself is broken.

    Args:
        files: the files.
        run: runs the program over some of them.
        node: the node that reports.
        halving: False for who knows a better way to find a culprit: the first crash is raised.

    Raises:
        Refused: by the first run.
        ToolCrashed: on every file.
        ToolError: anything but a crash, by any run.
    """
    waiting = deque(_batches(files))
    budget = len(waiting) + _MOST_RUNS
    values: list[Answer] = []
    crashed: list[NotReviewed] = []
    last: ToolCrashed | None = None
    while waiting:
        batch = waiting.popleft()
        if budget <= 0:
            crashed += _named(batch, "not tried: too many other files make the tool crash", node)
            continue
        budget -= 1
        try:
            values.append(await run(batch))
        except Refused:
            raise
        except ToolCrashed as error:
            if not halving:
                raise
            last = error
            middle = len(batch) // 2
            if middle:
                waiting.extendleft((batch[middle:], batch[:middle]))
            else:
                crashed += _named(batch, f"the tool fails on it: {error.message}", node)
    if last is not None and not values:
        raise last
    return Answers(values=tuple(values), not_reviewed=tuple(crashed))


def _batches(files: Sequence[str]) -> Iterator[Sequence[str]]:
    start, size = 0, 0
    for index, path in enumerate(files):
        length = len(path.encode("utf-8", "surrogateescape")) + 3
        if size + length > _LONGEST:
            yield files[start:index]
            start, size = index, 0
        size += length
    if start < len(files):
        yield files[start:]


def _named(files: Sequence[str], reason: str, node: str) -> Iterator[NotReviewed]:
    return (NotReviewed(path=path, reason=reason, node=node) for path in files)
