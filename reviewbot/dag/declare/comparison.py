"""Comparisons that can never hold, told from the types of both sides."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from reviewbot.dag.annotation import answers_of, clash, members, text
from reviewbot.dag.error import nearest

_EQUAL = frozenset({"eq", "ne"})
_AMONG = frozenset({"in", "notin"})


def compared(left: Any, operator: str, right: Any) -> str:  # noqa: ANN401 - annotations
    """What is wrong with `left operator right`, or nothing.

    The operator is Jinja's name of it: `eq`, `ne`, `lt`, `lteq`, `gt`, `gteq`, `in`, `notin`.
    """
    if operator in _AMONG:
        return _among(left, right)
    if operator in _EQUAL:
        return _equal(left, right) or _equal(right, left)
    if _apart(left, right):
        return f"{_shown(left)} cannot be ordered against {_shown(right)}"
    return ""


def _among(left: Any, right: Any) -> str:  # noqa: ANN401 - annotations
    if get_origin(right) is not list:
        return ""
    wrong = (_equal(left, one) for one in members(get_args(right)[0]))
    return next(filter(None, wrong), "")


def _equal(left: Any, right: Any) -> str:  # noqa: ANN401 - annotations
    """Why a value of `left` never equals one of the constants of `right`."""
    constants = tuple(_constants(right))
    known = None if not constants else answers_of(left)
    if known is None:
        return f"{text(left)} never equals {_shown(right)}" if _apart(left, right) else ""
    for constant in constants:
        if constant not in known:
            near = nearest(str(constant), [str(getattr(one, "value", one)) for one in known])
            return f"{text(left)} never equals {constant!r}{_instead(known, constant) or near}"
    return ""


def _instead(known: Iterable[Any], constant: object) -> str:
    if any(isinstance(one, Enum) and constant in {one.name, one.value} for one in known):
        return "; compare its .name or its .value"
    return ""


def _constants(annotation: Any) -> Iterator[object]:  # noqa: ANN401 - an annotation
    for one in members(annotation):
        if get_origin(one) is Literal:
            yield from get_args(one)


def _apart(left: Any, right: Any) -> bool:  # noqa: ANN401 - annotations
    return clash(left, right) and clash(right, left)


def _shown(annotation: Any) -> str:  # noqa: ANN401 - an annotation
    constants = tuple(_constants(annotation))
    return ", ".join(map(repr, constants)) if constants else text(annotation)
