"""The project's configuration of bandit, taken from one tree and made harmless."""

import configparser
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from reviewbot.analyzers.code.documents import BrokenDocument, Documents
from reviewbot.review.analysis import Tree

_LARGEST = 64 << 10
_TEST_ID = re.compile(r"B\d{3}")
_YAML = ("bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml")
_INI = ".bandit"

_PLUGINS = frozenset(
    {
        *("assert_used", "hardcoded_tmp_directory", "markupsafe_xss", "shell_injection"),
        *("ssl_with_bad_defaults", "ssl_with_bad_version", "try_except_continue"),
        *("try_except_pass", "weak_cryptographic_key"),
    }
)
"""Settings of single tests; none of them names a file or a module to load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What bandit is told about a project.

    Attributes:
        origin: path of the file it was made from; empty when the project has none.
        text: YAML for ``-c``; empty for bandit's own defaults.
        excluded: patterns of ``exclude_dirs``: bandit would drop such files without a word.
        notes: one line per thing that was not taken over; no part of equality.
    """

    origin: str = ""
    text: str = ""
    excluded: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def by_path(self) -> bool:
        """Whether a setting asks for the path of a file: of bandit's tests only B101 does."""
        return "assert_used" in self.text

    def excludes(self, path: str) -> bool:
        """Bandit's own rule: a pattern that matches ``./path``, or is found in it."""
        name = f"./{path}"
        return any(fnmatch(name, each) or each in name for each in self.excluded)


def configuration(tree: Tree) -> Configuration:
    """The configuration at the root of a tree: pyproject.toml, then YAML, then ``.bandit``."""
    try:
        for origin, section in _sections(tree):
            if section:
                return _allowed(origin, section)
    except BrokenDocument as error:
        return Configuration(notes=(f"{error}; bandit's defaults were used instead",))
    return Configuration()


def _sections(tree: Tree) -> list[tuple[str, Mapping[str, Any] | None]]:
    documents = Documents(tree=tree)
    found = [("pyproject.toml", documents.tool("pyproject.toml", "bandit"))]
    found += [(name, _yaml(tree, name)) for name in _YAML if name in tree.files]
    found += [(_INI, _ini(tree))] if _INI in tree.files else []
    return found


def _allowed(origin: str, section: Mapping[str, Any]) -> Configuration:
    tests = {key: _ids(section[key]) for key in ("tests", "skips") if section.get(key)}
    plugins = {key: section[key] for key in sorted(_PLUGINS & section.keys())}
    known = {"tests", "skips", "exclude_dirs", "exclude", "targets", *_PLUGINS}
    kept = {**{key: ids for key, ids in tests.items() if ids}, **plugins}
    return Configuration(
        origin=origin,
        text=json.dumps(kept) if kept else "",
        excluded=_strings(section.get("exclude_dirs") or section.get("exclude")),
        notes=tuple(
            f"{origin}: bandit's setting {key} is not taken over"
            for key in sorted(map(str, section.keys() - known))
        ),
    )


def _ids(value: object) -> list[str]:
    return sorted({each for each in _strings(value) if _TEST_ID.fullmatch(each)})


def _strings(value: object) -> tuple[str, ...]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list):
        return ()
    return tuple(each.strip() for each in words if isinstance(each, str) and each.strip())


def _text(tree: Tree, path: str) -> str:
    content = Path(tree.root, path).read_bytes()
    if len(content) > _LARGEST:
        raise BrokenDocument(f"{path} is larger than {_LARGEST >> 10} KiB")
    return content.decode("utf-8", "replace")


def _yaml(tree: Tree, path: str) -> Mapping[str, Any] | None:
    """A YAML file without aliases: a few lines of those can stand for gigabytes."""
    import yaml  # noqa: PLC0415 - takes long, and few projects have such a file

    text = _text(tree, path)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise BrokenDocument(f"{path} uses aliases")
        value = yaml.safe_load(text)
        json.dumps(value)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise BrokenDocument(f"{path} cannot be used: {reason}") from error
    return value if isinstance(value, dict) else None


def _ini(tree: Tree) -> Mapping[str, Any] | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(_text(tree, _INI))
    except configparser.Error as error:
        reason = " ".join(str(error).split())
        raise BrokenDocument(f"{_INI} cannot be used: {reason}") from error
    return dict(parser["bandit"]) if parser.has_section("bandit") else None
