"""Each edge says how strongly it asks, by annotation or in the document."""

from typing import Any

import pytest

from reviewbot.dag.declare.load import load
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.edge import Edge, EdgeKind
from reviewbot.dag.items import Each, Items
from reviewbot.dag.node import node
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from tests.dag.declare.world import Analysis, Change, declared, first_letter, merge, ruff


async def broken() -> int:
    raise ValueError("broken")


async def value(given: int) -> int:
    return given


async def optional(given: int | None) -> int | None:
    return given


async def outcome(given: Outcome[int]) -> str:
    return str(given.status)


async def plain(given):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 - nobody annotated it
    return given


async def setting(given: int = 5) -> int:
    return given


KINDS = {one.__name__: one for one in (broken, value, optional, outcome, plain, setting)}


async def played(entry: str) -> Outcome[Any]:
    text = f"version: 1\nnodes: {{bad: {{use: broken}}, it: {entry}}}"
    found: Run = await run(load(text, Registry(kinds=KINDS)).graph)
    return found.outcomes["it"]


@pytest.mark.anyio
@pytest.mark.feature("E46")
@pytest.mark.parametrize(
    ("entry", "status", "given"),
    [
        ("{use: value, inputs: {given: bad}}", Status.SKIPPED, None),
        ("{use: value, inputs: {given: {node: bad, default: 3}}}", Status.SUCCEEDED, 3),
        ("{use: optional, inputs: {given: bad}}", Status.SUCCEEDED, None),
        ("{use: optional, inputs: {given: {node: bad, optional: false}}}", Status.SKIPPED, None),
        ("{use: optional, inputs: {given: {node: bad, default: 3}}}", Status.SUCCEEDED, 3),
        ("{use: outcome, inputs: {given: bad}}", Status.SUCCEEDED, "failed"),
        ("{use: plain, inputs: {given: bad}}", Status.SKIPPED, None),
        ("{use: plain, inputs: {given: {node: bad, optional: true}}}", Status.SUCCEEDED, None),
        ("{use: setting}", Status.SUCCEEDED, 5),
        ("{use: setting, inputs: {given: bad}}", Status.SKIPPED, None),
        ("{use: setting, inputs: {given: {node: bad, default: 4}}}", Status.SUCCEEDED, 4),
        ("{template: '{{ bad }}'}", Status.SKIPPED, None),
        (
            "{template: '{{ bad or 0 }}', needs: [{node: bad, optional: true}]}",
            Status.SUCCEEDED,
            "0",
        ),
        ("{template: '{{ b }}', inputs: {b: {node: bad, default: 7}}}", Status.SUCCEEDED, "7"),
        (
            "{template: '{{ bad.status }}', needs: [{node: bad, outcome: true}]}",
            Status.SUCCEEDED,
            "failed",
        ),
        ("{use: setting, when: bad > 3}", Status.SKIPPED, None),
        (
            "{use: setting, when: {expression: bad.ok, needs: [{node: bad, outcome: true}]}}",
            Status.SKIPPED,
            None,
        ),
        (
            "{use: setting, when: {expression: bad is none, needs: [{node: bad, optional: true}]}}",
            Status.SUCCEEDED,
            5,
        ),
    ],
)
async def test_an_edge_says_what_a_failed_input_means(
    entry: str, status: Status, given: object
) -> None:
    found = await played(entry)
    assert (found.status, found.value) == (status, given)


@pytest.mark.anyio
async def test_what_asks_for_an_outcome_gets_the_whole() -> None:
    found = await played("{use: plain, inputs: {given: {node: bad, outcome: true}}}")
    assert found.value is not None
    assert str(found.value.error) == "broken"


@pytest.mark.feature("E23")
def test_one_kind_stands_under_several_names_with_inputs_and_constants_of_their_own() -> None:
    graph = declared(
        "nodes:\n"
        "  style: {use: ruff, with: {select: [E]}}\n"
        "  bugs: {use: ruff, with: {select: [B, F], limit: 3}}\n"
        "  all: {use: merge, inputs: {a: style, b: bugs}}\n"
        "  some: {use: merge, needs: [bugs]}"
    ).graph
    assert graph.nodes["style"] == node(ruff).bind("style", constants={"select": ("E",)})
    constants = {"select": ("B", "F"), "limit": 3}
    assert graph.nodes["bugs"] == node(ruff).bind("bugs", constants=constants)
    assert graph.nodes["some"] == node(merge).bind("some", needs=["bugs"])
    assert graph.nodes["all"].edges == (
        Edge(parameter="a", node="style", kind=EdgeKind.OUTCOME, expects=Analysis),
        Edge(parameter="b", node="bugs", kind=EdgeKind.OUTCOME, expects=Analysis),
    )


async def text(hunk: str, change: Change) -> str:
    return f"{hunk} of {change.title}"


@pytest.mark.feature("E31")
def test_a_map_is_declared_with_its_key_and_its_limits() -> None:
    registry = Registry(
        kinds={"text": text}, types={"Change": Change}, functions={"first_letter": first_letter}
    )
    found = load(
        "version: 1\ninputs: {change: Change, hunks: 'tuple[str, ...]'}\n"
        "nodes:\n"
        "  short: {use: text, each: {hunk: hunks}}\n"
        "  long:\n"
        "    use: text\n"
        "    each: {over: {hunk: hunks}, key: first_letter, limit: 2, parallel: 1}\n",
        registry,
    ).graph
    over = {"hunk": "hunks"}
    assert found.nodes["short"] == node(text).bind("short", each=over)
    each = Each(over=over, key=first_letter, limit=2, parallel=1)
    assert found.nodes["long"] == node(text).bind("long", each=each)


def test_a_kind_that_maps_already_can_be_given_something_else_to_map_over() -> None:
    kind = node(text).bind("text", each={"hunk": "hunks"})
    registry = Registry(kinds={"text": kind}, types={"Change": Change})
    found = load(
        "version: 1\ninputs: {change: Change, hunks: 'list[str]', others: 'list[str]'}\n"
        "nodes: {a: {use: text}, b: {use: text, inputs: {hunk: others}}}",
        registry,
    ).graph
    assert found.nodes["a"] == kind.bind("a")
    assert found.nodes["b"] == kind.bind("b", inputs={"hunk": "others"})


@pytest.mark.anyio
@pytest.mark.feature("E31")
async def test_a_declared_map_runs_once_per_item_with_its_constants() -> None:
    graph = declared(
        "nodes:\n"
        "  parts: {use: hunks}\n"
        "  asked: {use: ask, each: {hunk: parts}, with: {question: how}}\n"
        "  count: {template: '{{ asked|length }}: {{ asked.values|join(\", \") }}'}"
    ).graph
    found = await run(graph, {"change": Change(hunks=("one", "two"))})
    assert isinstance(found.value("asked"), Items)
    assert found.value("count") == "2: how one (asked[0]), how two (asked[1])"
