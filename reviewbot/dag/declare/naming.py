"""The way back: the name under which a registry holds a thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import PydanticUserError, TypeAdapter

from reviewbot.dag.annotation import text
from reviewbot.dag.declare.registry import ErrorTypes, Registry
from reviewbot.dag.declare.typename import written_type
from reviewbot.dag.edge import signature_of
from reviewbot.dag.node import Bound, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Names of one registry; what has none there raises a LookupError that says so."""

    registry: Registry

    def kind(self, run: Callable[..., Any], hint: str = "") -> tuple[str, Node | None]:
        """The name of what runs, and the node it is when the registry holds one.

        Of several names `hint` is taken when it is among them, else the first.
        """
        found = {
            name: kind if isinstance(kind, Node) else None
            for name, kind in self.registry.kinds.items()
            if (kind.run if isinstance(kind, Node) else kind) == run
        }
        if not found:
            raise LookupError(f"{_called(run)} is no kind of the registry")
        name = hint if hint in found else next(iter(found))
        return name, found[name]

    def bound(
        self, run: Callable[..., Any], hint: str = ""
    ) -> tuple[str, Node | None, Mapping[str, Any]]:
        """The same, where some parameters may be fixed; and those."""
        try:
            return *self.kind(run, hint), {}
        except LookupError:
            if not isinstance(run, Bound):
                raise
        constants = {
            name: as_data(_hint(run.func, name), one) for name, one in run.keywords.items()
        }
        return *self.kind(run.func, hint), constants

    def function(self, wanted: Callable[..., Any]) -> str:
        """The name of a function."""
        for name, one in self.registry.functions.items():
            if one == wanted:
                return name
        raise LookupError(f"{_called(wanted)} is no function of the registry")

    def errors(self, wanted: Iterable[type[Exception]]) -> list[str]:
        """Names that stand for these error types."""
        types = tuple(wanted)
        named = self._error(types)
        return [named] if named else [self._single(one) for one in types]

    def _single(self, one: type[Exception]) -> str:
        named = self._error((one,))
        if named is None:
            raise LookupError(f"{one.__name__} is no error of the registry")
        return named

    def _error(self, types: tuple[type[Exception], ...]) -> str | None:
        for name, one in self.registry.known_errors.items():
            if _tuple(one) == types:
                return name
        return None

    def type(self, annotation: Any) -> str:  # noqa: ANN401 - an annotation
        """The name of a type."""
        return written_type(annotation, self.registry.types)


def _tuple(one: ErrorTypes) -> tuple[type[Exception], ...]:
    return one if isinstance(one, tuple) else (one,)


def _called(run: Any) -> str:  # noqa: ANN401 - any callable
    return repr(getattr(run, "__qualname__", run))


def _hint(run: Callable[..., Any], name: str) -> Any:  # noqa: ANN401 - an annotation
    parameter = signature_of(run).parameters[name]
    return Any if parameter.annotation is parameter.empty else parameter.annotation


def as_data(annotation: Any, value: Any) -> Any:  # noqa: ANN401 - any value
    """A value as plain data that `converted` reads back.

    Raises:
        LookupError: it has no such form.
    """
    try:
        form: TypeAdapter[Any] = TypeAdapter(Any if annotation is None else annotation)
        return form.dump_python(value, mode="json", warnings="error")
    except (PydanticUserError, ValueError) as error:
        raise LookupError(f"{value!r:.60} is no plain {text(annotation)}") from error
