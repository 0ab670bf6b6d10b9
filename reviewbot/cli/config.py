"""``reviewbot config``: whether the settings are good, and where each of them is from."""

from pathlib import Path

from reviewbot.cli.configuration import Overrides, parse_settings, read_text
from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.output import emit
from reviewbot.cli.surroundings import take_surroundings
from reviewbot.cli.wiring import lanes, verdict_policy
from reviewbot.dag.diagram.lines import lines
from reviewbot.dag.trace.describe import described
from reviewbot.errors import UsageError
from reviewbot.pipeline import review_graph
from reviewbot.process import Sandbox
from reviewbot.settings import FILE_NAME, Settings
from reviewbot.settings.explain import explained
from reviewbot.workspace.sources import TreeSources


def run_config_check(*, path: str, config: str | None, overrides: tuple[str, ...]) -> int:
    """Say that the settings of a directory are good, and draw the review that they give.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong; it says where.
        GraphError: the review cannot be run.
    """
    settings = settings_of(Path(path), config, overrides)
    graph = review_graph(
        lanes(settings, Sandbox()),
        verdict_policy(settings),
        lambda change: TreeSources(change=change),
    )
    emit("\n".join((f"{_name(Path(path), config)}: good", *lines(described(graph)))) + "\n")
    return ExitCode.REVIEWED


def run_config_explain(*, path: str, config: str | None, overrides: tuple[str, ...]) -> int:
    """Print every setting with its value and its origin.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong; it says where.
    """
    rows = explained(settings_of(Path(path), config, overrides))
    wide = max(len(row.key) for row in rows)
    broad = max(len(row.value) for row in rows)
    emit("".join(f"{row.key:{wide}}  {row.value:{broad}}  {row.origin}\n" for row in rows))
    return ExitCode.REVIEWED


def settings_of(directory: Path, config: str | None, overrides: tuple[str, ...]) -> Settings:
    """The settings in force in a directory of one's own.

    Raises:
        UsageError: the directory or the named settings file is not there.
        SettingsError: a key or value is wrong.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory}: no such directory")
    stronger = Overrides.of(take_surroundings().variables, overrides)
    file = Path(config) if config else directory / FILE_NAME
    if config is None and not file.is_file():
        return parse_settings("", FILE_NAME, stronger)
    try:
        return parse_settings(read_text(file), config or FILE_NAME, stronger)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error


def _name(directory: Path, config: str | None) -> str:
    file = config or FILE_NAME
    return file if config or (directory / FILE_NAME).is_file() else f"no {file}, the defaults"
