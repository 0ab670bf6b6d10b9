"""Reviews are written down while they run, so that one that was killed goes on where it was."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from reviewbot import __version__
from reviewbot.analyzers.versions import tool_version
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.record import RunRecord
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.text import written
from reviewbot.errors import UsageError
from reviewbot.pipeline import CHANGE
from reviewbot.review.analysis import Change, Tree
from reviewbot.settings import Settings

Manifest = Mapping[str, str]

JOURNAL = "journal.sqlite3"
LATEST = "latest"
_KEPT = 50
"""Finished runs that are kept for ``trace`` and ``explain``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where runs are written down, and whether one of them goes on.

    Attributes:
        file: the journal; None writes nothing down.
        asked: whether somebody named the file, and wants to hear when it cannot be used.
        resume: the run that goes on, ``latest`` for the newest of the same change, or empty.
        silently: whether a new run begins without a word when there is nothing to go on with.
    """

    file: Path | None = None
    asked: bool = False
    resume: str = ""
    silently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDown:
    """A run that is being written down, or the reason why it is not.

    Attributes:
        record: for the engine.
        notes: one line each, for the reader.
    """

    record: RunRecord | None = None
    notes: tuple[str, ...] = field(default=())


@contextmanager
def written_down(
    keeping: Keeping, graph: Graph, change: Change, settings: Settings
) -> Iterator[WrittenDown]:
    """The record of a review.

    A journal that nobody asked for and that cannot be used costs the review nothing but a note.

    Raises:
        UsageError: the journal, or the run that is to go on, was asked for and cannot be used.
    """
    if keeping.file is None:
        yield WrittenDown()
        return
    try:
        keeping.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        journal = Journal.open(keeping.file)
    except (JournalError, OSError) as error:
        yield _without(error, keeping)
        return
    with journal:
        try:
            found = _begun(journal, keeping, graph, manifest_of(change, settings))
        except (JournalError, OSError) as error:
            yield _without(error, keeping)
            return
        with found.record or nullcontext():
            yield found
        with suppress(JournalError, OSError):  # what is kept too long hurts nobody
            journal.forget(keep=_KEPT)


def _without(error: Exception, keeping: Keeping) -> WrittenDown:
    why = "; ".join(getattr(error, "problems", (str(error),)))
    if keeping.asked or keeping.resume:
        hint = "reviewbot trace --list shows the runs" if keeping.resume else ""
        raise UsageError(why, hint=hint) from error
    return WrittenDown(notes=(f"this run is not written down: {why}",))


def _begun(journal: Journal, keeping: Keeping, graph: Graph, manifest: Manifest) -> WrittenDown:
    """A new run, or the one that is to go on.

    Raises:
        JournalError: the run that is named cannot go on.
        OSError: its lock cannot be made.
    """
    resume = keeping.resume
    if resume == LATEST:
        resume = _same(keeping.file or Path(JOURNAL), manifest)
        if not resume and not keeping.silently:
            note = "no earlier run of this change is in the journal: everything is run"
            return replace(_new(journal, graph, manifest), notes=(note,))
    if not resume:
        return _new(journal, graph, manifest)
    record = journal.resume(resume, graph, {CHANGE: manifest}, manifest=manifest)
    return WrittenDown(record=record, notes=(f"run {resume} goes on: what it finished stands",))


def _new(journal: Journal, graph: Graph, manifest: Manifest) -> WrittenDown:
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{token_hex(2)}"
    picture = written(described(graph))
    record = journal.begin(name, graph, {CHANGE: manifest}, manifest=manifest, picture=picture)
    return WrittenDown(record=record)


def _same(file: Path, manifest: Manifest) -> str:
    """The newest run that started from the same and is not going on; empty when there is none."""
    # Reading takes more modules than writing does, and few runs go on with another.
    from reviewbot.dag.journal.reader import Reader, State  # noqa: PLC0415

    with Reader.open(file) as reader:
        same = (each for each in reader.runs() if dict(each.manifest) == dict(manifest))
        return next((each.name for each in same if each.state is not State.RUNNING), "")


def manifest_of(change: Change, settings: Settings) -> Manifest:
    """All that a review depends on, as texts: two runs with equal ones find the same."""
    return {
        "reviewbot": __version__,
        "head": change.head.commit or "",
        "base": change.base.commit or "",
        "head tree": _content(change.head),
        "base tree": _content(change.base),
        "trust": change.trust.value,
        "tools": " ".join(f"{each} {tool_version(each)}" for each in ("ruff", "mypy", "bandit")),
        "environment": change.environment.version if change.environment else "",
        "settings": _digest(repr(replace(settings, origins={}))),
    }


def _content(tree: Tree) -> str:
    return _digest("\0".join(f"{path}\0{blob}" for path, blob in sorted(tree.files.items())))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
