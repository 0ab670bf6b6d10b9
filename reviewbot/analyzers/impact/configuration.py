"""What a project's own files say about its tests: read as data, never executed."""

import configparser
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from posixpath import basename
from typing import Any

_PATTERNS = ("test_*.py", "*_test.py", "tests_*.py", "test.py", "tests.py")
_INI = (("pytest.ini", "pytest"), (".pytest.ini", "pytest"), ("tox.ini", "pytest"))
_SETUP = ("setup.cfg", "tool:pytest")
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The part of a project's configuration that says what a test is.

    Attributes:
        patterns: what test files are called; with ``/`` they match the whole path.
        folders: where tests are looked for, when the project names its own patterns; empty for
            everywhere.
        doctests: whether docstrings are run.
        aliases: console script or entry point group → the dotted names behind it.
    """

    patterns: tuple[str, ...] = _PATTERNS
    folders: tuple[str, ...] = ()
    doctests: bool = False
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_test(self, path: str) -> bool:
        """Whether a path is a test file."""
        if self.folders and not any(_below(path, folder) for folder in self.folders):
            return False
        return any(
            fnmatch(path if "/" in pattern else basename(path), pattern)
            for pattern in self.patterns
        )


def read_configuration(root: str) -> Configuration:
    """The configuration of the tree at ``root``; a broken file counts as absent."""
    project = _toml(Path(root, "pyproject.toml"))
    setup = _ini(Path(root, "setup.cfg"))
    options = _options(root, project, setup)
    patterns = _words(options.get("python_files", ()))
    arguments = " ".join(_words(options.get("addopts", ())))
    return Configuration(
        patterns=patterns or _PATTERNS,
        folders=tuple(each.strip("./") for each in _words(options.get("testpaths", ())))
        if patterns
        else (),
        doctests="--doctest" in arguments,
        aliases=dict(_aliases(project, setup)),
    )


def _options(
    root: str, project: Mapping[str, Any], setup: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Any]:
    """The first section that pytest would take, in its order."""
    for name, section in _INI[:2]:
        if found := _ini(Path(root, name)).get(section):
            return found
    tool = _table(_table(project, "tool"), "pytest")
    if found := _table(tool, "ini_options") or tool:
        return found
    name, section = _INI[2]
    return _ini(Path(root, name)).get(section) or setup.get(_SETUP[1], {})


def _aliases(
    project: Mapping[str, Any], setup: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    table = _table(project, "project")
    poetry = _table(_table(_table(project, "tool"), "poetry"), "scripts")
    for scripts in (_table(table, "scripts"), _table(table, "gui-scripts"), poetry):
        yield from ((name, (str(target),)) for name, target in scripts.items())
    for group, entries in _table(table, "entry-points").items():
        yield group, tuple(str(target) for target in _table({"": entries}, "").values())
    for group, text in setup.get("options.entry_points", {}).items():
        pairs = [line.partition("=") for line in text.splitlines() if "=" in line]
        yield group, tuple(target.strip() for _, _, target in pairs)
        if group == "console_scripts":
            yield from ((name.strip(), (target.strip(),)) for name, _, target in pairs)


def _table(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _ini(path: Path) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(_text(path))
    except configparser.Error:
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return tuple(str(value).split())


def _below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")
