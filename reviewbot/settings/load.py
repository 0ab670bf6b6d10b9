"""From the text of a settings file to Settings, or to one line that says what is wrong where."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reviewbot.errors import SettingsError
from reviewbot.settings.document import Document, parse_document
from reviewbot.settings.durations import with_seconds
from reviewbot.settings.model import FILE_NAME, Settings
from reviewbot.settings.override import Override, overlaid

_SETTINGS = TypeAdapter(Settings)
_SWITCHES = ("lint", "types", "security", "tests")


def load_settings(text: str, name: str = FILE_NAME, overrides: Sequence[Override] = ()) -> Settings:
    """Parse and validate a settings file.

    Args:
        text: its content; empty is good.
        name: as shown to the reader.
        overrides: what the environment and the command line say; the last one wins.

    Raises:
        SettingsError: the first thing that is wrong, as ``file:line: what``, with what to do.
    """
    document = overlaid(parse_document(text, name), overrides)
    values = with_seconds(_with_own(_with_switches(document.values), document))
    try:
        found = _SETTINGS.validate_python(values)
    except ValidationError as error:
        raise _first_problem(error, document) from error
    if found.origins:
        raise SettingsError(f"{document.at(('origins',))}: unknown key 'origins'")
    return replace(found, origins=_origins(document))


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of a settings file, for editors."""
    schema = _SETTINGS.json_schema()
    del schema["properties"]["origins"]
    analyses = schema["$defs"]["Analyses"]
    analyses["additionalProperties"] = analyses["properties"].pop("own")["additionalProperties"]
    return schema


def _with_switches(values: Mapping[str, object]) -> Mapping[str, object]:
    """``lint: false`` is short for ``lint: {enabled: false}``."""
    analyses = values.get("analyses")
    if not isinstance(analyses, dict):
        return values
    spelled = {
        key: {"enabled": value} if isinstance(value, bool) and key in _SWITCHES else value
        for key, value in analyses.items()
    }
    return {**values, "analyses": spelled}


def _with_own(values: Mapping[str, object], document: Document) -> Mapping[str, object]:
    """What uses somebody's own check, apart from the analyses that are ours."""
    analyses = values.get("analyses")
    if not isinstance(analyses, dict):
        return values
    own = {key: each for key, each in analyses.items() if _uses_own(key, each)}
    ours = {key: each for key, each in analyses.items() if key not in own}
    if "own" in ours:  # the model's word for them, and nobody else's
        raise _unknown_key("own", ("analyses",), document.at(("analyses", "own")))
    return {**values, "analyses": {**ours, **({"own": own} if own else {})}}


def _uses_own(name: str, value: object) -> bool:
    return name not in _SWITCHES and isinstance(value, dict) and "use" in value


def _origins(document: Document) -> Mapping[str, str]:
    return {".".join(map(str, path)): document.at(path) for path in document.paths}


def _first_problem(error: ValidationError, document: Document) -> SettingsError:
    problems = error.errors(include_url=False)
    unknown = [each for each in problems if each["type"] in _UNKNOWN]
    problem = (unknown or problems)[0]
    path = _known_path(problem["loc"], document)
    where = document.at(path)
    if problem["type"] in _UNKNOWN:
        return _unknown_key(str(problem["loc"][-1]), path[:-1], where)
    shown = ".".join(map(str, path))
    message = _WORDS.get(problem["type"], problem["msg"])
    return SettingsError(f"{where}: {shown}: {message}", hint=_hint(problem["input"]))


_WORDS = {
    "dataclass_type": "a mapping of keys is expected",
    "float_parsing": "a time such as 90s, 5m or 1h30m is expected",
}
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def _hint(given: object) -> str:
    return f"it is {given!r}"[:120]


def _known_path(loc: tuple[str | int, ...], document: Document) -> tuple[str | int, ...]:
    """A validator's location without the names of union members, which no file holds."""
    path: tuple[str | int, ...] = ()
    paths = {one[:end] for one in document.paths for end in range(1, len(one) + 1)}
    for step in loc:
        if (*path, step) in paths:
            path = (*path, step)
    return path


def _unknown_key(key: str, above: tuple[str | int, ...], where: str) -> SettingsError:
    known = sorted(_keys_at(above))
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"
    return SettingsError(f"{where}: unknown key '{'.'.join(map(str, (*above, key)))}'", hint=hint)


def _keys_at(path: tuple[str | int, ...]) -> set[str]:
    """The keys that may stand under a path, read off the defaults."""
    value: object = Settings()
    for step in path:
        value = getattr(value, str(step), None)
    if not is_dataclass(value):
        return set()
    return {each.name for each in fields(value)} - {"origins"}
