"""``reviewbot trace``: a run that was, as text, a page, data, or for another viewer."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.journal import JOURNAL
from reviewbot.cli.output import emit, replace_file
from reviewbot.cli.surroundings import surroundings
from reviewbot.cli.traces import Runs, read_trace
from reviewbot.dag.diagram.chrome import chrome
from reviewbot.dag.diagram.dot import dot
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.diagram.page import page
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.journal.audit import Deviation
from reviewbot.dag.journal.reader import RunSummary
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.describe import amounts
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import written
from reviewbot.errors import UsageError
from reviewbot.render.view import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceOptions:
    """The options of the command as they were typed."""

    run: str | None = None
    path: str = "."
    journal: str | None = None
    form: str = "text"
    output: str | None = None
    listed: bool = False
    against: str | None = None


def run_trace(options: TraceOptions) -> int:
    """Print a run, the latest one if none is named, or the list of those that are kept.

    Raises:
        UsageError: there is no such run, or its trace cannot be read.
    """
    text = _text(options, runs_of(options.path, options.journal))
    if options.output is None:
        emit(text)
    elif not replace_file(Path(options.output), text):
        return ExitCode.NOT_PUBLISHED
    return ExitCode.REVIEWED


def _text(options: TraceOptions, runs: Runs) -> str:
    if options.listed:
        return "".join(f"{_row(each)}\n" for each in runs.summaries)
    if options.against is not None:
        found = runs.deviations(options.run or "", options.against)
        return "".join(f"{line}\n" for line in _compared(found))
    return FORMS[options.form](found_trace(options.run, runs))


def _compared(found: tuple[Deviation, ...]) -> Iterator[str]:
    if not found:
        yield "both runs did the same"
    for place, each in enumerate(found):
        yield printable(f"{'they part at ' if not place else '  then '}{each}")


def runs_of(path: str, journal: str | None) -> Runs:
    """The runs of a journal; of the one of the repository around a path when none is named.

    Raises:
        UsageError: the journal that is named is not there; nothing is kept here.
    """
    if journal is not None:
        if not Path(journal).exists():
            raise UsageError(f"{journal}: no such file")
        return Runs(Path(journal))
    # Looked at and left as it is: nothing is started here that it could be kept from.
    cache = surroundings(os.environ).cache_of(path)  # noqa: TID251 - the front door
    return Runs(Path(cache or os.devnull) / JOURNAL)


def found_trace(run: str | None, runs: Runs) -> Trace:
    """The trace in a file, or the run of this name, or the latest.

    Raises:
        UsageError: there is none.
    """
    if run is not None and (run.endswith(".json") or Path(run).is_file()):
        return read_trace(Path(run))
    return runs.load(run or "")


def _row(each: RunSummary) -> str:
    began = datetime.fromtimestamp(each.started, tz=UTC).isoformat(" ", timespec="seconds")
    commit = each.manifest.get("head", "")[:12]
    ended = f"  ended early: {each.ended}" if each.ended else ""
    told = f"{each.name}  {began}  {each.state.value:11} {each.seconds:8.1f} s  {commit}{ended}"
    return printable(told.rstrip())


def text(trace: Trace) -> str:
    """The run in lines: what it was, a bar per node, where the time went."""
    return "".join(f"{printable(line)}\n" for line in _lines(trace))


def _lines(trace: Trace) -> Iterator[str]:
    yield " ".join(filter(None, ["run", trace.run, trace.began and f"of {trace.began}"]))
    yield ""
    yield from timeline(trace.graph, trace.seconds)
    yield ""
    yield _sum(trace)
    seen = analytics(trace.graph)
    path = " > ".join(seen.critical_path)
    if path:
        yield f"critical path {seen.critical_seconds:.3f} s: {path}; bottleneck {seen.bottleneck}"
    yield from (f"breaker {key}: {state}" for key, state in trace.breakers.items())
    yield from (f"warning: {warning}" for warning in trace.warnings)


def _sum(trace: Trace) -> str:
    seen = analytics(trace.graph)
    win = f"{seen.work / trace.seconds:.2f} of {seen.speed_up:.2f} x" if trace.seconds else "none"
    parts = [
        f"{seen.nodes} nodes in {trace.seconds:.3f} s",
        f"depth {seen.depth}",
        f"width {seen.width}",
        f"work {seen.work:.3f} s",
        f"speed-up {win}",
        amounts(trace.spent),
        trace.ended and f"ended early: {trace.ended}",
        trace.state and f"{trace.state}: not all of it",
    ]
    return ", ".join(part for part in parts if part)


FORMS: Mapping[str, Callable[[Trace], str]] = {
    "text": text,
    "html": page,
    "json": lambda trace: written(trace, indent=2) + "\n",
    "chrome": lambda trace: chrome(trace) + "\n",
    "mermaid": lambda trace: mermaid(trace.graph),
    "dot": lambda trace: dot(trace.graph),
}
