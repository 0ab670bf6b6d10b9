"""Findings of a commit, kept on disk, so that a base is analysed once."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any

from reviewbot.analyzers.answers.shape import shaped
from reviewbot.review.analysis import NotReviewed
from reviewbot.review.finding import Finding

_DIGEST = 64  # hex digits of a SHA-256: the first line of every file
_MOST = 4096
_SOMETIMES = "00"
"""What one name in 256 starts with: then is looked how many answers there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnalysis:
    """What one tool said about one commit.

    Attributes:
        findings: all of them, in order.
        hidden: those that a suppression comment hides.
        not_reviewed: what the tool could not look at.
    """

    findings: tuple[Finding, ...]
    hidden: tuple[Finding, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    key: tuple[str, ...]
    analysis: StoredAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFindings:
    """A directory with one file per key; every doubt about a file is a miss.

    Of more than 4096 answers the older half is forgotten, sooner or later.

    A key names everything the answer depends on: tool, version, hash of the configuration, hash of
    the environment, commit, hash of the file list. Only a tree with a commit has one.

    Attributes:
        directory: absolute path, made when first written; None when nothing is kept.
    """

    directory: str | None

    def load(self, key: Sequence[str]) -> StoredAnalysis | None:
        """The analysis saved under exactly this key, or None: absent, damaged or of another key."""
        if self.directory is None:
            return None
        try:
            record = _parse(self._file(self.directory, key).read_bytes())
        except (OSError, ValueError):
            return None
        return record.analysis if record.key == tuple(key) else None

    def save(self, key: Sequence[str], analysis: StoredAnalysis) -> None:
        """Keep an analysis; a disk that refuses, or text that is no Unicode, keeps nothing."""
        if self.directory is None:
            return
        with contextlib.suppress(OSError, ValueError):
            data = _dump(_Record(key=tuple(key), analysis=analysis))
            file = self._file(self.directory, key)
            _write(file, data)
            if file.name.startswith(_SOMETIMES):
                _forget_oldest(file.parent)

    @staticmethod
    def _file(directory: str, key: Sequence[str]) -> Path:
        return Path(directory, f"{digest(*key)}.json")


def digest(*parts: str | bytes) -> str:
    """32 hex digits for a list of parts; lists that differ in any part or border differ."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        total.update(b"%d:" % len(raw) + raw)
    return total.hexdigest()[:32]


def _dump(record: _Record) -> bytes:
    body = json.dumps(record, default=_plain).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _plain(value: Any) -> object:  # noqa: ANN401 - a dataclass or an enum, as ``_reader`` reads it
    if isinstance(value, Enum):
        return value.value
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _parse(data: bytes) -> _Record:
    """Raises ValueError: damaged, or written by another version."""
    claimed, body = data[:_DIGEST], data[_DIGEST + 1 :]
    if hashlib.sha256(body).hexdigest().encode() != claimed:
        raise ValueError("damaged")
    return shaped(json.loads(body), _Record)


def _write(path: Path, data: bytes) -> None:
    """Under a name of its own first: a reader sees the old file, the new one, or none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_oldest(directory: Path) -> None:
    found = list(directory.iterdir())
    if len(found) > _MOST:
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[_MOST // 2 :]:
            path.unlink(missing_ok=True)
