"""A patch whose every line ends as on Windows: what of that was the code, and what a mail did."""

import io
import re
from collections.abc import Iterator

_END, _WINDOWS = b"\n", b"\r\n"
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_FILE = b"diff --git "


def ends_as_on_windows(patch: bytes) -> bool:
    """Whether every line does; git ends its own with a line feed, whatever the code's end with."""
    return 0 < patch.count(_END) == patch.count(_WINDOWS)


def without_windows(patch: bytes) -> bytes:
    """The patch of code that ends its lines with a line feed."""
    return patch.replace(_WINDOWS, _END)


def of_windows_code(patch: bytes) -> bytes:
    """The patch of code that ends its lines as on Windows: only git's own lines are changed."""
    return b"".join(_lines(patch))


def by_file(patch: bytes) -> tuple[bytes, ...]:
    """The parts of a patch of git, one per file; whatever stands above the first goes with it."""
    head, *rest = patch.split(b"\n" + _FILE)
    parts = [head, *(_FILE + each for each in rest)]
    return tuple(each if each.endswith(_END) else each + _END for each in parts)


def _lines(patch: bytes) -> Iterator[bytes]:
    old = new = 0
    for line in io.BytesIO(patch):
        sign = line[:1]
        if (old or new) and sign in {b" ", b"-", b"+", b"\r"}:
            old -= sign != b"+"
            new -= sign != b"-"
            yield line
        else:
            if found := _HUNK.match(line):
                old, new = (1 if each is None else int(each) for each in found.groups())
            yield without_windows(line)
