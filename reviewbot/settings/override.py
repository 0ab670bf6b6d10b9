"""Settings from the command line and the environment, laid over those of the file."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import yaml

from reviewbot.errors import SettingsError
from reviewbot.settings.document import Document, parse_document

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One key and its value, stronger than the file.

    Attributes:
        key: dotted, as ``analyses.types.timeout``.
        text: the value as YAML.
        origin: who says so, as the reader knows it: ``--set`` or ``REVIEWBOT_SET``.
    """

    key: str
    text: str
    origin: str


def parse_overrides(texts: Iterable[str], origin: str) -> tuple[Override, ...]:
    """``KEY=VALUE`` texts as overrides; later ones win.

    Raises:
        SettingsError: a text is not of that form.
    """
    return tuple(_parsed(text, origin) for text in texts)


def _parsed(text: str, origin: str) -> Override:
    key, equals, value = text.partition("=")
    if not equals or not key.strip() or not all(key.strip().split(".")):
        raise SettingsError(
            f"{origin} {text}: KEY=VALUE is expected",
            hint="deadline: 10m in the file is defaults.deadline=10m here",
        )
    return Override(key=key.strip(), text=value.strip(), origin=origin)


def overlaid(document: Document, overrides: Iterable[Override]) -> Document:
    """The document with the overrides in place; errors in them name their origin.

    Raises:
        SettingsError: a value is no YAML, or a key passes through something that is no mapping.
    """
    values: dict[str, Any] = deepcopy(dict(document.values))
    lines: dict[Path, int] = dict(document.lines)
    places: dict[Path, str] = dict(document.places)
    for each in overrides:
        path = tuple(each.key.split("."))
        _put(values, path, _value(each), each)
        lines = {one: line for one, line in lines.items() if one[: len(path)] != path}
        places = {one: who for one, who in places.items() if one[: len(path)] != path}
        places[path] = f"{each.origin} {each.key}"
    return replace(document, values=values, lines=lines, places=places)


def _value(override: Override) -> object:
    try:
        return parse_document(f"value: {override.text}\n", override.origin).values["value"]
    except (SettingsError, yaml.YAMLError, KeyError) as error:
        said = f"{override.origin} {override.key}: {override.text[:80]!r} is no value"
        raise SettingsError(said) from error


def _put(values: dict[str, Any], path: tuple[str, ...], value: object, override: Override) -> None:
    *above, last = path
    for step in above:
        inner = values.setdefault(step, {})
        if isinstance(inner, bool):  # `lint: false` is short for a mapping
            inner = values[step] = {"enabled": inner}
        if not isinstance(inner, dict):
            raise SettingsError(f"{override.origin} {override.key}: '{step}' holds no keys")
        values = inner
    values[last] = value
