"""Which files of a change a tool for Python is asked about."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewbot.analyzers.code.encoding import misleading_encoding
from reviewbot.review.analysis import Change, NotReviewed, Tree
from reviewbot.review.diff import FileStatus

_SUFFIXES = (".py", ".pyi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The changed files of both sides that a tool is asked about.

    Attributes:
        head: paths on the head, in the diff's order.
        base: paths on the base that were changed, renamed or deleted.
        excluded: paths on the head that a policy leaves out.
        not_reviewed: files on the head that no tool can be asked about.
    """

    head: tuple[str, ...]
    base: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()


def changed_python(
    change: Change, *, node: str, leave_out: Callable[[str], bool] = lambda _: False
) -> Selection:
    """The Python files that a change touches, as far as both trees hold them.

    A name that is no UTF-8 cannot be told from others in what a tool prints, and an encoding that
    a tool reads differently from Python hides code from it: such files are listed as not reviewed.

    Args:
        change: the change.
        node: the node that asks, for the reader.
        leave_out: a policy over paths; what it is true for is ``excluded``.
    """
    everything = changed_files(change)
    head = [path for path in _head_paths(change) if is_python(path)]
    gaps = tuple(_gaps(head, change.head, node))
    unread = {gap.path for gap in gaps}
    return Selection(
        head=tuple(path for path in head if path not in unread and not leave_out(path)),
        base=tuple(path for path in everything.base if is_python(path) and not leave_out(path)),
        excluded=tuple(path for path in head if path not in unread and leave_out(path)),
        not_reviewed=gaps,
    )


def changed_files(change: Change) -> Selection:
    """All changed files of both sides whose names are UTF-8, whatever they hold."""
    return Selection(
        head=tuple(filter(is_text, _head_paths(change))),
        base=tuple(filter(is_text, _base_paths(change))),
    )


def is_python(path: str) -> bool:
    """Whether a path names Python source or a stub."""
    return path.endswith(_SUFFIXES)


def is_text(path: str) -> bool:
    """Whether a path is UTF-8: undecodable bytes stand as surrogates in it."""
    return path.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in path)


def is_test(path: str) -> bool:
    """Whether a path looks like a test, by the names that pytest and unittest look for."""
    *directories, name = path.split("/")
    return (
        name == "conftest.py"
        or name.startswith("test_")
        or name.removesuffix("i").endswith("_test.py")
        or not {"test", "tests"}.isdisjoint(directories)
    )


def _gaps(paths: Iterable[str], tree: Tree, node: str) -> Iterator[NotReviewed]:
    for path in paths:
        if not is_text(path):
            yield NotReviewed(path=path, reason="its name is not UTF-8", node=node)
        elif encoding := misleading_encoding(Path(tree.root, path).read_bytes()):
            reason = f"it declares the encoding {encoding}, which tools read differently"
            yield NotReviewed(path=path, reason=reason, node=node)


def _head_paths(change: Change) -> tuple[str, ...]:
    return tuple(
        file.path
        for file in change.diff.files
        if file.status is not FileStatus.DELETED and file.path in change.head.files
    )


def _base_paths(change: Change) -> tuple[str, ...]:
    old = [file.old_path for file in change.diff.files if file.old_path in change.base.files]
    return tuple(dict.fromkeys(path for path in old if path is not None))
