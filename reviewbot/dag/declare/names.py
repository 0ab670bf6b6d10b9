"""Looking up what a document names; what nobody knows is a problem at its place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from reviewbot.dag.declare.problem import Path, Problems
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.declare.typename import parse_type
from reviewbot.dag.failure import FailureKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The registry of a document, and who is told what it does not hold."""

    registry: Registry
    problems: Problems

    def function(self, name: str, path: Path) -> Callable[..., Any] | None:
        """A function by name; None when it is unknown."""
        return self._found(path, lambda: self.registry.function(name))

    def errors(self, names: Iterable[str], path: Path) -> tuple[type[Exception], ...]:
        """The error types of all names that are known, without repetitions."""
        found: dict[type[Exception], None] = {}
        for name in names:
            found.update(dict.fromkeys(self.error(name, path)))
        return tuple(found)

    def error(self, name: str, path: Path) -> tuple[type[Exception], ...]:
        """The error types of one name; none when it is unknown."""
        return self._found(path, lambda: self.registry.error_types(name)) or ()

    def type(self, name: str, path: Path) -> Any:  # noqa: ANN401 - an annotation
        """A type by name; Any when it is unknown."""
        found = self._found(path, lambda: parse_type(name, self.registry.types))
        return Any if found is None else found

    def _found(self, path: Path, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except (LookupError, ValueError) as error:
            self.problems.add(path, str(error.args[0]))
            return None


def kind_named(name: str) -> FailureKind | None:
    """The kind of failure of that name, whichever way its words are joined."""
    spoken = name.replace("_", " ").replace("-", " ")
    return FailureKind(spoken) if spoken in set(FailureKind) else None
