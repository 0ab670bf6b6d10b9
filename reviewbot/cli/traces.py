"""Traces of runs: from the journal that reviews are written down in, or from a file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reviewbot.dag.journal.audit import Deviation, deviation, deviations
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.reader import Reader, RecordedRun, RunSummary, State
from reviewbot.dag.trace.check import problems, trace_problems
from reviewbot.dag.trace.document import SCHEMA, Section, Trace
from reviewbot.dag.trace.record import Notes, sketched, traced
from reviewbot.errors import UsageError

_LARGEST = 64 << 20


class Runs:
    """The runs of a journal as traces, newest first; also one that is still going on."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def summaries(self) -> tuple[RunSummary, ...]:
        """What is known of each run without reading its nodes; nothing where no journal is.

        Raises:
            UsageError: the journal cannot be read.
        """
        if not self._file.exists():
            return ()
        with _refused(), Reader.open(self._file) as reader:
            return reader.runs()

    def load(self, name: str = "") -> Trace:
        """The run of this name, or the only one whose name begins so; without one the newest.

        Raises:
            UsageError: none or several do; the journal cannot be read.
        """
        named = self._named(name)
        with _refused(), Reader.open(self._file) as reader:
            return _sound(_traced(reader.load(named)), self._file)

    def deviations(self, name: str, other: str) -> tuple[Deviation, ...]:
        """In what a run differs from another one: where they part first, then all the rest.

        Raises:
            UsageError: as `load`.
        """
        names = self._named(name), self._named(other)
        with _refused(), Reader.open(self._file) as reader:
            after, before = map(reader.load, names)
            first = deviation(before, after)
            rest = (each for each in deviations(before, after) if each != first)
            return () if first is None else (first, *rest)

    def _named(self, name: str) -> str:
        names = tuple(each.name for each in self.summaries)
        if not names:
            raise UsageError("no run is kept", hint="run a review first, or name a trace.json")
        found = [each for each in names if each == name] or [
            each for each in names if each.startswith(name)
        ]
        if not found or (name and len(found) > 1):
            many = "several runs begin with" if found else "no run"
            raise UsageError(
                f"{many} '{name}'", hint=f"there are {', '.join((found or names)[:5])}"
            )
        return found[0]


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except JournalError as error:
        raise UsageError(str(error)) from error


def _traced(recorded: RecordedRun) -> Trace:
    summary, run = recorded.summary, recorded.run
    began = datetime.fromtimestamp(summary.started, tz=UTC).isoformat(timespec="seconds")
    notes = Notes(
        began=began,
        digests={path: node.digest for path, node in recorded.nodes.items() if node.digest},
        inputs=recorded.inputs,
        manifest=summary.manifest,
        state="" if summary.state is State.FINISHED else summary.state.value,
    )
    return traced(_graph(recorded.picture) if recorded.picture else sketched(run), run, notes)


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
        trace = TypeAdapter(Trace).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the document"
        raise UsageError(f"{file}: {place}: {first['msg']}") from error
    return _sound(trace, file)


def _sound(trace: Trace, file: Path) -> Trace:
    """The trace, unless somebody made one up that cannot be drawn."""
    for problem in trace_problems(trace):
        raise UsageError(f"{file}: {problem}")
    return trace


def _graph(picture: str) -> Section:
    """The graph in the text that a journal keeps.

    Raises:
        UsageError: it is none.
    """
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - as above

    try:
        section = TypeAdapter(Section).validate_json(picture)
    except ValidationError as error:
        raise UsageError("what the journal holds of the graph is no graph") from error
    for problem in problems(section):
        raise UsageError(f"what the journal holds of the graph is no graph: {problem}")
    return section


def _text(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            text = stream.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    if len(text) > _LARGEST:
        raise UsageError(f"{file}: larger than {_LARGEST >> 20} MB")
    return text


def _schema(text: bytes) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    schema = document.get("schema", "") if isinstance(document, dict) else ""
    return schema if isinstance(schema, str) else ""
