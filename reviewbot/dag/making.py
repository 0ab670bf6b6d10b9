"""Making frozen values quickly."""

from collections.abc import Callable
from dataclasses import MISSING, field, fields, make_dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")


def maker(kind: type[T]) -> Callable[..., T]:
    """What makes a value of this frozen, slotted dataclass at less than half the price.

    A frozen dataclass sets each field by `object.__setattr__`, which is most of what recording a
    short node costs. This fills in a plain twin of the same slots, which then becomes the frozen
    class: equality, hash, text and frozenness are the class's own.
    """
    parts: list[Any] = []
    for each in fields(cast("Any", kind)):
        if each.default is not MISSING:
            parts.append((each.name, Any, field(default=each.default)))
        elif each.default_factory is not MISSING:
            parts.append((each.name, Any, field(default_factory=each.default_factory)))
        else:
            parts.append((each.name, Any))

    def become(made: object) -> None:
        made.__class__ = kind

    return cast(
        "Callable[..., T]",
        make_dataclass(
            f"_{kind.__name__}",
            parts,
            bases=kind.__dict__.get("__orig_bases__", ()),
            namespace={"__post_init__": become},
            slots=True,
            kw_only=True,
            eq=False,
            repr=False,
        ),
    )
