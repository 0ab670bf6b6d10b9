"""Write files where nothing stood before: exclusive, through no link, read-only."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = 0o755
_NO_CONTENT = "its content is not in the repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A regular file of a tree: its path, permissions, blob id and size in bytes."""

    path: str
    mode: int
    blob: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A directory being filled; two threads may fill it at once.

    Attributes:
        root: absolute path; made when it is not there.
        stamp: modification time of what is written, in whole seconds.
    """

    root: str
    stamp: int
    _made: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._make("")

    def write(self, entries: Iterable[Entry], contents: Mapping[str, memoryview]) -> dict[str, str]:
        """Write files from their blobs; returns path → reason of those that could not be."""
        failed = {}
        for entry in entries:
            content = contents.get(entry.blob)
            why = _NO_CONTENT if content is None else self._create(entry, content)
            if why:
                failed[entry.path] = why
        return failed

    def link(self, source: str, paths: Iterable[str]) -> dict[str, str]:
        """Link files of another tree under the same paths; returns as ``write``."""
        failed = {}
        for path in paths:
            try:
                os.link(f"{source}/{path}", self._place(path), follow_symlinks=False)
            except OSError as error:
                failed[path] = _reason(error)
        return failed

    def _create(self, entry: Entry, content: memoryview) -> str:
        """Write one file; returns why not, or nothing."""
        try:
            descriptor = os.open(self._place(entry.path), _CREATE, entry.mode)
            with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor
                os.fchmod(descriptor, entry.mode)  # whatever the umask
                file.write(content)
                os.utime(descriptor, (self.stamp, self.stamp))
        except OSError as error:
            return _reason(error)
        return ""

    def _place(self, path: str) -> str:
        """The absolute path, with the folders on the way made."""
        target = f"{self.root}/{path}"
        folder = target.rpartition("/")[0]
        if folder not in self._made:
            self._make(path)
        return target

    def _make(self, path: str) -> None:
        """Make the folders on the way to a path, open to other user ids whatever the umask."""
        folder = self.root
        for part in ("", *path.split("/")[:-1]):
            folder = f"{folder}/{part}" if part else folder
            if folder not in self._made:
                with suppress(FileExistsError):  # the other thread was faster
                    os.mkdir(folder)  # noqa: PTH102 - thousands of times
                os.chmod(folder, _FOLDER)  # noqa: PTH101 - to be read by other user ids
                self._made.add(folder)


def _reason(error: OSError) -> str:
    return f"it cannot be written here: {error.strerror}"
