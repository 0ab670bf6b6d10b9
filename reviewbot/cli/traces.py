"""Traces of runs as files: kept beside the caches, found by name, read with suspicion."""

import json
from collections.abc import Iterable
from pathlib import Path

from reviewbot.cli.output import replace_file
from reviewbot.dag.trace.document import SCHEMA, Trace
from reviewbot.dag.trace.text import written
from reviewbot.errors import UsageError

KEPT = 50
"""Traces that are kept per repository; the oldest go first."""
_LARGEST = 64 << 20


class Shelf:
    """The traces of one repository, newest first, as `<moment>.json` in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the runs, newest first."""
        return tuple(sorted((each.stem for each in self._files()), reverse=True))

    def _files(self) -> Iterable[Path]:
        return self._directory.glob("*.json")

    def keep(self, trace: Trace) -> str:
        """Write a trace and forget the oldest; gives its name, empty when it cannot be kept."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = self._free(trace.began.replace(":", "").replace("+0000", "") or "run")
            if not replace_file(self._directory / f"{name}.json", written(trace)):
                return ""
            for old in self.names[KEPT:]:
                (self._directory / f"{old}.json").unlink(missing_ok=True)
        except OSError:
            return ""  # a full or read-only cache costs no review
        return name

    def _free(self, wanted: str) -> str:
        taken = set(self.names)
        numbered = (f"{wanted}.{number}" for number in range(2, len(taken) + 3))
        return next(name for name in (wanted, *numbered) if name not in taken)

    def load(self, name: str) -> Trace:
        """The trace of this name, or of the only one whose name begins so.

        Raises:
            UsageError: none or several do; it cannot be read.
        """
        found = [each for each in self.names if each == name] or [
            each for each in self.names if each.startswith(name)
        ]
        if len(found) != 1:
            known = ", ".join((found or self.names)[:5]) or "none is kept"
            many = "several runs begin with" if found else "no run"
            raise UsageError(f"{many} '{name}'", hint=f"there are: {known}")
        return read_trace(self._directory / f"{found[0]}.json")


def read_trace(file: Path) -> Trace:
    """A trace from a file, which may be anybody's.

    Raises:
        UsageError: it is not there, too large, of another version, or no trace.
    """
    text = _text(file)
    schema = _schema(text)
    if schema != SCHEMA:
        raise UsageError(
            f"{file}: its schema is {schema or 'not stated'}, not {SCHEMA}",
            hint="read it with the version that wrote it" if schema else "this is no trace",
        )
    # A trace is written without it, and it takes longer to import than writing does.
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    try:
        return TypeAdapter(Trace).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the document"
        raise UsageError(f"{file}: {place}: {first['msg']}") from error


def _text(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file}: larger than {_LARGEST >> 20} MB")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def _schema(text: bytes) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    schema = document.get("schema", "") if isinstance(document, dict) else ""
    return schema if isinstance(schema, str) else ""
