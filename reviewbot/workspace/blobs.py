"""Files as git blobs, byte for byte, written into our own store."""

import hashlib
import os
import secrets
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path

from reviewbot.workspace.git import LARGEST
from reviewbot.workspace.store import Store

LINK = "120000"
PLAIN = "100644"
EXECUTABLE = "100755"


class Unfit(Exception):
    """A path that no blob is made of; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBlob:
    """The mode and the content of a path, as git would record them."""

    mode: str
    content: bytes


def read_file(path: bytes) -> FileBlob | None:
    """A regular file or a symlink; None when nothing is there.

    Raises:
        Unfit: too large, unreadable, or neither a file nor a link.
    """
    try:
        about = os.lstat(path)
        if stat.S_ISLNK(about.st_mode):
            return FileBlob(mode=LINK, content=os.readlink(path))  # noqa: PTH115 - bytes
        if not stat.S_ISREG(about.st_mode):
            raise Unfit("it is neither a file nor a link")
        if about.st_size > LARGEST:
            raise Unfit("too large to review")
        mode = EXECUTABLE if about.st_mode & stat.S_IXUSR else PLAIN
        return FileBlob(mode=mode, content=_content(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unfit(f"it cannot be read: {error.strerror}") from error


def _content(path: bytes) -> bytes:
    """At most one byte more than is reviewed; a link or pipe put there meanwhile is an error."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - pathlib cannot refuse to follow a link
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unfit("too large to review")
    return content


def blob_id(content: bytes, hash_name: str) -> str:
    """The id of a blob: the hash of ``blob <length>``, a NUL and the content (gitformat)."""
    return hashlib.new(hash_name, _framed(content), usedforsecurity=False).hexdigest()


def write_blob(store: Store, content: bytes) -> str:
    """Keep a blob as a loose object of the store; returns its id."""
    name = blob_id(content, store.hash_name)
    target = Path(store.folder) / "objects" / name[:2] / name[2:]
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        draft = target.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_bytes(zlib.compress(_framed(content), level=1))
        draft.rename(target)
    return name


def _framed(content: bytes) -> bytes:
    return b"blob %d\0" % len(content) + content
