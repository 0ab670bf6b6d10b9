"""``reviewbot graph``: the graph of a review with its waves, before anything runs."""

from pathlib import Path

from reviewbot.cli.configuration import parse_settings, read_text
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import emit
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.diagram.mermaid import mermaid
from reviewbot.errors import UsageError
from reviewbot.pipeline import review_graph
from reviewbot.process import Sandbox
from reviewbot.settings import FILE_NAME, Settings
from reviewbot.workspace.sources import TreeSources


def run_graph(*, path: str, form: str, config: str | None) -> int:
    """Print the graph that the settings of a directory give.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong.
    """
    settings = _settings(Path(path), config)
    graph = review_graph(
        lanes(settings, Sandbox()),
        verdict_policy(settings),
        lambda change: TreeSources(change=change),
    )
    text = mermaid(graph) if form == "mermaid" else "\n".join(lines(graph))
    emit(text.rstrip() + "\n")
    return ExitCode.REVIEWED


def _settings(directory: Path, config: str | None) -> Settings:
    if not directory.is_dir():
        raise UsageError(f"{directory}: no such directory")
    file = Path(config) if config else directory / FILE_NAME
    if config is None and not file.is_file():
        return Settings()
    try:
        return parse_settings(read_text(file), config or FILE_NAME)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
