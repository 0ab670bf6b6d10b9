"""The type of an input as a document writes it: `str`, `list[int]`, `Change | None`."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import Any, Literal, get_args, get_origin

from reviewbot.dag.annotation import members
from reviewbot.dag.error import nearest
from reviewbot.dag.items import Group, Items
from reviewbot.dag.run import Outcome

PLAIN: Mapping[str, Any] = MappingProxyType(
    {
        "any": Any,
        "str": str,
        "int": int,
        "float": float,
        "bool": bool,
        "bytes": bytes,
        "list": list,
        "tuple": tuple,
        "dict": dict,
        "set": set,
        "frozenset": frozenset,
        "Mapping": Mapping,
        "Sequence": Sequence,
        "Path": Path,
        "Literal": Literal,
        "Items": Items,
        "Group": Group,
        "Outcome": Outcome,
    }
)
_LONGEST = 500


def parse_type(text: str, types: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an annotation
    """The annotation a text stands for; `types` are the names known besides the plain ones.

    Raises:
        LookupError: a name that nobody knows; the text says what is nearest.
        ValueError: it is no type.
    """
    try:
        found = _meant(_parsed(text), {**PLAIN, **types})
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text[:80]!r} is no type ({error})") from error
    return NoneType if found is None else found


def _parsed(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise ValueError("it is too long")
    tree = ast.parse(text.strip(), mode="eval").body
    if isinstance(tree, ast.Constant) and tree.value is not None:
        raise ValueError("it is a value")
    return tree


def _meant(tree: ast.expr, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an annotation
    match tree:
        case ast.Name(id=name):
            if name not in known:
                raise LookupError(f"unknown type {name!r}{nearest(name, known)}")
            return known[name]
        case ast.Constant(value=value) if value is None or value is Ellipsis:
            return value
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _meant(left, known) | _meant(right, known)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            return Literal[ast.literal_eval(inner)]
        case ast.Subscript(value=ast.Name() as whole, slice=inner):
            return _meant(whole, known)[_arguments(inner, known)]
    raise ValueError(f"{ast.unparse(tree)[:40]!r} is not understood")


def _arguments(inner: ast.expr, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - annotations
    if isinstance(inner, ast.Tuple):
        return tuple(_meant(part, known) for part in inner.elts)
    return _meant(inner, known)


def written_type(annotation: Any, types: Mapping[str, Any]) -> str:  # noqa: ANN401 - an annotation
    """The text that `parse_type` reads back.

    Raises:
        LookupError: a type in it has no name here.
    """
    alternatives = tuple(members(annotation))
    if len(alternatives) > 1:
        return " | ".join(written_type(one, types) for one in alternatives)
    if annotation is None or annotation is NoneType:
        return "None"
    named = _name_of(annotation, types)
    if named is not None:
        return named
    origin = _name_of(get_origin(annotation), types)
    if origin is None:
        raise LookupError(f"{annotation!r} has no name in the registry")
    return f"{origin}[{', '.join(_written_arguments(annotation, types))}]"


def _written_arguments(annotation: Any, types: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401
    is_literal = get_origin(annotation) is Literal
    for one in get_args(annotation):
        if one is Ellipsis:
            yield "..."
        elif is_literal:
            yield repr(one)
        else:
            yield written_type(one, types)


def _name_of(annotation: Any, types: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - as above
    for name, one in (*types.items(), *PLAIN.items()):
        if one is annotation or (get_origin(one) is not None and one == annotation):
            return name
    return None
