"""The content of a value as 64 hex digits: equal content, equal digest, in every process."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from enum import Enum
from hashlib import sha256
from pathlib import PurePath
from types import FunctionType
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from reviewbot.dag.code import identity, is_code
from reviewbot.dag.graph import Graph
from reviewbot.dag.place import PlaceError
from reviewbot.dag.run import Outcome
from reviewbot.dag.wiring import Wiring, wired

Canon: TypeAlias = Callable[[Any], bytes]


class DigestError(PlaceError):
    """Indicates a value that has no content of its own, such as a socket."""


def digest(value: Any) -> str:  # noqa: ANN401 - any value has content or is refused
    """SHA-256 of the content of a value, in hex.

    The order of mappings and sets does not matter, nor which kind of mapping or set it is; types
    do: 1, True, 1.0 and "1" differ, and so do a tuple and a list. A dataclass counts by its class
    and the fields it is compared by, an Outcome by how it ended, with what value and why (not by
    when), a function by its code.

    Raises:
        DigestError: a part of it has no content; the text names the place.
    """
    try:
        return sha256(_canon(value)).hexdigest()
    except DigestError as error:
        error.root = type(value).__name__
        raise
    except RecursionError:
        raise DigestError("is nested too deeply or contains itself", type(value).__name__) from None


def code_digest(run: Callable[..., Any]) -> str:
    """SHA-256, in hex, of a callable: where it is from, its bytecode, what it carries along.

    Carried along are defaults, closures, the arguments of a partial and the fields of an object; a
    part of those that has no content, such as an open connection, counts by its class. What the
    code calls is not looked into: that is what `Cache.version` is for. A function has the digest
    that it had when it was first asked for: what it changes in its closure is no other code.
    """
    if not isinstance(run, FunctionType):
        return _code(run)
    found = _functions.get(run)
    if found is None:
        found = _functions[run] = _code(run)
    return found


_functions: "WeakKeyDictionary[FunctionType, str]" = WeakKeyDictionary()


def _code(run: Callable[..., Any]) -> str:
    return sha256(repr(identity(run, _carried)).encode("utf-8", "surrogatepass")).hexdigest()


def wiring(graph: Graph) -> Wiring:
    """What each node of a graph does, as texts in which code stands as its digest."""
    told: dict[int, str] = {}  # many nodes share one function

    def code(value: Any) -> str:  # noqa: ANN401 - a callable, or the default of an edge
        if id(value) not in told:
            told[id(value)] = code_digest(value) if callable(value) else _carried(value)
        return told[id(value)]

    return wired(graph, code)


_DEEPEST = 8  # levels into what code carries along; an object may know itself


def _carried(value: Any, level: int = 0) -> str:  # noqa: ANN401 - any value
    """The digest of a value; where it has none, that of its parts, and its class at last."""
    try:
        return digest(value)
    except DigestError:
        kind = type(value)
        name = f"{kind.__module__}.{kind.__qualname__}"
        parts = _parts(value) if level < _DEEPEST else {}
        return f"{name}{[(key, _carried(part, level + 1)) for key, part in parts.items()]}"


def _parts(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any value
    if dataclasses.is_dataclass(value):
        return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {repr(key): part for key, part in value.items() if isinstance(key, str)}
    if isinstance(value, (list, tuple)):
        return {str(number): part for number, part in enumerate(value)}
    return {}


def _canon(value: Any) -> bytes:  # noqa: ANN401 - any value
    kind = type(value)
    canon = _RULES.get(kind)
    if canon is None:
        canon = _RULES[kind] = _rule(kind)
    return canon(value)


def _sized(tag: bytes, content: bytes) -> bytes:
    """Self-delimiting, so that no two lists of parts read alike."""
    return b"%b%d:%b" % (tag, len(content), content)


def _text(value: str) -> bytes:
    return _sized(b"s", value.encode("utf-8", "surrogatepass"))


def _many(tag: bytes) -> Canon:
    def canon(value: Any) -> bytes:  # noqa: ANN401 - a list or a tuple
        parts = []
        for number, part in enumerate(value):
            try:
                parts.append(_canon(part))
            except DigestError as error:
                raise error.inside(f"[{number}]") from None
        return _sized(tag, b"".join(parts))

    return canon


def _set(value: AbstractSet[Any]) -> bytes:
    try:
        return _sized(b"e", b"".join(sorted(map(_canon, value))))
    except DigestError as error:
        raise error.inside("{}") from None


def _mapping(value: Mapping[Any, Any]) -> bytes:
    pairs = []
    for key, part in value.items():
        try:
            pairs.append(_canon(key) + _canon(part))
        except DigestError as error:
            raise error.inside(f"[{key!r}]") from None
    return _sized(b"m", b"".join(sorted(pairs)))


_PLAIN: dict[type, Canon] = {
    type(None): lambda _: b"N",
    bool: lambda value: b"T" if value else b"F",
    int: lambda value: b"i%x;" % value if value >= 0 else b"i-%x;" % -value,
    float: lambda value: b"f%b;" % repr(value).encode(),
    str: _text,
    bytes: lambda value: _sized(b"b", value),
    tuple: _many(b"t"),
    list: _many(b"l"),
    dict: _mapping,
    set: _set,
    frozenset: _set,
}

_BY_TEXT: dict[type, Callable[[Any], str]] = {
    PurePath: str,
    datetime: lambda value: f"{value.isoformat()} {value.fold}",
    date: str,
    time: lambda value: f"{value.isoformat()} {value.fold}",
    timedelta: lambda value: f"{value.days} {value.seconds} {value.microseconds}",
    complex: repr,
    bytearray: lambda value: value.hex(),
    range: repr,
    re.Pattern: lambda value: f"{value.flags} {value.pattern!r}",
}

# By name: importing them all takes longer than most graphs need to start.
_RARE = {"decimal.Decimal": str, "fractions.Fraction": str, "uuid.UUID": str}


_ABSTRACT: dict[type, Canon] = {
    Graph: lambda value: _canon(wiring(value)),
    Mapping: _mapping,
    AbstractSet: _set,
}

_RULES: dict[type, Canon] = dict(_PLAIN)


def _rule(kind: type) -> Canon:
    """How values of a class are told by their content: the first rule that fits."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    if issubclass(kind, Enum):
        return lambda value: _sized(b"n", _text(name) + _text(str(value.name)))
    if dataclasses.is_dataclass(kind):
        return _outcome if issubclass(kind, Outcome) else _fields(kind, name)
    for base in kind.__mro__:
        text = _BY_TEXT.get(base) or _RARE.get(f"{base.__module__}.{base.__qualname__}")
        if text is not None:
            return _texts(base.__name__, text)
    for base, canon in _PLAIN.items():
        if issubclass(kind, base):  # e.g. a named tuple or a class of strings
            return _named(name, canon)
    abstract = (canon for base, canon in _ABSTRACT.items() if issubclass(kind, base))
    return next(abstract, None) or _last(kind)


