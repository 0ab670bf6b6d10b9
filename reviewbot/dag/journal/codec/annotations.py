"""From an annotation to its shape; each is worked out once."""

import dataclasses
import typing
from collections import abc
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, TypeVar, Union, get_args, get_origin

from reviewbot.dag.annotation import text
from reviewbot.dag.journal.codec.classes import hierarchy, objects
from reviewbot.dag.journal.codec.loose import LOOSE
from reviewbot.dag.journal.codec.many import arrays, fields, pairs, records, sets
from reviewbot.dag.journal.codec.scalar import SCALARS, errors, members, one_of, rare
from reviewbot.dag.journal.codec.shape import CodecError, Shape
from reviewbot.dag.journal.codec.union import unions
from reviewbot.dag.run import Outcome

_known: dict[Any, Shape] = {**SCALARS, None: SCALARS[NoneType], Any: LOOSE, object: LOOSE}

_ARRAYS: dict[Any, type] = {list: list, tuple: tuple, abc.MutableSequence: list}
_SETS: dict[Any, type] = {set: set, frozenset: frozenset, abc.Set: frozenset, abc.MutableSet: set}
_MAPPINGS = (abc.Mapping, abc.MutableMapping, dict, MappingProxyType)
_EITHER = (abc.Sequence, abc.Collection, abc.Iterable)


def shape_of(annotation: Any) -> Shape:  # noqa: ANN401 - an annotation is any object
    """How values of this annotation are written and read; a shape may refuse every value."""
    if not isinstance(annotation, abc.Hashable):  # e.g. Annotated with a list
        return _worked_out(annotation)
    found = _known.get(annotation)
    if found is None:
        found = _known[annotation] = Shape(text(annotation))  # there before a class asks for itself
        made = _worked_out(annotation)
        for part in dataclasses.fields(Shape):
            setattr(found, part.name, getattr(made, part.name))
    return found


def _worked_out(annotation: Any) -> Shape:  # noqa: ANN401 - an annotation is any object
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin in {Union, UnionType}:
        return unions(tuple(shape_of(each) for each in arguments))
    if origin is Literal:
        return one_of(arguments)
    if isinstance(annotation, NewType):
        return shape_of(annotation.__supertype__)
    if isinstance(annotation, TypeVar):
        return shape_of(annotation.__bound__ or Any)
    kind = origin or annotation
    return _class(kind, arguments) if isinstance(kind, type) else _nothing(text(annotation))


def _nothing(name: str) -> Shape:
    """What takes no value at all, such as a function."""

    def refuse(value: Any) -> Any:  # noqa: ANN401 - it is refused
        raise CodecError(f"is a {type(value).__name__}")

    return Shape(name, refuse, refuse)


def _class(kind: type, arguments: tuple[Any, ...]) -> Shape:
    if dataclasses.is_dataclass(kind):
        return objects(kind, _fields(kind, arguments), shape_of)
    if issubclass(kind, Enum) and kind.__members__:
        return members(kind)
    if issubclass(kind, BaseException):
        return errors()
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return records(tuple(_hints(kind, arguments).values()), kind, kind)
    if typing.is_typeddict(kind):
        needed: frozenset[str] = getattr(kind, "__required_keys__", frozenset())
        return fields(_hints(kind, arguments), needed, kind.__qualname__)
    return rare(kind) or _collection(kind, arguments) or hierarchy(kind, shape_of)


def _collection(kind: type, arguments: tuple[Any, ...]) -> Shape | None:
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        return records(tuple(map(shape_of, arguments)), lambda *parts: parts, tuple)
    first = shape_of(arguments[0]) if arguments else LOOSE
    if kind in _EITHER:
        return unions((arrays(tuple, first), arrays(list, first), sets(frozenset, first)))
    if kind in _ARRAYS:
        return arrays(_ARRAYS[kind], first)
    if kind in _SETS:
        return sets(_SETS[kind], first)
    if kind in _MAPPINGS:
        return pairs(first, shape_of(arguments[1]) if arguments else LOOSE)
    return None


def _fields(kind: type, arguments: tuple[Any, ...]) -> Mapping[str, Shape]:
    made = {part.name for part in dataclasses.fields(kind) if part.init}
    left = {"inner"} if issubclass(kind, Outcome) else set()  # an inner run has rows of its own
    return _hints(kind, arguments, made - left)


def _hints(
    kind: type, arguments: tuple[Any, ...], names: abc.Set[str] | None = None
) -> dict[str, Shape]:
    """The shape of each field, with the class's type variables replaced by the arguments."""
    variables = getattr(kind, "__parameters__", ())
    bound = dict(zip(variables, arguments, strict=False))
    hints = typing.get_type_hints(kind)
    return {
        name: shape_of(_bound(hint, bound))
        for name, hint in hints.items()
        if names is None or name in names
    }


def _bound(hint: Any, bound: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - annotations
    if isinstance(hint, TypeVar):
        return bound.get(hint, hint)
    variables = getattr(hint, "__parameters__", ())
    if not variables or isinstance(hint, type):
        return hint
    return hint[tuple(bound.get(each, each) for each in variables)]
