"""Edges, and how they are read from the signature of a callable."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

from reviewbot.dag.annotation import members
from reviewbot.dag.context import Context
from reviewbot.dag.error import GraphError
from reviewbot.dag.run import Outcome


class EdgeKind(Enum):
    """How strongly an input is asked for.

    VALUE: without it the dependent is skipped, by name. OPTIONAL: without it the dependent gets the
    edge's default. OUTCOME: the dependent gets the whole outcome and always runs.
    """

    VALUE = "value"
    OPTIONAL = "optional"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One input: which parameter receives it, from which node or graph input, and how strongly.

    `expects` is the annotation of the value; `default` is what an OPTIONAL edge gives when there is
    none.
    """

    parameter: str
    node: str
    kind: EdgeKind = EdgeKind.VALUE
    expects: Any = Any
    default: Any = None


def signature_of(run: Callable[..., Any]) -> inspect.Signature:
    """The signature with its annotations evaluated.

    Raises:
        GraphError: an annotation names something that exists for the type checker only.
    """
    try:
        return inspect.signature(run, eval_str=True)
    except NameError as error:
        raise GraphError(
            [f"an annotation of {run!r} cannot be read ({error}); import it at run time"],
            phase="declare",
        ) from error


def edges_of(run: Callable[..., Any], needs: Iterable[str] = ()) -> tuple[Edge, ...]:
    """The dependencies of a callable: its parameter names, as strongly as their annotations say.

    `T` asks for the value, `T | None` for an optional one (a default is what it gets instead),
    `Outcome[T]` for the whole outcome. Any other parameter with a default is a setting, not a
    dependency, and one annotated `Context` gets the node's own. `needs` are the nodes that a
    `**parameter` collects, each under its own name.

    Raises:
        GraphError: a parameter that cannot be given by name; `needs` without a `**parameter`.
    """
    found: list[Edge] = []
    needs = tuple(needs)
    collects = False
    for parameter in signature_of(run).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            collects = True
            found.extend(_edge(parameter, need) for need in needs)
        elif parameter.kind in {parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY}:
            raise GraphError([f"{run!r} takes {parameter} by position only"], phase="declare")
        elif parameter.annotation is not Context and not _is_setting(parameter):
            found.append(_edge(parameter, parameter.name))
    if needs and not collects:
        raise GraphError([f"{run!r} has no **parameter to receive {needs}"], phase="declare")
    return tuple(found)


def _edge(parameter: inspect.Parameter, node: str) -> Edge:
    kind, expects = _asked(parameter.annotation)
    name = node if parameter.kind is parameter.VAR_KEYWORD else parameter.name
    default = None if parameter.default is parameter.empty else parameter.default
    return Edge(parameter=name, node=node, kind=kind, expects=expects, default=default)


def _is_setting(parameter: inspect.Parameter) -> bool:
    if parameter.default is parameter.empty:
        return False
    return _asked(parameter.annotation)[0] is EdgeKind.VALUE


def _asked(annotation: Any) -> tuple[EdgeKind, Any]:  # noqa: ANN401 - an annotation is any object
    if annotation is inspect.Parameter.empty or annotation is Any:
        return EdgeKind.VALUE, Any
    alternatives = tuple(members(annotation))
    for alternative in alternatives:
        if alternative is Outcome or get_origin(alternative) is Outcome:
            return EdgeKind.OUTCOME, next(iter(get_args(alternative)), Any)
    if NoneType in alternatives or None in alternatives:
        return EdgeKind.OPTIONAL, annotation
    return EdgeKind.VALUE, annotation


def output_of(run: Callable[..., Any]) -> Any:  # noqa: ANN401 - an annotation is any object
    """The annotation of what a callable returns (`NoneType` for `-> None`), None if it has none."""
    annotation = signature_of(run).return_annotation
    if annotation is inspect.Signature.empty:
        return None
    return NoneType if annotation is None else annotation


def context_of(run: Callable[..., Any]) -> str:
    """The name of the parameter that receives the node's Context; empty when there is none."""
    parameters = signature_of(run).parameters.values()
    return next((each.name for each in parameters if each.annotation is Context), "")
