"""What a node receives: its arguments, and what keeps it from running when one is missing."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from reviewbot.dag.collection import in_form
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.items import Items
from reviewbot.dag.run import Outcome, Status

_VALUE, _SUCCEEDED = EdgeKind.VALUE, Status.SUCCEEDED
_MUTABLE = frozenset({list, dict, set, bytearray})
_PLAIN = frozenset({type(None), bool, int, float, str, bytes, tuple, frozenset})


def lacking(edges: Iterable[Edge], outcomes: Mapping[str, Outcome[Any]]) -> Outcome[Any] | None:
    """The first outcome that should have given a required value and did not."""
    for edge in edges:
        if edge.kind is EdgeKind.VALUE:
            outcome = outcomes.get(edge.node)
            if outcome is not None and not outcome.ok:
                return outcome
    return None


def arguments(
    edges: Iterable[Edge], inputs: Mapping[str, Any], outcomes: Mapping[str, Outcome[Any]]
) -> dict[str, Any]:
    """One argument per edge.

    A list, dict, set, bytearray or unfrozen dataclass is copied for every receiver, so that what
    one of them does to it is seen by nobody else; everything else is shared. `Items` are given in
    the form that the parameter asks for.
    """
    given: dict[str, Any] = {}
    for edge in edges:
        outcome = outcomes.get(edge.node)
        if outcome is None:
            given[edge.parameter] = own(inputs[edge.node], edge)
        elif outcome.status is _SUCCEEDED and type(outcome.value) in _PLAIN and edge.kind is _VALUE:
            given[edge.parameter] = outcome.value  # what `received` gives, without the call
        else:
            given[edge.parameter] = received(edge, outcome)
    return given


def received(edge: Edge, outcome: Outcome[Any]) -> Any:  # noqa: ANN401 - any value travels
    """What the edge's parameter receives of this outcome."""
    if edge.kind is EdgeKind.OUTCOME:
        return _own_outcome(outcome, edge)
    return own(outcome.value if outcome.ok else edge.default, edge)


def own(value: Any, edge: Edge) -> Any:  # noqa: ANN401 - any value travels along an edge
    """The value as the edge asks for it, or a deep copy when it can be changed in place."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Items:
        return in_form(value, edge.expects)
    return deepcopy(value) if _is_mutable(kind) else value


def _is_mutable(kind: type) -> bool:
    parameters = getattr(kind, "__dataclass_params__", None)
    return kind in _MUTABLE or (parameters is not None and not parameters.frozen)


def _own_outcome(outcome: Outcome[Any], edge: Edge) -> Outcome[Any]:
    value = own(outcome.value, edge)
    return outcome if value is outcome.value else replace(outcome, value=value)


def skipped_for(name: str, direct: Outcome[Any], root: Outcome[Any], at: float) -> Outcome[Any]:
    """The outcome of a node whose required input `direct` is missing, because of `root`."""
    if direct.node == root.node:
        why = f"needs {root.node}, which {_ended(root)}"
    else:
        why = f"needs {direct.node}, which was skipped because {root.node} {_ended(root)}"
    return Outcome(node=name, status=Status.SKIPPED, reason=why, started=at)


def _ended(outcome: Outcome[Any]) -> str:
    was = "was " if outcome.status in {Status.SKIPPED, Status.CANCELLED} else ""
    return f"{was}{outcome.status}: {outcome.reason}"
