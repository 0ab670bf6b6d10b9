"""Foreign values, read strictly into frozen dataclasses: what the annotations say and nothing else.

Pydantic does the same and more. It takes longer to import than the quick tools take to answer, and
every review would pay that.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")
_Read = Callable[[Any], Any]


class Misshapen(ValueError):
    """A value of another shape.

    Attributes:
        where: keys and places that lead to it, outermost first.
        why: what is wrong with it.
    """

    def __init__(self, where: tuple[str, ...], why: str) -> None:
        super().__init__(".".join(where), why)
        self.where = where
        self.why = why


def shaped(value: object, shape: type[Shape]) -> Shape:
    """A JSON value as a dataclass, or as a list, tuple or mapping of such.

    Nothing is converted: ``true`` is no number and ``"1"`` is none either. A key without a default
    must be there; a key that nobody asked for is passed over.

    Args:
        value: as ``json.loads`` gives it.
        shape: built from dataclasses, enums (by value), ``str``, ``int``, ``bool``, ``Literal``,
            ``list``, ``tuple``, ``dict`` with text keys, and ``| None``.

    Raises:
        Misshapen: it does not fit.
    """
    wanted: Any = shape
    read: Callable[[Any], Shape] = _reader(wanted)
    return read(value)


@cache
def _reader(shape: Any) -> _Read:  # noqa: ANN401, PLR0911 - annotations have no type of their own; one return per kind
    """How to read a shape; found out once."""
    origin, inner = get_origin(shape), get_args(shape)
    if origin is Literal:
        return _choice({each: each for each in inner})
    if origin is types.UnionType:
        (other,) = (each for each in inner if each is not types.NoneType)
        return _optional(_reader(other))
    if origin is list:
        return _items(_reader(inner[0]), list)
    if origin is tuple:
        return _items(_reader(inner[0]), tuple, None if inner[-1] is ... else len(inner))
    if origin is dict:
        return _values(_reader(inner[1]))
    if is_dataclass(shape):
        return _object(shape)
    if issubclass(shape, Enum):
        return _choice({each.value: each for each in shape})
    return _exactly(shape)


def _exactly(kind: type) -> _Read:
    def read(value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
        if type(value) is not kind:
            raise Misshapen((), f"not of type {kind.__name__}")
        return value

    return read


def _choice(choices: Mapping[str, object]) -> _Read:
    def read(value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
        if type(value) is not str or value not in choices:
            raise Misshapen((), f"none of {', '.join(choices)}")
        return choices[value]

    return read


def _optional(read: _Read) -> _Read:
    return lambda value: None if value is None else read(value)


def _items(
    read: _Read, make: type[list[Any]] | type[tuple[Any, ...]], count: int | None = None
) -> _Read:
    def read_all(value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
        if type(value) is not list or count not in {None, len(value)}:
            raise Misshapen((), "not a list" if count is None else f"not a list of {count}")
        return make(_at(place, read, each) for place, each in enumerate(value))

    return read_all


def _values(read: _Read) -> _Read:
    def read_all(value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
        return {key: _at(key, read, each) for key, each in _mapping(value).items()}

    return read_all


def _object(shape: Any) -> _Read:  # noqa: ANN401 - a dataclass, whichever
    hints = get_type_hints(shape)
    readers = tuple((each.name, _reader(hints[each.name])) for each in fields(shape))
    needed = {
        each.name
        for each in fields(shape)
        if each.default is MISSING and each.default_factory is MISSING
    }

    def read_all(value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
        found = _mapping(value)
        for name in needed:
            if name not in found:
                raise Misshapen((name,), "missing")
        return shape(**{k: _at(k, read, found[k]) for k, read in readers if k in found})

    return read_all


def _mapping(value: Any) -> dict[str, Any]:  # noqa: ANN401 - foreign until it is read
    if type(value) is not dict:
        raise Misshapen((), "not an object")
    return value


def _at(place: object, read: _Read, value: Any) -> Any:  # noqa: ANN401 - foreign until it is read
    try:
        return read(value)
    except Misshapen as error:
        raise Misshapen((str(place), *error.where), error.why) from None
