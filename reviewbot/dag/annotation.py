"""What an annotation promises, as far as that can be told at run time without a false alarm."""

import re
import types
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal, NewType, TypeAlias, Union, get_args, get_origin

Classes: TypeAlias = tuple[type, ...]

# What stands in quotes is a value of a Literal, and no module.
_MODULE = re.compile(r"('[^']*'|\"[^\"]*\")|\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])")

# PEP 484's numeric tower: an int is fine where a float is asked for.
_WIDER: dict[type, Classes] = {float: (int,), complex: (int, float)}


def members(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - an annotation is any object
    """The alternatives of a union, or the annotation itself; `Annotated` is looked through."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from members(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for argument in get_args(annotation):
            yield from members(argument)
    else:
        yield annotation


def classes(annotation: Any) -> Classes | None:  # noqa: ANN401 - an annotation is any object
    """The classes a value of this annotation must be an instance of; None when nobody can tell.

    Example: `tuple[int, ...] | None` gives `(tuple, NoneType)`; `Any` and protocols give None.
    """
    found: list[type] = []
    for member in members(annotation):
        known = _known(member)
        if known is None:
            return None
        found.extend(known)
    return tuple(found) or None


def _known(member: Any) -> Classes | None:  # noqa: ANN401 - an annotation is any object
    if isinstance(member, NewType):
        return classes(member.__supertype__)
    if member is None:
        return (types.NoneType,)
    origin = get_origin(member)
    if origin is Literal:
        return tuple({type(value) for value in get_args(member)})
    plain = origin or member
    if not isinstance(plain, type) or not _testable(plain):
        return None
    return (plain, *_WIDER.get(plain, ()))


def _testable(plain: type) -> bool:
    """Whether `isinstance` against this class means what a type checker means."""
    return not (
        getattr(plain, "_is_protocol", False)
        or typing.is_typeddict(plain)
        or plain is object
        or plain is Any
    )


def clash(given: Any, expected: Any) -> bool:  # noqa: ANN401 - annotations are any objects
    """Whether no value of annotation `given` can be one of `expected`; False when in doubt."""
    have, want = classes(given), classes(expected)
    if have is None or want is None:
        return False
    return not any(_related(one, other) for one in have for other in want)


def _related(one: type, other: type) -> bool:
    return issubclass(one, other) or issubclass(other, one)


def answers_of(annotation: Any) -> tuple[Any, ...] | None:  # noqa: ANN401 - an annotation
    """Every value the annotation allows; None when they cannot be listed."""
    found: list[Any] = []
    for member in members(annotation):
        if get_origin(member) is Literal:
            found.extend(get_args(member))
        elif isinstance(member, type) and issubclass(member, Enum):
            found.extend(member)
        elif member is bool:
            found.extend((True, False))
        elif member in {None, types.NoneType}:
            found.append(None)
        else:
            return None
    return tuple(found)


def text(annotation: Any) -> str:  # noqa: ANN401 - an annotation is any object
    """The annotation as a person would write it."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation.__qualname__
    return _MODULE.sub(lambda found: found[1] or "", str(annotation))
