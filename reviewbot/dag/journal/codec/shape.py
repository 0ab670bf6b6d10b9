"""A shape: how values of one annotation are written as JSON data, and read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from reviewbot.dag.place import PlaceError

Json: TypeAlias = Any  # None, bool, int, float, str, list of these, dict of str to these


class CodecError(PlaceError):
    """Indicates a value that cannot be written, or data that is not what was promised."""


@dataclass(slots=True, eq=False)
class Shape:
    """`write` makes data of a value and `read` the reverse; both refuse what is something else.

    In a union the shape of lower `rank` is asked first: the narrower one. `is_bare` says that its
    data tells by its JSON type what it is, so that a union of such needs no tag. A shape is filled
    in after it exists, because a class may know itself.
    """

    name: str
    write: Callable[[Any], Json] = lambda _: None
    read: Callable[[Json], Any] = lambda _: None
    rank: int = 1
    is_bare: bool = False


ShapeOf: TypeAlias = Callable[[Any], Shape]


def refused(value: object, promised: str) -> CodecError:
    """What is there and what should be, for the place where it is."""
    return CodecError(f"is a {type(value).__name__}, {promised} is promised")
