"""What one Python file binds and refers to, as the worker tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

FORMAT = 3


class Binding(NamedTuple):
    """A name that an import binds; a tuple, because there are ten thousand and each takes its time.

    Attributes:
        name: the bound name, or ``*``.
        module: dotted, without leading dots; may be empty for ``from . import x``.
        attribute: what is taken from the module; None for ``import module``.
        level: number of leading dots.
        top: whether it stands at module level and so is a symbol others can import.
        aliased: False for ``import a.b``, which binds ``a`` and loads ``a.b``.
    """

    name: str
    module: str
    attribute: str | None
    level: int
    top: bool
    aliased: bool


class Symbol(NamedTuple):
    """A top-level name, a method (``C.m``), or the module's other statements; as Binding a tuple.

    Attributes:
        chains: ``a.b.c`` for every name with the attributes taken from it.
        dotted: strings that look like ``package.module.name``.
        words: identifier-like strings and attributes of what is no plain name.
        parameters: names of the parameters of functions in it.
    """

    chains: tuple[str, ...] = ()
    dotted: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One file.

    Attributes:
        imports: every binding by import, anywhere in the file.
        symbols: name → what it mentions; ``C.m`` for methods.
        classes: the names among them that are classes → their bases as chains; a base that is no
            plain chain is an empty string.
        decorated: methods with a decorator that may hand them to somebody else.
        fixtures: ``(symbol, fixture name, autouse)``.
        registrations: ``(decorator or callee, names registered with it)``.
        containers: names bound to a list, dict or set at module level.
        unknown: why the file could not be parsed, or an empty string.
    """

    imports: tuple[Binding, ...] = ()
    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decorated: tuple[str, ...] = ()
    fixtures: tuple[tuple[str, str, bool], ...] = ()
    registrations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    containers: tuple[str, ...] = ()
    unknown: str = ""

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """From the worker's JSON value, which the worker alone writes and nobody else."""
        return cls(
            imports=tuple(Binding(*each) for each in value["imports"]),
            symbols={
                name: Symbol(*map(tuple, found)) for name, found in value.get("symbols", {}).items()
            },
            classes={name: tuple(bases) for name, bases in value.get("classes", {}).items()},
            decorated=tuple(value.get("decorated", ())),
            fixtures=tuple((a, b, c) for a, b, c in value.get("fixtures", ())),
            registrations=tuple((a, tuple(b)) for a, b in value.get("registrations", ())),
            containers=tuple(value.get("containers", ())),
            unknown=value.get("unknown", ""),
        )
