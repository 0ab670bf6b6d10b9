"""What can be read from a value, as far as its annotation tells; `Any` where it does not."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import cached_property, reduce
from operator import or_
from types import NoneType
from typing import Any, ClassVar, NewType, TypeVar, get_args, get_origin, get_type_hints

from reviewbot.dag.annotation import members, text
from reviewbot.dag.error import nearest
from reviewbot.dag.items import Item, Items

_UNTOLD = frozenset({Any, object, type})


def attribute_of(annotation: Any, name: str) -> Any:  # noqa: ANN401 - annotations are any objects
    """The annotation of an attribute; `None` among the alternatives is looked over.

    Raises:
        LookupError: no alternative has it; the text says what is nearest, or what to write instead.
    """
    return _of_alternatives(annotation, lambda one: _attribute(one, name))


def item_of(annotation: Any, key: object) -> Any:  # noqa: ANN401 - as above
    """The annotation of `value[key]`.

    Raises:
        LookupError: no alternative has such an item.
    """
    return _of_alternatives(annotation, lambda one: _item(one, key))


def element_of(annotation: Any) -> Any:  # noqa: ANN401 - as above
    """The annotation of what a loop over the value gives: keys of a mapping, items of a list."""
    try:
        return _of_alternatives(annotation, _element)
    except LookupError:
        return Any


def _of_alternatives(annotation: Any, read: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    given = [one for one in members(annotation) if one is not None and one is not NoneType]
    found: list[Any] = []
    lost: list[LookupError] = []
    for one in given or [NoneType]:
        try:
            found.append(read(one.__supertype__ if isinstance(one, NewType) else one))
        except LookupError as error:
            lost.append(error)
    if not found:
        raise lost[0]
    return union(found)


def union(annotations: Iterable[Any]) -> Any:  # noqa: ANN401 - as above
    """Any of these; `Any` when one of them is, or when they cannot be joined."""
    known = list(dict.fromkeys(annotations))
    if not known or any(one is Any or isinstance(one, TypeVar) for one in known):
        return Any
    try:
        return reduce(or_, known)
    except TypeError:
        return Any


def _attribute(one: Any, name: str) -> Any:  # noqa: ANN401 - as above
    whole = get_origin(one) or one
    if not isinstance(whole, type) or whole in _UNTOLD:
        return Any
    hints = _members(whole) if issubclass(whole, Enum) else _hints(whole)
    if name in hints:
        return _filled(hints[name], one)
    if issubclass(whole, Mapping):
        return item_of(one, name)
    found = inspect.getattr_static(whole, name, None)
    if found is None:
        return _missing(one, whole, name, hints)
    getter = _getter(found)
    if getter is not None:
        return _filled(_hints(getter).get("return", Any), one)
    if callable(found) or isinstance(found, staticmethod | classmethod):
        what = f"{name!r} of {text(one)} is called, not read; only values can be read"
        raise LookupError(what)  # noqa: TRY004 - nothing of that name can be looked up
    return Any


def _missing(one: Any, whole: type, name: str, hints: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if not _is_closed(whole):
        return Any
    known = [*hints, *(each for each in dir(whole) if _is_read(whole, each))]
    raise LookupError(f"{text(one)} has no {name!r}{nearest(name, known)}")


def _is_closed(whole: type) -> bool:
    """Whether the class says all its attributes: others may set some where nobody sees it."""
    if hasattr(whole, "__pydantic_fields__"):
        return getattr(whole, "model_config", {}).get("extra") != "allow"
    if any("__getattr__" in vars(each) for each in whole.__mro__):
        return False
    return is_dataclass(whole) or issubclass(whole, Enum | tuple) or not whole.__dictoffset__


def _is_read(whole: type, name: str) -> bool:
    found = inspect.getattr_static(whole, name, None)
    return not name.startswith("_") and (_getter(found) is not None or not callable(found))


def _getter(found: Any) -> Any:  # noqa: ANN401 - a descriptor
    if isinstance(found, property):
        return found.fget
    return found.func if isinstance(found, cached_property) else None


def _members(whole: type[Enum]) -> Mapping[str, Any]:
    """What every member of an enumeration has."""
    return {"name": str, "value": union(type(member.value) for member in whole)}


def _hints(thing: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a class or a function
    try:
        found = get_type_hints(thing)
    except (NameError, TypeError, AttributeError):
        return dict.fromkeys(getattr(thing, "__annotations__", {}), Any)
    return {name: Any if get_origin(one) is ClassVar else one for name, one in found.items()}


def _filled(annotation: Any, owner: Any) -> Any:  # noqa: ANN401 - as above
    """The annotation with the type variables of a generic owner filled in."""
    whole = get_origin(owner)
    variables = getattr(whole, "__parameters__", ()) if whole else ()
    given = dict(zip(variables, get_args(owner), strict=False))
    if isinstance(annotation, TypeVar):
        return given.get(annotation, Any)
    free = getattr(annotation, "__parameters__", ())
    if not free:
        return annotation
    return annotation[tuple(given.get(one, Any) for one in free)]


def _item(one: Any, key: object) -> Any:  # noqa: ANN401 - as above
    whole, arguments = get_origin(one) or one, get_args(one)
    if not isinstance(whole, type) or whole in _UNTOLD:
        return Any
    hints = _hints(whole)
    if issubclass(whole, dict) and hints:  # a TypedDict
        if key in hints:
            return hints[str(key)]
        raise LookupError(f"{text(one)} has no {key!r}{nearest(str(key), hints)}")
    if isinstance(key, str) and not issubclass(whole, Mapping):
        return _attribute(one, key)
    return next(iter(_elements(whole, arguments, values=True)), Any)


def _element(one: Any) -> Any:  # noqa: ANN401 - as above
    return next(iter(_elements(get_origin(one) or one, get_args(one), values=False)), Any)


def _elements(whole: Any, arguments: tuple[Any, ...], *, values: bool) -> Iterator[Any]:  # noqa: ANN401
    if not isinstance(whole, type) or not arguments:
        return
    if issubclass(whole, Mapping):
        yield arguments[-1] if values else arguments[0]
    elif issubclass(whole, tuple):
        yield union(one for one in arguments if one is not Ellipsis)
    elif issubclass(whole, Items):
        yield Item[arguments[0]]  # type: ignore[valid-type] # made at run time
    elif issubclass(whole, Iterable) and whole.__module__ in {"builtins", "collections.abc"}:
        yield arguments[0]
