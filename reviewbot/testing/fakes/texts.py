"""A change as texts in memory: both sides, the real Diff between them, and the Change itself."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewbot.review.diff import Diff, Edit, FileDiff, FileStatus, Hunk

Files = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The texts of both sides; ``renames`` maps head paths to base paths, ``copies`` likewise."""

    before: Files = field(default_factory=dict)
    after: Files = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)

    def head(self, path: str) -> str | None:
        """The text of a file on the head, None when it is not there."""
        return self.after.get(path)

    def base(self, path: str) -> str | None:
        """The text of a file on the base, None when it is not there."""
        return self.before.get(path)

    @property
    def diff(self) -> Diff:
        """What git would say, without context lines."""
        moved = set(self.renames.values())
        changed = [path for path in sorted(self.after) if self._status(path) is not None]
        gone = [path for path in sorted(self.before) if path not in self.after]
        return Diff(
            files=(
                *(self._file(path) for path in changed),
                *(self._deleted(path) for path in gone if path not in moved),
            )
        )

    def _status(self, path: str) -> FileStatus | None:
        if path in self.renames:
            return FileStatus.RENAMED
        if path in self.copies:
            return FileStatus.COPIED
        if path not in self.before:
            return FileStatus.ADDED
        return FileStatus.MODIFIED if self.before[path] != self.after[path] else None

    def _file(self, path: str) -> FileDiff:
        status = self._status(path) or FileStatus.MODIFIED
        old = self.renames.get(path) or self.copies.get(path)
        old = old or (path if path in self.before else None)
        before = self.before[old] if old else ""
        return FileDiff(
            status=status, path=path, old_path=old, hunks=hunks(before, self.after[path])
        )

    def _deleted(self, path: str) -> FileDiff:
        return FileDiff(
            status=FileStatus.DELETED,
            path=path,
            old_path=path,
            hunks=hunks(self.before[path], ""),
        )


def hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """One hunk for each edit, numbered as ``diff -U0`` does."""
    old, new = before.splitlines(), after.splitlines()
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(_hunk(code[1:]) for code in codes if code[0] != "equal")


def _hunk(span: tuple[int, int, int, int]) -> Hunk:
    low, high, first, last = span
    edit = Edit(
        base_start=low + (high > low),
        base_count=high - low,
        head_start=first + (last > first),
        head_count=last - first,
    )
    return Hunk(
        base_start=edit.base_start,
        base_count=edit.base_count,
        head_start=edit.head_start,
        head_count=edit.head_count,
        edits=(edit,),
    )
