"""Registry: the names that a document may use, and what they stand for."""

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node

Kind: TypeAlias = Callable[..., Any] | Node | Graph
ErrorTypes: TypeAlias = type[Exception] | tuple[type[Exception], ...]

_BUILTIN: Mapping[str, ErrorTypes] = MappingProxyType(
    {
        name: one
        for name, one in vars(builtins).items()
        if isinstance(one, type) and issubclass(one, Exception)
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What a document may name.

    `kinds` are the kinds of nodes: functions, nodes and graphs. `types` are those of inputs,
    `errors` those that retries and breakers name (Python's own are known). `functions` are called
    by policies, conditions and branches: hooks, estimates, keys, invariants, tests.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    types: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, ErrorTypes] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def __or__(self, other: Self) -> Self:
        """Both together.

        Raises:
            GraphError: one name for two things.
        """
        parts = [part.name for part in fields(self)]
        twice = [
            f"{name!r} stands for two {part}"
            for part in parts
            for name, one in getattr(other, part).items()
            if name in getattr(self, part) and getattr(self, part)[name] != one
        ]
        if twice:
            raise GraphError(twice, phase="declare")
        return type(self)(
            **{part: {**getattr(self, part), **getattr(other, part)} for part in parts}
        )

    @classmethod
    def installed(cls, group: str) -> Self:
        """The kinds that installed packages offer under an entry-point group, by name.

        Each entry point gives a kind, or a registry of many things. The order in which packages
        were installed does not matter.

        Raises:
            GraphError: two packages offer one name, or an entry point gives neither.
        """
        found = cls()
        owners: dict[str, str] = {}
        for each in sorted(entry_points(group=group), key=lambda one: (one.name, _owner(one))):
            offered = each.load()
            if isinstance(offered, cls):
                found |= offered
                continue
            if each.name in owners:
                both = f"{owners[each.name]} and {_owner(each)}"
                raise GraphError([f"{each.name!r} is offered by {both}"], phase="declare")
            if not isinstance(offered, Graph) and not callable(offered):
                why = f"{each.name!r} of {_owner(each)} is no function, node or graph"
                raise GraphError([why], phase="declare")
            owners[each.name] = _owner(each)
            found |= cls(kinds={each.name: offered})
        return found

    @property
    def known_errors(self) -> Mapping[str, ErrorTypes]:
        """The errors of the registry, and Python's own."""
        return {**self.errors, **{k: v for k, v in _BUILTIN.items() if k not in self.errors}}

    def error_types(self, name: str) -> tuple[type[Exception], ...]:
        """The error types a name stands for.

        Raises:
            LookupError: nobody knows it; the text says what is nearest.
        """
        found = _looked_up("error", name, self.known_errors)
        return found if isinstance(found, tuple) else (found,)

    def function(self, name: str) -> Callable[..., Any]:
        """The function of that name.

        Raises:
            LookupError: nobody knows it; the text says what is nearest.
        """
        found: Callable[..., Any] = _looked_up("function", name, self.functions)
        return found


def _looked_up(what: str, name: str, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of any part
    if name not in known:
        raise LookupError(f"unknown {what} {name!r}{nearest(name, known)}")
    return known[name]


def _owner(one: EntryPoint) -> str:
    return one.dist.name if one.dist else one.value
