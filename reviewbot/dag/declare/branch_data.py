"""The branches of a Graph -> what a document says of them."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from reviewbot.dag.branch import Choice
from reviewbot.dag.declare.branches import spelled
from reviewbot.dag.declare.expression import Expression
from reviewbot.dag.declare.naming import Naming
from reviewbot.dag.graph import Graph

Chosen = dict[str, tuple[Choice, str]]


def branches(graph: Graph, naming: Naming) -> dict[str, Any]:
    """Every branch, numbered in the order of the nodes it chooses.

    Raises:
        LookupError: what selects one has no name in the registry.
    """
    found: list[Chosen] = []
    for name, node in graph.nodes.items():
        if node.when is not None and isinstance(node.when.test, Choice):
            _branch_of(node.when.test, found)[name] = (node.when.test, node.when.text)
    return {f"branch-{place}": _written(one, naming) for place, one in enumerate(found, 1)}


def _branch_of(choice: Choice, found: list[Chosen]) -> Chosen:
    """The branch that a choice is part of; a new one when it is the first."""
    for chosen in found:
        first, _ = next(iter(chosen.values()))
        if (first.select, first.cases, first.has_default) == (
            choice.select,
            choice.cases,
            choice.has_default,
        ):
            return chosen
    found.append({})
    return found[-1]


def _written(chosen: Chosen, naming: Naming) -> dict[str, Any]:
    first, _ = next(iter(chosen.values()))
    cases = {
        spelled(case): [name for name, (choice, _) in chosen.items() if case in choice.answers]
        for case in _ordered(first.cases, [text for _, text in chosen.values()])
    }
    data: dict[str, Any] = {"on": _select(first, naming), "cases": cases}
    if first.has_default:
        data["default"] = [name for name, (choice, _) in chosen.items() if choice.is_default]
    return data


def _select(choice: Choice, naming: Naming) -> Any:  # noqa: ANN401 - plain data
    if isinstance(choice.select, Expression):
        return choice.select.text
    return {"function": naming.function(choice.select)}


def _ordered(cases: Iterable[Any], texts: Iterable[str]) -> list[Any]:
    """The cases in the order in which the conditions speak of them: a set has lost it."""
    longest = max(texts, key=len)
    place: Mapping[Any, int] = {case: longest.rfind(_shown(case)) for case in cases}
    return sorted(place, key=lambda case: (place[case], spelled(case)))


def _shown(answer: Any) -> str:  # noqa: ANN401 - any answer
    return answer.name if isinstance(answer, Enum) else repr(answer)
