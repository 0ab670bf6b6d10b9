"""Collections as annotations name them: what one holds, and in which form many items are given."""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias, get_args, get_origin

from reviewbot.dag.annotation import members
from reviewbot.dag.items import Items

Forms: TypeAlias = tuple[type, ...]

_MAPPINGS: Forms = (dict, Mapping, MutableMapping)
_SEQUENCES: Forms = (tuple, list, Sequence)
_VALUES: Forms = (*_SEQUENCES, Collection, Iterable, set, frozenset, AbstractSet)


def item_of(annotation: Any, forms: Forms = (Items, *_MAPPINGS, *_SEQUENCES)) -> tuple[Any] | None:  # noqa: ANN401 - an annotation is any object
    """What one item of this annotation is, in a tuple; None when it is no such collection.

    Example: `Items[T]`, `tuple[T, ...]`, `list[T]` and `Mapping[str, T]` give `(T,)`. Where nobody
    can tell (`Any`, `tuple[int, str]`, a bare `list`) it is `(Any,)`.
    """
    found = [_item_of(member, forms) for member in members(annotation)]
    known = [one for one in found if one is not None]
    if annotation is Any or annotation is object:
        return (Any,)
    return known[0] if len(known) == 1 else ((Any,) if known else None)


def _item_of(member: Any, forms: Forms) -> tuple[Any] | None:  # noqa: ANN401 - an annotation is any object
    origin, arguments = get_origin(member) or member, get_args(member)
    if origin not in forms:
        return None
    if origin in _MAPPINGS:
        return (arguments[1] if arguments else Any,)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is ...):  # noqa: PLR2004 - tuple[T, ...]
        return (Any,)
    return (arguments[0] if arguments else Any,)


def taken_from(annotation: Any) -> tuple[Any] | None:  # noqa: ANN401 - an annotation is any object
    """What a parameter that receives all items of a node expects of one of them; None: not many."""
    return item_of(annotation, (Items, *_MAPPINGS, *_VALUES))


def in_form(items: Items[Any], annotation: Any) -> Any:  # noqa: ANN401 - as the annotation says
    """The items as a parameter asks for them: whole, their values in order, or values by key."""
    for member in members(annotation):
        origin = get_origin(member) or member
        if origin in _MAPPINGS:
            return dict(items.by_key)
        if origin in _VALUES:
            made = origin if origin in {list, set, frozenset} else tuple
            return made(items.values)
    return items
