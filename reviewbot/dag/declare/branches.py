"""A branch of a document -> its nodes, each with the condition that the answer chose it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from reviewbot.dag.annotation import answers_of, clash, text
from reviewbot.dag.branch import branch
from reviewbot.dag.declare.entries import BranchEntry, WhenEntry
from reviewbot.dag.declare.expression import expression
from reviewbot.dag.declare.names import Names
from reviewbot.dag.declare.problem import Path
from reviewbot.dag.declare.reading import converted
from reviewbot.dag.edge import output_of
from reviewbot.dag.error import GraphError, nearest
from reviewbot.dag.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Where the branches of a section are made; `known` are all nodes that were written."""

    names: Names
    scope: Mapping[str, Any]
    nodes: Mapping[str, Node]
    known: frozenset[str]

    def chosen(self, entry: BranchEntry, path: Path) -> Mapping[str, Node]:
        """The nodes of a branch with their conditions; none when something is wrong with it."""
        select = self._select(entry.on, (*path, "on"))
        listed = [*entry.cases.values(), entry.default or ()]
        self._check_names((name for names in listed for name in names), path)
        if select is None:
            return {}
        cases = self._cases(select, entry, path)
        default = None if entry.default is None else self._nodes(entry.default)
        try:
            return {node.name: node for node in branch(select, cases, default=default)}
        except GraphError as error:
            self.names.problems.extend(path, error.problems)
            return {}

    def _select(self, entry: WhenEntry, path: Path) -> Callable[..., Any] | None:
        if entry.function is not None:
            return self.names.function(entry.function, path)
        try:
            return expression(entry.expression or "", self.scope)
        except GraphError as error:
            self.names.problems.extend(path, error.problems)
            return None

    def _check_names(self, names: Iterable[str], path: Path) -> None:
        for name in dict.fromkeys(names):
            if name not in self.known:
                near = nearest(name, self.known)
                self.names.problems.add(path, f"no node {name!r} to branch to", near)

    def _nodes(self, names: Iterable[str]) -> tuple[Node, ...]:
        return tuple(self.nodes[name] for name in names if name in self.nodes)

    def _cases(
        self, select: Callable[..., Any], entry: BranchEntry, path: Path
    ) -> dict[Any, tuple[Node, ...]]:
        given = output_of(select)
        possible = answers_of(given)
        known = {} if possible is None else {spelled(one): one for one in possible}
        found: dict[Any, tuple[Node, ...]] = {}
        for case, names in entry.cases.items():
            try:
                answer = _meant(given, case) if possible is None else known[case]
            except LookupError:
                what = f"{text(given)} never answers {case!r}"
                self.names.problems.add((*path, "cases", case), what, nearest(case, known))
            else:
                found[answer] = self._nodes(names)
        if known and entry.default and len(found) == len(known):
            what = "the default is unreachable: every answer has a case"
            self.names.problems.add((*path, "default"), what, "leave it out")
        return found


def _meant(annotation: Any, case: str) -> Any:  # noqa: ANN401 - any answer
    """The answer that a case stands for, where the answers cannot be listed.

    Raises:
        LookupError: it can be none.
    """
    if annotation is None or not clash(str, annotation):
        return case
    try:
        return converted(annotation, json.loads(case))
    except ValueError as error:
        raise LookupError(case) from error


def spelled(answer: Any) -> str:  # noqa: ANN401 - any answer
    """An answer as a key of a document: `true`, `null`, the value or the name of an Enum."""
    if isinstance(answer, Enum):
        return answer.value if isinstance(answer.value, str) else answer.name
    if answer is None:
        return "null"
    return str(answer).lower() if isinstance(answer, bool) else str(answer)
