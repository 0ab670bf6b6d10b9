"""Dataclasses, and classes that stand for their subclasses."""

import dataclasses
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape, ShapeOf, refused

_CLASS = "$class"
"""The key that names a subclass; no field of a dataclass can be called so."""


def objects(kind: type, parts: Mapping[str, Shape], shape_of: ShapeOf) -> Shape:
    """An object with one key per field; a subclass of the promised class adds its name.

    Fields that the class makes itself (`init=False`) are not written.
    """
    name = kind.__qualname__
    needed = frozenset(_needed(kind)) & parts.keys()
    ordered = tuple(parts.items())

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if type(value) is not kind:
            return _write_subclass(kind, value, shape_of)
        data: dict[str, Json] = {}
        each = ""
        try:
            for each, part in ordered:
                data[each] = part.write(getattr(value, each))
        except CodecError as error:
            raise error.inside(f".{each}") from None
        return data

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if not isinstance(data, dict):
            raise refused(data, name)
        if _CLASS in data:
            return _read_subclass(kind, data, shape_of)
        wrong = [*(data.keys() - parts.keys()), *(needed - data.keys())]
        if wrong:
            raise CodecError(f"differs from {name} in {sorted(wrong)}")
        return _made(kind, _read_fields(parts, data))

    return Shape(name, write, read, rank=0)


def hierarchy(kind: type, shape_of: ShapeOf) -> Shape:
    """A class that is no dataclass, a protocol or an abstract one, by its subclasses."""
    name = kind.__qualname__

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if not isinstance(data, dict):
            raise refused(data, name)
        return _read_subclass(kind, data, shape_of)

    return Shape(name, lambda value: _write_subclass(kind, value, shape_of), read)


def _needed(kind: type) -> Iterator[str]:
    for part in dataclasses.fields(kind):
        if part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING:
            yield part.name


def _read_fields(parts: Mapping[str, Shape], data: Mapping[str, Json]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    each = ""
    try:
        for each, content in data.items():
            found[each] = parts[each].read(content)
    except CodecError as error:
        raise error.inside(f".{each}") from None
    return found


def _made(kind: type, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an instance of `kind`
    try:
        return kind(**fields)
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise CodecError(f"is no {kind.__qualname__}: {error}") from None


def _write_subclass(kind: type, value: Any, shape_of: ShapeOf) -> Json:  # noqa: ANN401 - any value
    own = type(value)
    if own not in subclasses(kind):
        raise CodecError(f"is a {own.__name__}") if own is kind else refused(value, kind.__name__)
    data = shape_of(own).write(value)
    if isinstance(data, dict) and _CLASS not in data:
        return {_CLASS: _name(own), **data}
    return {_CLASS: _name(own), "value": data}


def _read_subclass(kind: type, data: dict[str, Json], shape_of: ShapeOf) -> Any:  # noqa: ANN401 - any
    content = dict(data)
    name = content.pop(_CLASS, None)
    # Of two classes of one name the later one: `slots=True` leaves the class it replaced behind.
    own = next((each for each in reversed(subclasses(kind)) if _name(each) == name), None)
    if own is None:
        raise CodecError(f"is a {name!r:.60}, which is no {kind.__qualname__}")
    return shape_of(own).read(content if dataclasses.is_dataclass(own) else content.get("value"))


def subclasses(kind: type) -> list[type]:
    """Those that can be written, of the classes that exist in this process: none is imported."""
    found: list[type] = []
    below: list[type] = type.__subclasses__(kind)
    for each in below:
        found.extend([each] if _is_written(each) else [])
        found.extend(subclasses(each))
    return found


def _is_written(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or (issubclass(kind, Enum) and bool(kind.__members__))


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
