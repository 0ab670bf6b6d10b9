"""``reviewbot graph``: the graph of a review with its waves, before anything runs."""

from collections.abc import Callable, Mapping
from pathlib import Path

from reviewbot.cli.config import settings_of
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import emit
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.dag.diagram.dot import dot
from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.dag.graph import Graph
from reviewbot.dag.trace.describe import described
from reviewbot.dag.trace.document import Section
from reviewbot.dag.trace.text import written
from reviewbot.pipeline import review_graph
from reviewbot.process import Sandbox
from reviewbot.render.view import printable
from reviewbot.workspace.sources import TreeSources

FORMS: Mapping[str, Callable[[Section], str]] = {
    "text": lambda section: "\n".join(map(printable, lines(section))),
    "mermaid": mermaid,
    "dot": dot,
    "json": lambda section: written(section, indent=2),
}


def run_graph(*, path: str, form: str, config: str | None, overrides: tuple[str, ...]) -> int:
    """Print the graph that the settings of a directory give.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong.
    """
    section = described(graph_of(Path(path), config, overrides))
    emit(FORMS[form](section).rstrip() + "\n")
    return ExitCode.REVIEWED


def graph_of(directory: Path, config: str | None, overrides: tuple[str, ...]) -> Graph:
    """The graph that the settings of a directory give; nothing is opened and nothing runs.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong.
    """
    settings = settings_of(directory, config, overrides)
    return review_graph(
        lanes(settings, Sandbox()),
        verdict_policy(settings),
        lambda change: TreeSources(change=change),
    )
