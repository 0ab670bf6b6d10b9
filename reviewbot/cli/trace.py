"""``reviewbot trace``: a run that was, as text, a page, data, or for another viewer."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import emit, replace_file
from reviewbot.cli.surroundings import surroundings
from reviewbot.cli.traces import Shelf, read_trace
from reviewbot.dag.diagram.chrome import chrome
from reviewbot.dag.diagram.dot import dot
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.diagram.page import page
from reviewbot.dag.diagram.timeline import timeline
from reviewbot.dag.trace.analytics import analytics
from reviewbot.dag.trace.describe import amounts
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.trace.text import written
from reviewbot.errors import UsageError
from reviewbot.render.view import printable

FOLDER = "traces"


def run_trace(*, run: str | None, path: str, form: str, output: str | None, listed: bool) -> int:
    """Print a run, the latest one if none is named, or the list of those that are kept.

    Raises:
        UsageError: there is no such run, or its trace cannot be read.
    """
    shelf = shelf_of(path)
    if listed:
        emit("".join(f"{line}\n" for line in _list(shelf)))
        return ExitCode.REVIEWED
    text = FORMS[form](found_trace(run, shelf))
    if output is None:
        emit(text)
    elif not replace_file(Path(output), text):
        return ExitCode.NOT_PUBLISHED
    return ExitCode.REVIEWED


def shelf_of(path: str) -> Shelf | None:
    """Where the traces of the repository around a path are kept; None where nothing is."""
    # Looked at and left as it is: nothing is started here that it could be kept from.
    cache = surroundings(os.environ).cache_of(path)  # noqa: TID251 - the front door
    return None if cache is None else Shelf(Path(cache) / FOLDER)


def found_trace(run: str | None, shelf: Shelf | None) -> Trace:
    """The trace in a file, or the one that is kept under a name, or the latest.

    Raises:
        UsageError: there is none.
    """
    if run is not None and (run.endswith(".json") or Path(run).is_file()):
        return read_trace(Path(run))
    names = () if shelf is None else shelf.names
    if shelf is None or not names:
        raise UsageError("no run is kept here", hint="run a review first, or name a trace.json")
    return shelf.load(names[0] if run is None else run)


def _list(shelf: Shelf | None) -> Iterator[str]:
    for name in () if shelf is None else shelf.names:
        try:
            trace = shelf.load(name) if shelf else None
        except UsageError as error:
            yield f"{name}  cannot be read: {printable(error.message)}"
            continue
        if trace is not None:
            yield f"{name}  {printable(_sum(trace))}"


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
