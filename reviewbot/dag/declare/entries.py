"""The form of a document, as frozen values; what was not written is None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field

from reviewbot.dag.declare.forms import (
    Amounts,
    Count,
    Flag,
    Name,
    Seconds,
    Whole,
    Word,
    keyed,
    short,
)
from reviewbot.dag.declare.policy_entries import PolicyEntry

_STRICT = ConfigDict(extra="forbid")


def _each(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    is_long = isinstance(given, dict) and isinstance(given.get("over"), dict)
    return given if is_long else {"over": given}


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeEntry:
    """What is needed, and how strongly.

    Attributes:
        node: the node or input.
        optional: without it the dependent gets `default`, and runs.
        default: what stands in for it; says that it is optional.
        outcome: the whole outcome is handed over, whatever it is.
    """

    node: Word
    optional: Flag | None = None
    default: Any = None
    outcome: Flag | None = None

    __pydantic_config__ = _STRICT


Needed: TypeAlias = Annotated[EdgeEntry, short(keyed("node"), EdgeEntry | str)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EachEntry:
    """Which parameters get one item at a time, and of what.

    Attributes:
        over: parameter and what it is an item of.
        key: the function that gives an item's key.
        limit: the most items that are worked on.
        parallel: the most at once.
    """

    over: Mapping[Word, Word]
    key: Word | None = None
    limit: Count | None = None
    parallel: Count | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenEntry:
    """When a node runs: an expression, or a function; `needs` says how strongly it asks."""

    expression: Word | None = None
    function: Word | None = None
    needs: tuple[Needed, ...] = ()

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEntry(PolicyEntry):
    """One node: what it does (`use` a kind or a graph, or a `template`), with what, and how.

    Attributes:
        use: a kind of the registry, or a graph of the registry or of this document.
        template: text with expressions; the node gives the text.
        constants: parameters that have a fixed value.
        inputs: parameter and the node or input it is read from, where they differ.
        needs: what is needed under its own name.
        each: run once per item.
        when: run only then.
        gives: the node whose value is the value of a graph.
        skip: why the node is switched off.
    """

    use: Word | None = None
    template: str | None = None
    constants: Annotated[Mapping[str, Any] | None, Field(alias="with")] = None
    inputs: Mapping[Word, Needed] = field(default_factory=dict)
    needs: tuple[Needed, ...] = ()
    each: Annotated[EachEntry, short(_each, EachEntry | Mapping[str, str])] | None = None
    when: Annotated[WhenEntry, short(keyed("expression"), WhenEntry | str)] | None = None
    gives: Word | None = None
    skip: Word | None = None

    __pydantic_config__ = _STRICT


def _cases(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    return [given] if isinstance(given, str) else given


Chosen: TypeAlias = Annotated[tuple[Word, ...], short(_cases, tuple[str, ...] | str)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchEntry:
    """One answer selects the nodes that run.

    Attributes:
        on: an expression, or a function.
        cases: answer and the nodes it selects.
        default: the nodes of every answer without a case; an empty list says that there are none.
    """

    on: Annotated[WhenEntry, short(keyed("expression"), WhenEntry | str)]
    cases: Mapping[str, Chosen]
    default: Chosen | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """How the graph is run, where the caller says nothing else.

    Attributes:
        max_parallel: the most nodes that work at once.
        deadline: for the whole run.
        grace: for what still closes it then.
        limits: what the resources of nodes are taken from.
        budgets: what the costs of nodes are taken from.
        estimates: how long nodes take, by path; they order the queue.
        seed: makes the waits of retries repeatable.
    """

    max_parallel: Count | None = None
    deadline: Seconds | None = None
    grace: Seconds | None = None
    limits: Amounts | None = None
    budgets: Amounts | None = None
    estimates: Mapping[Word, Seconds] | None = None
    seed: Whole | None = None

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphEntry:
    """A graph inside a document."""

    inputs: Mapping[Name, Word] = field(default_factory=dict)
    defaults: PolicyEntry = field(default_factory=PolicyEntry)
    nodes: Mapping[Name, NodeEntry] = field(default_factory=dict)
    branches: Mapping[Name, BranchEntry] = field(default_factory=dict)

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry(GraphEntry):
    """The whole document."""

    version: Literal[1]
    run: RunEntry = field(default_factory=RunEntry)
    graphs: Mapping[Name, GraphEntry] = field(default_factory=dict)

    __pydantic_config__ = _STRICT
