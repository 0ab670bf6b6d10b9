"""Small changes as values: two directories written to disk and the real Diff between them."""

import difflib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from reviewbot.process import Sandbox
from reviewbot.review.analysis import Change, Environment, Tree, Trust
from reviewbot.review.diff import Diff, Edit, FileDiff, FileStatus, Hunk

_CONTEXT = 3

Files = Mapping[str, str | bytes]


class MakeChange(Protocol):
    """Writes both trees and compares them; ``renames`` maps a head path to its base path."""

    def __call__(
        self,
        *,
        base: Files | None = None,
        head: Files | None = None,
        renames: Mapping[str, str] | None = None,
        trust: Trust = Trust.UNTRUSTED,
        environment: Environment | None = None,
        cache: str | None = None,
    ) -> Change: ...


@pytest.fixture
def programs() -> Sandbox:
    """The real door to the real tools."""
    return Sandbox()


@pytest.fixture
def change(world_readable: Path) -> MakeChange:
    """A factory: ``change(base={"a.py": "…"}, head={"a.py": "…"})``."""
    made: list[Path] = []

    def make(
        *,
        base: Files | None = None,
        head: Files | None = None,
        renames: Mapping[str, str] | None = None,
        trust: Trust = Trust.UNTRUSTED,
        environment: Environment | None = None,
        cache: str | None = None,
    ) -> Change:
        root = world_readable / str(len(made))
        made.append(root)
        base, head = base or {}, head or {}
        return Change(
            diff=_diff(base, head, renames or {}),
            head=_tree(root / "head", head),
            base=_tree(root / "base", base),
            trust=trust,
            environment=environment,
            no_environment="" if environment else "none was made",
            cache=cache,
        )

    return make


@pytest.fixture
def world_readable() -> Iterator[Path]:
    """A directory that a child with another user id can read; pytest's own is closed."""
    directory = Path(tempfile.mkdtemp(prefix="reviewbot-test-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def _tree(root: Path, files: Files) -> Tree:
    root.mkdir(parents=True)
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_bytes(content))
    blobs = {path: _blob(_bytes(content)) for path, content in files.items()}
    commit = hashlib.sha1(repr(sorted(blobs.items())).encode()).hexdigest()  # noqa: S324 -- as git
    return Tree(root=str(root), commit=commit, files=blobs)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()  # noqa: S324 -- as git


def _diff(base: Files, head: Files, renames: Mapping[str, str]) -> Diff:
    moved = set(renames.values())
    gone = [path for path in base if path not in head and path not in moved]
    old = {path: renames.get(path, path if path in base else None) for path in head}
    files = [
        _file(path, old[path], base, head)
        for path in sorted(head)
        if path in renames or base.get(path) != head[path]
    ]
    files += [_file(path, path, base, head) for path in sorted(gone)]
    return Diff(files=tuple(files))


def _file(path: str, old_path: str | None, base: Files, head: Files) -> FileDiff:
    before = _lines(base[old_path]) if old_path is not None else []
    after = _lines(head[path]) if path in head else []
    if path not in head:
        status = FileStatus.DELETED
    elif old_path is None:
        status = FileStatus.ADDED
    else:
        status = FileStatus.MODIFIED if old_path == path else FileStatus.RENAMED
    return FileDiff(status=status, path=path, old_path=old_path, hunks=_hunks(before, after))


def _lines(content: str | bytes) -> list[str]:
    return _bytes(content).decode("utf-8", "surrogateescape").split("\n")[: _count(content)]


def _count(content: str | bytes) -> int:
    raw = _bytes(content)
    return raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw))


def _hunks(before: Sequence[str], after: Sequence[str]) -> tuple[Hunk, ...]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return tuple(_hunk(group, before, after) for group in matcher.get_grouped_opcodes(_CONTEXT))


def _hunk(
    group: Sequence[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]
) -> Hunk:
    edits: list[Edit] = []
    lines: list[tuple[str, str]] = []
    for tag, low, high, first, last in group:
        if tag == "equal":
            lines += [(" ", text) for text in before[low:high]]
            continue
        lines += [("-", text) for text in before[low:high]]
        lines += [("+", text) for text in after[first:last]]
        edits.append(
            Edit(
                base_start=low + (high > low),
                base_count=high - low,
                head_start=first + (last > first),
                head_count=last - first,
            )
        )
    return Hunk(
        base_start=group[0][1] + 1,
        base_count=group[-1][2] - group[0][1],
        head_start=group[0][3] + 1,
        head_count=group[-1][4] - group[0][3],
        edits=tuple(edits),
        lines=tuple(lines),
    )
