"""Branches: one answer selects which nodes run, and every answer is mapped before the run."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from reviewbot.dag.annotation import answers_of, text
from reviewbot.dag.condition import Condition
from reviewbot.dag.edge import edges_of, output_of
from reviewbot.dag.error import GraphError
from reviewbot.dag.node import Node


def branch(
    select: Callable[..., Hashable],
    cases: Mapping[Any, Iterable[Node]],
    *,
    default: Iterable[Node] | None = None,
) -> tuple[Node, ...]:
    """The nodes of all cases, each with the condition that the answer of `select` chose it.

    The parameter names of `select` are its dependencies. A case may hold several nodes or none, a
    node may stand in several cases, and a node that gathers Outcomes joins whichever ran. `default`
    stands for every answer that has no case; an empty one says that such an answer ends the branch.

    Raises:
        GraphError: without a `default`, an answer that the return annotation allows (a member of an
            Enum or Literal, a bool, None) has no case, or the annotation cannot be enumerated; a
            case that can never be the answer; a node that has a condition already.
    """
    chosen = {answer: tuple(nodes) for answer, nodes in cases.items()}
    rest = None if default is None else tuple(default)
    nodes = {node.name: node for group in (*chosen.values(), rest or ()) for node in group}
    found = [*_unmapped(select, chosen, rest), *_conditional(nodes.values())]
    if found:
        raise GraphError(found, phase="declare")
    return tuple(_selected(node, select, chosen, rest) for node in nodes.values())


def _unmapped(
    select: Callable[..., Hashable], cases: Mapping[Any, object], default: object
) -> Iterable[str]:
    name = getattr(select, "__name__", repr(select))
    answers = answers_of(output_of(select))
    if answers is None:
        if default is None:
            yield f"the answers of branch {name!r} cannot be enumerated; state a default"
        return
    if default is None:
        yield from (f"branch {name!r} maps no {a!r}" for a in answers if a not in cases)
    yield from (f"branch {name!r} never answers {c!r}" for c in cases if c not in answers)


def _conditional(nodes: Iterable[Node]) -> Iterable[str]:
    return (f"{node.name!r} already runs only when {node.when.text}" for node in nodes if node.when)


def _selected(
    node: Node,
    select: Callable[..., Hashable],
    cases: Mapping[Any, tuple[Node, ...]],
    default: tuple[Node, ...] | None,
) -> Node:
    answers = tuple(answer for answer, group in cases.items() if node in group)
    is_default = default is not None and node in default
    test = Choice(
        select=select,
        answers=frozenset(answers),
        cases=frozenset(cases),
        is_default=is_default,
        has_default=default is not None,
    )
    shown = [*(_shown(answer) for answer in answers), *(["anything else"] if is_default else [])]
    said = f"{getattr(select, '__name__', text(select))} is {' or '.join(shown)}"
    return replace(node, when=Condition(text=said, test=test, edges=edges_of(select)))


def _shown(answer: Any) -> str:  # noqa: ANN401 - any hashable
    return answer.name if isinstance(answer, Enum) else repr(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The predicate of one node of a branch: whether the answer is one of the node's own."""

    select: Callable[..., Hashable]
    answers: frozenset[Any]
    cases: frozenset[Any]
    is_default: bool
    has_default: bool

    def __call__(self, **inputs: Any) -> bool:  # noqa: ANN401 - whatever `select` takes
        """Whether the node runs.

        Raises:
            LookupError: the answer has no case and there is no default, although the annotation of
                `select` promised that this cannot be.
        """
        answer = self.select(**inputs)
        if answer in self.cases:
            return answer in self.answers
        if not self.has_default:
            raise LookupError(f"no case for {answer!r}")
        return self.is_default