def _texts(name: str, text: Callable[[Any], str]) -> Canon:
    return lambda value: _sized(b"x", _text(name) + _text(text(value)))


def _named(name: str, canon: Canon) -> Canon:
    return lambda value: _sized(b"y", _text(name) + canon(value))


def _last(kind: type) -> Canon:
    def canon(value: Any) -> bytes:  # noqa: ANN401 - whatever is left
        if not is_code(value):
            raise DigestError(f"is a {kind.__name__}")
        return _sized(b"c", code_digest(value).encode())

    return canon


def _fields(kind: type, name: str) -> Canon:
    names = tuple(part.name for part in dataclasses.fields(kind) if part.compare)

    def canon(value: Any) -> bytes:  # noqa: ANN401 - an instance of `kind`
        parts = [_text(name)]
        for each in names:
            try:
                parts.append(_text(each) + _canon(getattr(value, each)))
            except DigestError as error:
                raise error.inside(f".{each}") from None
        return _sized(b"d", b"".join(parts))

    return canon


def _outcome(value: Outcome[Any]) -> bytes:
    try:
        parts = (value.status.value, value.value, value.reason, value.answered_by)
        return _sized(b"o", b"".join(map(_canon, parts)))
    except DigestError as error:
        raise error.inside(".value") from None
