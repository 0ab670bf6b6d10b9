"""A node is a function: its parameter names are its dependencies."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

import anyio
import pytest

from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run


def is_set(change: str) -> bool:
    return change != ""


def asks(function: Callable[..., Any]) -> dict[str, EdgeKind]:
    return {edge.node: edge.kind for edge in node(function).edges}


@pytest.mark.feature("E16")
def test_the_annotation_says_how_strongly_a_parameter_asks() -> None:
    def merge(  # type: ignore[no-untyped-def] # noqa: PLR0913, PLR0917 - one parameter per case
        lint: int,
        types: int | None,
        old: Optional[int],  # noqa: UP045 - the old spelling is read too
        tests: Outcome[int],
        bare: Outcome,  # type: ignore[type-arg] # people forget the argument
        loose,  # noqa: ANN001 - people write it
        limit: int = 5,
        extra: int | None = 7,
    ) -> int:
        raise NotImplementedError

    assert asks(merge) == {
        "lint": EdgeKind.VALUE,
        "types": EdgeKind.OPTIONAL,
        "old": EdgeKind.OPTIONAL,
        "tests": EdgeKind.OUTCOME,
        "bare": EdgeKind.OUTCOME,
        "loose": EdgeKind.VALUE,
        "extra": EdgeKind.OPTIONAL,
    }
    assert node(merge).output is int
    assert next(edge.default for edge in node(merge).edges if edge.node == "extra") == 7


def test_the_decorator_takes_a_name_and_a_policy() -> None:
    policy = Policy(timeout=3)

    @node(name="lint", policy=policy, when=is_set)
    def check(change: str) -> str:
        return change.upper()

    assert (check.name, check.policy) == ("lint", policy)
    assert check.when is not None
    assert check.when.edges == (Edge(parameter="change", node="change", expects=str),)
    assert check("x") == "X"


@dataclass
class Called:
    """A callable object."""

    name: str = "called"

    async def __call__(self, change: str) -> str:
        return f"called {change}"


@dataclass
class Runs:
    """An object with a `run` method."""

    name: str = "runs"

    async def run(self, change: str) -> str:
        return f"runs {change}"


async def plain(prefix: str, change: str) -> str:
    return f"{prefix} {change}"


@pytest.mark.anyio
@pytest.mark.feature("E20")
async def test_whatever_can_be_called_is_a_node_and_gives_its_value() -> None:
    def in_thread(change: str) -> str:
        return f"thread {change}"

    def hides_a_coroutine(change: str) -> Any:
        return plain("hidden", change)

    nodes = [node(Called()), node(Runs()), node(in_thread), node(hides_a_coroutine)]
    nodes.append(node(partial(plain, "partial"), name="partial"))
    done = await run(Graph(nodes, {"change": str}), {"change": "c"})
    assert {name: outcome.value for name, outcome in done.outcomes.items()} == {
        "called": "called c",
        "runs": "runs c",
        "in_thread": "thread c",
        "hides_a_coroutine": "hidden c",
        "partial": "partial c",
    }


@pytest.mark.anyio
@pytest.mark.feature("E23")
async def test_one_function_stands_under_many_names_with_other_inputs() -> None:
    @node
    async def ask(change: str, prompt: str, model: str = "cheap") -> str:
        await anyio.lowlevel.checkpoint()
        return f"{prompt} {change} {model}"

    naming = ask.bind("naming", constants={"prompt": "names?"})
    again = ask.bind(
        "again", inputs={"change": "naming"}, constants={"prompt": "sure?", "model": "big"}
    )
    done = await run(Graph([naming, again], {"change": str}), {"change": "c"})
    assert done.value("again") == "sure? names? c cheap big"


@pytest.mark.anyio
async def test_a_starred_parameter_gathers_the_nodes_it_is_bound_to() -> None:
    @node
    async def one() -> int:
        return 1

    @node
    async def merge(**parts: Outcome[int]) -> int:
        return sum(part.value or 0 for part in parts.values())

    two = one.bind("my-two")
    merged = merge.bind("merge", needs=("one", "my-two"))
    assert merged.bind("other").edges == merged.edges
    assert (await run(Graph([one, two, merged]))).value("merge") == 2


def positional(change: str, /) -> None: ...


def variadic(*changes: str) -> None: ...


def unresolved(change: "Missing") -> None: ...  # type: ignore[name-defined] # noqa: F821 - that is the case


@pytest.mark.parametrize("function", [positional, variadic, unresolved, 3])
def test_what_cannot_be_a_node_is_refused_when_it_is_declared(function: Any) -> None:
    with pytest.raises(GraphError) as caught:
        node(function)
    assert caught.value.phase == "declare"


def test_binding_an_unknown_parameter_names_the_nearest() -> None:
    with pytest.raises(GraphError, match="did you mean 'change'"):
        node(Called()).bind("other", inputs={"chnage": "x"})
    with pytest.raises(GraphError, match="no \\*\\*parameter"):
        node(Called()).bind("other", needs=("lint",))


def test_a_node_built_by_hand_equals_the_decorated_one() -> None:
    edge = Edge(parameter="change", node="change", expects=str)
    by_hand = Node(
        name="plain",
        run=plain,
        edges=(Edge(parameter="prefix", node="prefix", expects=str), edge),
        output=str,
    )
    assert node(plain) == by_hand
