"""Conditions: whether a node runs, decided at run time by what others found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from reviewbot.dag.edge import Edge, edges_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A predicate over declared inputs; `text` is how it is shown to people."""

    text: str
    test: Callable[..., bool]
    edges: tuple[Edge, ...] = ()

    @classmethod
    def of(cls, test: Callable[..., bool], text: str = "") -> Self:
        """A condition whose inputs are the parameter names of `test`.

        The text is the one given, else the first line of the docstring, else the name.
        """
        spoken = text or next(iter((test.__doc__ or "").strip().splitlines()), "")
        return cls(text=spoken or _name(test), test=test, edges=edges_of(test))


def _name(test: Callable[..., Any]) -> str:
    name = getattr(test, "__name__", type(test).__name__)
    return "condition" if name == "<lambda>" else name.replace("_", " ")
