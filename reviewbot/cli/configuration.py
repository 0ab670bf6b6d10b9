"""Which settings are in force: the base's for a stranger's change, one's own otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reviewbot.errors import SettingsError, UsageError
from reviewbot.review.analysis import Change, Trust
from reviewbot.settings import FILE_NAME, Settings

OVERRIDES = "REVIEWBOT_SET"
_MOST = (64 << 10) + 1
"""Characters: one more than the parser takes, and not all that a device could give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The effective settings and what there is to say about where they come from."""

    settings: Settings
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Settings that are stronger than any file, as ``KEY=VALUE``.

    Attributes:
        environment: of the variable ``REVIEWBOT_SET``, one per line or between semicolons.
        command: of ``--set``; these win.
    """

    environment: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    @classmethod
    def of(cls, variables: Mapping[str, str], command: tuple[str, ...] = ()) -> "Overrides":
        """Those that an environment and a command line state."""
        stated = variables.get(OVERRIDES, "").replace(";", "\n").splitlines()
        return cls(environment=tuple(each for each in stated if each.strip()), command=command)

    def __bool__(self) -> bool:
        return bool(self.environment or self.command)


NONE = Overrides()


def configure(
    change: Change, file: str | None, *, of_base: bool = False, overrides: Overrides = NONE
) -> Configuration:
    """Read the settings of a review.

    Args:
        change: a stranger's change takes the base's file, so that nobody edits their own
            reviewer; one's own working tree takes its own.
        file: a file named on the command line, or None.
        of_base: the file is a path in the base's tree, where a stranger cannot write it.
        overrides: what the environment and the command line say.

    Raises:
        UsageError: the named file cannot be read.
        SettingsError: a key or value is wrong.
    """
    if file is not None:
        text = _read_base(change, file) if of_base else _read_named(file)
        return Configuration(settings=parse_settings(text, file, overrides))
    stranger = change.trust is Trust.UNTRUSTED
    tree = change.base if stranger else change.head
    text = read_text(Path(tree.root, FILE_NAME)) if FILE_NAME in tree.files else ""
    edited = change.head.files.get(FILE_NAME) != change.base.files.get(FILE_NAME)
    note = f"{FILE_NAME} is changed; the base's settings are in force"
    settings = parse_settings(text, FILE_NAME, overrides)
    return Configuration(settings=settings, notes=(note,) if stranger and edited else ())


def equipped(change: Change, settings: Settings) -> Change:
    """The change with the environment that the settings allow; ``setup: none`` allows none."""
    if settings.setup == "auto":
        return change
    return replace(change, environment=None, no_environment="setup: none")


def parse_settings(text: str, name: str, overrides: Overrides = NONE) -> Settings:
    """The settings in a text under what is stronger; see ``load_settings``."""
    if not text.strip() and not overrides:
        return Settings()
    # The validator takes longer to import than all that most reviews need before they start.
    from reviewbot.settings.load import load_settings  # noqa: PLC0415
    from reviewbot.settings.override import parse_overrides  # noqa: PLC0415

    stronger = (
        *parse_overrides(overrides.environment, OVERRIDES),
        *parse_overrides(overrides.command, "--set"),
    )
    return load_settings(text, name, stronger)


def read_text(path: Path) -> str:
    """The text of a settings file, cut where it is larger than the parser takes.

    Raises:
        OSError: it cannot be read.
        SettingsError: it is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_MOST)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name}:1: not UTF-8") from error


def _read_base(change: Change, file: str) -> str:
    if file not in change.base.files:
        raise UsageError(f"config: the base has no file {file}")
    return read_text(Path(change.base.root, file))


def _read_named(file: str) -> str:
    try:
        return read_text(Path(file))
    except OSError as error:
        raise UsageError(f"--config {file}: {error.strerror}") from error
