"""Single things: numbers, text, bytes, paths, dates, members of an enumeration."""

import base64
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from types import NoneType
from typing import Any

from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape, refused

_WIDE = 2
"""Rank of what takes subclasses too: a class of strings is asked before `str`."""


def bare(kind: type, *also: type) -> Shape:
    """What JSON has itself; a subclass is written as the plain value that it equals."""
    takes = (kind, *also)

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if type(value) in takes:
            return value
        if isinstance(value, kind):
            return kind.__new__(kind, value)
        raise refused(value, kind.__name__)

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if type(data) in takes:
            return data
        raise refused(data, kind.__name__)

    return Shape(kind.__name__, write, read, rank=_WIDE, is_bare=True)


def texts(kind: type, written: Callable[[Any], str], parsed: Callable[[str], Any]) -> Shape:
    """What is written as one text; the text of something else is refused when it is read."""

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if isinstance(value, kind):
            return written(value)
        raise refused(value, kind.__name__)

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if not isinstance(data, str):
            raise refused(data, f"the text of a {kind.__name__}")
        try:
            return parsed(data)
        except (ValueError, ArithmeticError) as error:
            raise CodecError(f"is no {kind.__name__}: {error}") from None

    return Shape(kind.__name__, write, read)


def _duration(text: str) -> timedelta:
    days, seconds, microseconds = map(int, text.split())
    return timedelta(days, seconds, microseconds)


def _unbased(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


SCALARS: dict[Any, Shape] = {
    NoneType: bare(NoneType),
    bool: bare(bool),
    int: bare(int, bool),
    float: bare(float, int, bool),
    str: bare(str),
    complex: texts(complex, repr, complex),
    bytes: texts(bytes, lambda value: base64.b64encode(value).decode(), _unbased),
    Path: texts(Path, str, Path),
    PureWindowsPath: texts(PureWindowsPath, str, PureWindowsPath),
    PurePosixPath: texts(PurePosixPath, str, PurePosixPath),
    PurePath: texts(PurePath, str, PurePath),
    datetime: texts(datetime, datetime.isoformat, datetime.fromisoformat),
    date: texts(date, date.isoformat, date.fromisoformat),
    time: texts(time, time.isoformat, time.fromisoformat),
    timedelta: texts(
        timedelta, lambda value: f"{value.days} {value.seconds} {value.microseconds}", _duration
    ),
}

_RARE = frozenset({"decimal.Decimal", "fractions.Fraction", "uuid.UUID"})
"""Classes that are told by their text, by name: importing them all takes 8 ms."""


def rare(kind: type) -> Shape | None:
    """The shape of a class that is not imported here."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    return texts(kind, str, kind) if name in _RARE else None


def members(kind: type[Enum]) -> Shape:
    """A member of an enumeration, by its name."""

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        if type(value) is kind and value.name in kind.__members__:
            return value.name
        raise refused(value, kind.__name__)

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if isinstance(data, str) and data in kind.__members__:
            return kind.__members__[data]
        raise CodecError(f"is {data!r:.60}, no member of {kind.__name__}")

    return Shape(kind.__name__, write, read, rank=0)


def one_of(values: tuple[Any, ...]) -> Shape:
    """One of a few values, by its position: they may be of any kind."""
    name = " | ".join(map(repr, values))

    def write(value: Any) -> Json:  # noqa: ANN401 - it is looked at
        for number, each in enumerate(values):
            if type(each) is type(value) and each == value:
                return number
        raise CodecError(f"is {value!r:.60}, {name} is promised")

    def read(data: Json) -> Any:  # noqa: ANN401 - it is looked at
        if type(data) is int and 0 <= data < len(values):
            return values[data]
        raise CodecError(f"is {data!r:.60}, the position of one of {name} is promised")

    return Shape(name, write, read, rank=0)


def errors() -> Shape:
    """An exception, by its text: reading one makes no instance of anybody's class."""
    return texts(BaseException, told, RecordedError)


class RecordedError(Exception):
    """What another process raised, as text: `TimeoutError: no answer`."""


def told(error: BaseException) -> str:
    """The type and the text of an error, as one line; a recorded one keeps its own."""
    if isinstance(error, RecordedError):
        return str(error)
    name = type(error).__name__
    return f"{name}: {error}" if str(error) else name
