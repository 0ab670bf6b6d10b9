"""Small callables that a document makes of data: equal when the data is."""

from dataclasses import dataclass
from typing import Any

from reviewbot.dag.declare.expression import Expression
from reviewbot.dag.failure import FailureKind, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ByType:
    """What kind of failure an error is, by its type; the first that fits, in order."""

    kinds: tuple[tuple[type[Exception], FailureKind], ...]

    def __call__(self, error: Exception) -> FailureKind | None:
        """The kind of the first type that fits, else what the error says of itself."""
        for of, kind in self.kinds:
            if isinstance(error, of):
                return kind
        return kind_of(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """An expression over one value, called `value` in it."""

    expression: Expression

    def __call__(self, value: Any) -> bool:  # noqa: ANN401 - any node's
        """Whether it holds."""
        return bool(self.expression(value=value))
