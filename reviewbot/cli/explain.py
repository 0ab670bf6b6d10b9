"""``reviewbot explain``: why a node ran or did not, and what would keep it from running."""

from collections.abc import Iterator
from pathlib import Path

from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.graph import graph_of
from reviewbot.cli.output import emit
from reviewbot.cli.trace import found_trace, runs_of
from reviewbot.dag.diagram.explanation import explanation
from reviewbot.dag.diagram.walk import find, steps
from reviewbot.dag.error import nearest
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Section, Trace
from reviewbot.errors import UsageError
from reviewbot.render.view import printable


def run_explain(  # noqa: PLR0913 - the options of the command
    *,
    node: str,
    run: str | None,
    path: str,
    planned: bool,
    config: str | None,
    overrides: tuple[str, ...],
    journal: str | None,
) -> int:
    """Explain a node of a run; of the latest one, or of the next one when nothing ran yet.

    Raises:
        UsageError: there is no such node or no such run.
        SettingsError: the settings that the next run would have are wrong.
    """
    runs = runs_of(path, journal)
    if planned or (run is None and not runs.summaries):
        section = described(graph_of(Path(path), config, overrides))
        told = "the next run, as the settings have it"
    else:
        trace = found_trace(run, runs)
        section, told = trace.graph, _of(trace)
    lines = (f"{printable(line)}\n" for line in (told, "", *_explained(section, node)))
    emit("".join(lines))
    return ExitCode.REVIEWED


def _of(trace: Trace) -> str:
    return " ".join(filter(None, ["run", trace.run, trace.began and f"of {trace.began}"]))


def _explained(section: Section, node: str) -> Iterator[str]:
    step = find(section, node)
    if step is None:
        known = tuple(each.path for each in steps(section))
        raise UsageError(
            f"no node '{node}'{nearest(node, known)}", hint=f"there are {', '.join(known[:20])}"
        )
    yield from explanation(step)
