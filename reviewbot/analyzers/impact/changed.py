"""Which symbols a change touches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Any

from reviewbot.analyzers.impact.names import ANY, EFFECTS, Node
from reviewbot.analyzers.impact.summary import Summary
from reviewbot.review.diff import Diff, FileDiff, FileStatus

Digests = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is known of the changed Python files.

    Attributes:
        summaries: of every Python file of the head, and of those the change removed.
        head: path → symbol → hashes, for what could be parsed on the head.
        base: the same on the base.
    """

    summaries: Mapping[str, Summary]
    head: Digests = field(default_factory=dict)
    base: Digests = field(default_factory=dict)


def changed_nodes(diff: Diff, sides: Sides) -> set[Node]:
    """The symbols whose statements differ; everything in a file that is new, gone or unknown."""
    return {node for file in diff.files for node in _of_file(file, sides)}


def _of_file(file: FileDiff, sides: Sides) -> Iterator[Node]:
    old_path = file.old_path or file.path
    if file.status is FileStatus.RENAMED and old_path in sides.summaries:
        yield from everything(old_path, sides.summaries[old_path])
    if file.path not in sides.summaries:
        return
    before = sides.base.get(old_path)
    after = sides.head.get(file.path)
    if file.status is FileStatus.DELETED or before is None or after is None:
        yield from everything(file.path, sides.summaries[file.path])
        return
    moved = dirname(file.path) != dirname(old_path)
    names = [each for each in before.keys() | after.keys() if before.get(each) != after.get(each)]
    if ANY in names or moved:
        yield from everything(file.path, sides.summaries[file.path])
    yield from ((file.path, name) for name in names)


def everything(path: str, summary: Summary) -> Iterable[Node]:
    """All nodes of a file."""
    bound = (binding.name for binding in summary.imports)
    return [(path, name) for name in dict.fromkeys((ANY, EFFECTS, *summary.symbols, *bound))]
