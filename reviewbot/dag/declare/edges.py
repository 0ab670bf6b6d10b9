"""What a node asks for, as written -> its edges, as strongly as written or as annotated."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any

from reviewbot.dag.annotation import members, text
from reviewbot.dag.context import Context
from reviewbot.dag.declare.entries import EdgeEntry, NodeEntry
from reviewbot.dag.declare.problem import Path, Problems
from reviewbot.dag.declare.reading import converted
from reviewbot.dag.edge import Edge, EdgeKind, edges_of, signature_of
from reviewbot.dag.error import nearest
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.run import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An input as it was written, and where."""

    entry: EdgeEntry
    path: Path


def asked(entry: NodeEntry, path: Path) -> Mapping[str, Asked]:
    """What a node asks for, by parameter."""
    found = {
        one.node: Asked(entry=one, path=(*path, "needs", place))
        for place, one in enumerate(entry.needs)
    }
    for parameter, one in entry.inputs.items():
        found[parameter] = Asked(entry=one, path=(*path, "inputs", parameter))
    for parameter, source in (entry.each.over if entry.each else {}).items():
        one = EdgeEntry(node=source)
        found[parameter] = Asked(entry=one, path=(*path, "each", "over", parameter))
    return found


def seen(annotation: Any, entry: EdgeEntry) -> Any:  # noqa: ANN401 - annotations
    """The annotation of what an expression sees of a node's value, asked for like this."""
    if entry.outcome:
        return Outcome[annotation]
    if entry.optional and annotation is not Any:
        return annotation | None
    return annotation


def wired(
    base: Node, wanted: Mapping[str, Asked], constants: Iterable[str], problems: Problems
) -> tuple[Edge, ...]:
    """The edges of a node; what it cannot take is a problem.

    A parameter that nobody mentions is read from what has its name; a setting (a parameter with a
    default) is an edge only when it is mentioned.
    """
    fixed = frozenset(constants)
    for parameter in fixed & set(wanted):
        problems.add(
            wanted[parameter].path, f"{parameter!r} of {base.name!r} is a constant already"
        )
    found = {e.parameter: e for e in _offered(base, wanted, problems) if e.parameter not in fixed}
    return tuple(
        _strong(base, edge, wanted[edge.parameter], problems) if edge.parameter in wanted else edge
        for edge in found.values()
    )


def _offered(base: Node, wanted: Mapping[str, Asked], problems: Problems) -> tuple[Edge, ...]:
    """The edges that the node has, and those that what is wanted adds to them."""
    known = {edge.parameter: edge for edge in base.edges}
    if isinstance(base.run, Nested):
        _refuse(base, [name for name in wanted if name not in known], known, wanted, problems)
        return base.edges
    parameters = signature_of(base.run).parameters
    settings = [
        Edge(parameter=name, node=name, expects=_hint(parameters[name]))
        for name in wanted
        if name in parameters and name not in known and _is_plain(parameters[name])
    ]
    extra = [name for name in wanted if name not in parameters]
    if not any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
        _refuse(base, extra, parameters, wanted, problems)
        extra = []
    gathered = extra or [name for name in known if name not in parameters]
    plain = (known.get(edge.parameter, edge) for edge in edges_of(base.run, gathered))
    return (*plain, *settings)


def _refuse(
    base: Node,
    names: Iterable[str],
    known: Iterable[str],
    wanted: Mapping[str, Asked],
    problems: Problems,
) -> None:
    for name in names:
        what = f"{base.name!r} takes no {name!r}"
        near = nearest(name, known) or f"it takes {', '.join(known) or 'nothing'}"
        problems.add(wanted[name].path, what, near)


def _is_plain(parameter: inspect.Parameter) -> bool:
    return parameter.annotation is not Context and parameter.kind is not parameter.VAR_KEYWORD


def _hint(parameter: inspect.Parameter) -> Any:  # noqa: ANN401 - an annotation
    return Any if parameter.annotation is parameter.empty else parameter.annotation


def _strong(base: Node, edge: Edge, want: Asked, problems: Problems) -> Edge:
    entry = want.entry
    edge = replace(edge, node=entry.node)
    named = f"{edge.parameter!r} of {base.name!r}"
    if entry.outcome and edge.kind is not EdgeKind.OUTCOME and edge.expects is not Any:
        what = f"{named} takes {text(edge.expects)}, not an outcome"
        problems.add(want.path, what, f"annotate it Outcome[{text(edge.expects)}]")
        return edge
    if entry.outcome:
        return replace(edge, kind=EdgeKind.OUTCOME)
    if not entry.optional and entry.default is None:
        is_strict = entry.optional is False and edge.kind is EdgeKind.OPTIONAL
        return replace(edge, kind=EdgeKind.VALUE, default=None) if is_strict else edge
    if edge.kind is EdgeKind.OUTCOME:
        problems.add(want.path, f"{named} gets the outcome whatever it is", "leave out the rest")
        return edge
    return _optional(edge, want, named, problems)


def _optional(edge: Edge, want: Asked, named: str, problems: Problems) -> Edge:
    given = want.entry.default
    alternatives = tuple(members(edge.expects))
    if given is None and not {Any, None, NoneType, object} & set(alternatives):
        what = f"{named} takes {text(edge.expects)}, which is never None"
        problems.add(want.path, what, "state a default")
    try:
        default = None if given is None else converted(edge.expects, given)
    except ValueError as error:
        problems.add(want.path, f"default of {named}: {error}")
        default = None
    return replace(edge, kind=EdgeKind.OPTIONAL, default=default)
