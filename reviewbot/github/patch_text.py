"""A diff of many files as GitHub prints it → one FileDiff per file; pure.

Paths come from lines that name one path each; the ``diff --git`` line names two and cannot always
be told apart, so it is used only where both are the same. One file at a time is parsed, so that
none can take the others with it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from reviewbot.review.diff import FileDiff, FileStatus, PatchGarbled, parse_hunks

NO_FILE = "what it is cannot be read from GitHub's diff"
BINARY = "binary"

_CHUNK = re.compile(r"(?m)^(?=diff --git )")
_ODD_MODES = {"120000": "a symbolic link", "160000": "a submodule"}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_LETTERS = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_STATUSES = {
    "new file mode": FileStatus.ADDED,
    "deleted file mode": FileStatus.DELETED,
    "rename to": FileStatus.RENAMED,
    "copy to": FileStatus.COPIED,
}
_WORDS = re.compile(
    r"(---|\+\+\+|(?:rename|copy) (?:from|to)|(?:new|deleted) file mode|new mode|index"
    r"|Binary files|GIT binary patch) ?(.*)"
)
_MODE = re.compile(r"\b([0-7]{6})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What stands before the hunks of one file: the line of paths, and words with what follows."""

    first: str
    words: Mapping[str, str]

    def path(self, *names: str) -> str | None:
        """The first path that one of these words names; ``/dev/null`` is none."""
        for name in names:
            path = _path(self.words.get(name, "").removesuffix("\t"))
            if path and path != "/dev/null":
                return path if " " in name else path[2:]
        return None

    @property
    def status(self) -> FileStatus:
        found = (status for word, status in _STATUSES.items() if word in self.words)
        return next(found, FileStatus.MODIFIED)

    @property
    def unreadable(self) -> str:
        """Why there are no lines to read, or an empty string."""
        for word in ("new file mode", "deleted file mode", "new mode", "index"):
            mode = _MODE.search(self.words.get(word, ""))
            if mode is not None and mode[1] in _ODD_MODES:
                return _ODD_MODES[mode[1]]
        is_binary = "Binary files" in self.words or "GIT binary patch" in self.words
        return BINARY if is_binary else ""


def parse_patch(text: str) -> tuple[FileDiff, ...]:
    """All files of a diff, in its order.

    Args:
        text: starts with ``diff --git``; undecodable bytes as surrogates.

    Returns:
        One FileDiff per file; a file whose type changed comes as a deletion and an addition of one
        path, and is one here. What could not be read says so in ``unreadable``; a file whose path
        could not be read has an empty one.
    """
    files = map(_file, filter(None, _CHUNK.split(text)))
    return tuple(_merged(list(group)) for _, group in groupby(files, key=_Pairs()))


class _Pairs:
    """Groups a deletion with the addition of the same path right after it."""

    def __init__(self) -> None:
        self._number = 0
        self._last: FileDiff | None = None

    def __call__(self, each: FileDiff) -> int:
        last, self._last = self._last, each
        is_pair = (
            last is not None
            and (last.status, each.status) == (FileStatus.DELETED, FileStatus.ADDED)
            and last.path == each.path != ""
        )
        self._number += not is_pair
        return self._number


def _merged(group: list[FileDiff]) -> FileDiff:
    first, last = group[0], group[-1]
    if first is last:
        return first
    hunks = () if last.unreadable else first.hunks + last.hunks
    kind = FileStatus.TYPE_CHANGED
    return replace(first, status=kind, hunks=hunks, unreadable=last.unreadable)


def _file(chunk: str) -> FileDiff:
    at = chunk.find("\n@@ ")
    header = _header(chunk if at < 0 else chunk[:at])
    path = header.path("rename to", "copy to", "+++", "---") or _same_path(header.first)
    old_path = header.path("rename from", "copy from", "---") or path
    found = FileDiff(
        status=header.status,
        path=path or "",
        old_path=None if header.status is FileStatus.ADDED else old_path,
        unreadable=header.unreadable or ("" if path else NO_FILE),
    )
    if at < 0 or found.unreadable:
        return found
    try:
        return replace(found, hunks=parse_hunks(chunk[at + 1 :]))
    except PatchGarbled as error:
        return replace(found, unreadable=f"its diff cannot be parsed: {error}")


def _header(text: str) -> _Header:
    first, *lines = text.removeprefix("diff --git ").split("\n")
    return _Header(first=first, words=dict(_words(lines)))


def _words(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _WORDS.match(line)
        if found is not None:
            yield found[1], found[2]


def _path(text: str) -> str:
    """A path as git prints it: as it is, or quoted as in C with octal bytes."""
    quoted = _QUOTED.fullmatch(text)
    return _unquoted(quoted[1]) if quoted is not None else text


def _same_path(first: str) -> str | None:
    """The one path in ``a/<path> b/<path>``; two halves that differ are of a renamed file."""
    middle = len(first) // 2
    old, new = _path(first[:middle]), _path(first[middle + 1 :])
    is_same = old.startswith("a/") and new.startswith("b/") and old[2:] == new[2:]
    return old[2:] if is_same else None


def _unquoted(text: str) -> str:
    def byte(found: re.Match[str]) -> str:
        code = found[1]
        return chr(_LETTERS[code] if code in _LETTERS else int(code, 8))

    # characters stand for bytes here, and those that are no ASCII already are encoded before
    raw = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return _ESCAPE.sub(byte, raw).encode("latin-1").decode("utf-8", "surrogateescape")
