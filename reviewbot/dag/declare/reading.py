"""Plain values -> entries; what does not fit is a problem with its place and what to do."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from reviewbot.dag.annotation import clash, members, text
from reviewbot.dag.declare.problem import Path, Problems
from reviewbot.dag.error import nearest

T = TypeVar("T")

_WIDEST = 60
_UNKNOWN = frozenset({"unexpected_keyword_argument", "extra_forbidden"})
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "dataclass_type": "a mapping of keys is expected",
        "dict_type": "a mapping is expected",
        "mapping_type": "a mapping is expected",
        "tuple_type": "a list is expected",
        "string_type": "a text is expected",
        "string_too_short": "it is empty",
        "string_pattern_mismatch": "a name is letters, digits, _ and -, and begins with a letter",
        "int_type": "a whole number is expected",
        "float_type": "a number is expected",
        "bool_type": "true or false is expected",
        "missing": "it is missing",
    }
)


@cache
def _validator(form: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type
    return TypeAdapter(form)


def read(form: type[T], given: object, path: Path, problems: Problems) -> T | None:
    """The entry of what was written at `path`; None when it does not fit."""
    try:
        found: T = _validator(form).validate_python(given)  # type: ignore[arg-type] # types are hashable
    except ValidationError as error:
        for each in error.errors(include_url=False):
            _explain(form, each, path, problems)
        return None
    return found


def _explain(form: type, error: ErrorDetails, path: Path, problems: Problems) -> None:
    location = tuple(step for step in error["loc"] if step != "[key]")
    place = (*path, *location)
    if error["type"] in _UNKNOWN:
        known = _keys(form, location[:-1])
        near = nearest(str(location[-1]), known) or f"known here: {', '.join(sorted(known))}"
        problems.add(place, f"unknown key {_dotted(place)}", near)
        return
    what = _WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    hint = "" if error["type"] == "missing" else f"it is {_shown(error['input'])}"
    problems.add(place, f"{_dotted(place)}: {what}", hint)


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _shown(given: object) -> str:
    words = repr(given)
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 3]}..."


def _keys(form: Any, location: Iterable[str | int]) -> tuple[str, ...]:  # noqa: ANN401 - a type
    """The keys that may stand at a location inside a form."""
    for step in location:
        form = _entry(_inner(form, step))
    return keys_of(form)


def keys_of(form: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type
    """The keys of a form as they are written."""
    return tuple(key for key, _ in _fields(form))


def _inner(form: Any, step: str | int) -> Any:  # noqa: ANN401 - a type
    if is_dataclass(form):
        return dict(_fields(form)).get(str(step), Any)
    arguments = [one for one in get_args(form) if one is not Ellipsis]
    return arguments[-1] if arguments else Any


def _entry(form: Any) -> Any:  # noqa: ANN401 - a type
    """The form itself, or the one that is a mapping or a list among its alternatives."""
    found = [one for one in members(form) if is_dataclass(one) or get_origin(one)]
    return found[0] if found else form


def _fields(form: Any) -> Iterable[tuple[str, Any]]:  # noqa: ANN401 - a type
    if not is_dataclass(form):
        return
    hints = get_type_hints(form, include_extras=True)
    for one in fields(form):
        yield _alias(hints[one.name]) or one.name, hints[one.name]


def _alias(annotation: Any) -> str | None:  # noqa: ANN401 - an annotation
    """The name under which a field is written, where Python has that word for itself."""
    found = (
        one.alias for one in getattr(annotation, "__metadata__", ()) if isinstance(one, FieldInfo)
    )
    return next(found, None)


def converted(annotation: Any, given: object) -> Any:  # noqa: ANN401 - a value of the annotation
    """Plain data as a value of an annotation; as it is where the annotation has no form.

    Raises:
        ValueError: it does not fit.
    """
    try:
        form: TypeAdapter[Any] = TypeAdapter(annotation)
    except PydanticUserError:
        if clash(type(given), annotation):
            raise ValueError(f"{text(annotation)} is expected, it is {_shown(given)}") from None
        return given
    try:
        return form.validate_json(json.dumps(given), strict=True, extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = f" at {_dotted(first['loc'])}" if first["loc"] else ""
        what = _WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
        what = "an unknown key" if first["type"] in _UNKNOWN else what
        raise ValueError(f"{what}{at}, it is {_shown(first['input'])}") from error
