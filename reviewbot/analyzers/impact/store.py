"""Summaries kept between runs: one per blob, valid for every commit that holds it."""

import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from reviewbot.analyzers.impact.summary import FORMAT

_FILE = "impact.sqlite"
_MANY = 500
_VERSION = f"{FORMAT}-{sys.version_info.major}.{sys.version_info.minor}"
"""A newer Python understands more, so what it says of a blob may differ."""


class Store:
    """A SQLite file in a directory, or nothing; a damaged file is a miss, never an error."""

    def __init__(self, directory: str | None) -> None:
        """Keep summaries in ``directory``; None keeps nothing."""
        self._directory = directory

    def load(self, blobs: Sequence[str]) -> dict[str, Any]:
        """Blob id → the worker's JSON value, for those that are known."""
        found: dict[str, Any] = {}
        with suppress(sqlite3.Error, OSError, ValueError), self._open() as rows:
            for start in range(0, len(blobs) if rows else 0, _MANY):
                found.update(_select(rows, blobs[start : start + _MANY]))
        return found

    def save(self, values: Mapping[str, Any]) -> None:
        """Keep values by blob id."""
        lines = [(blob, _VERSION, json.dumps(value)) for blob, value in values.items()]
        with suppress(sqlite3.Error, OSError), self._open() as rows:
            if rows is not None and lines:
                rows.executemany("INSERT OR REPLACE INTO summary VALUES (?, ?, ?)", lines)
                rows.commit()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        if self._directory is None:
            yield None
            return
        Path(self._directory).mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(Path(self._directory, _FILE))) as rows:
            rows.execute(
                "CREATE TABLE IF NOT EXISTS summary"
                " (blob TEXT, version TEXT, value TEXT, PRIMARY KEY (blob, version))"
            )
            yield rows


def _select(rows: sqlite3.Connection | None, blobs: Sequence[str]) -> Iterator[tuple[str, Any]]:
    if rows is None:
        return
    marks = ",".join("?" * len(blobs))
    query = f"SELECT blob, value FROM summary WHERE version = ? AND blob IN ({marks})"  # noqa: S608 - marks only
    for blob, value in rows.execute(query, (_VERSION, *blobs)):
        yield blob, json.loads(value)
