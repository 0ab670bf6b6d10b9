"""An answer selects what runs; what no case maps is an error of the document."""

import pytest

from reviewbot.dag.branch import branch
from reviewbot.dag.node import node
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from tests.dag.declare.world import Change, Colour, act, coloured, declared, problems

NODES = """
nodes:
  lint: {use: ruff}
  merge: {use: merge, needs: [lint]}
  stop: {use: act}
  label: {use: act}
  go: {use: act}
branches:
"""
BLOCKED = "  b: {on: merge.level, cases: {fine: [], blocked: go}}"


@pytest.mark.anyio
@pytest.mark.feature("E39")
@pytest.mark.feature("E40")
@pytest.mark.parametrize(
    ("branches", "ran"),
    [
        ("  b: {on: merge.level, cases: {blocked: [stop, label], fine: go}}", "stop label"),
        ("  b: {on: merge.level, cases: {fine: [stop, label, go]}, default: []}", ""),
        ("  b: {on: merge.count > 100, cases: {true: [stop, go], false: [label, go]}}", "label go"),
        ("  b: {on: merge.size, cases: {small: [stop, go], big: []}}", "stop go"),
        ("  b: {on: merge.count, cases: {4: stop}, default: [label]}", "stop"),
        ("  b: {on: merge.count, cases: {5: stop}, default: [label]}", "label"),
        ("  b: {on: change.author, cases: {me: stop}, default: go}", "go"),
        ("  b: {on: {function: coloured}, cases: {RED: stop, BLUE: go}}", "stop"),
        ("  b: {on: \"'much' if merge.count > 3 else 'few'\", cases: {much: go, few: []}}", "go"),
        ("  a: {on: merge.is_empty, cases: {true: stop, false: label}}\n" + BLOCKED, "label go"),
    ],
)
async def test_an_answer_selects_one_branch_several_or_none(branches: str, ran: str) -> None:
    found = await run(declared(NODES + branches).graph, {"change": Change(title="two words")})
    chosen = {name for name in ("stop", "label", "go") if name in branches}
    assert {name for name in chosen if found.outcomes[name].ok} == set(ran.split())
    skipped = {name for name in chosen if found.outcomes[name].status is Status.SKIPPED}
    assert skipped == chosen - set(ran.split())


def test_a_declared_branch_is_the_branch_of_python() -> None:
    text = NODES + "  b: {on: {function: coloured}, cases: {RED: [stop, go], BLUE: [go]}}"
    graph = declared(text).graph
    stop, go = node(act).bind("stop"), node(act).bind("go")
    wanted = branch(coloured, {Colour.RED: [stop, go], Colour.BLUE: [go]})
    assert {one.name: one for one in wanted} == {name: graph.nodes[name] for name in ("stop", "go")}


@pytest.mark.feature("E39")
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "{on: merge.level, cases: {fine: go}}",
            "10: branch 'merge.level' maps no <Level.BLOCKED: 'blocked'>",
        ),
        (
            "{on: merge.count, cases: {a: go}}",
            "10: the answers of branch 'merge.count' cannot be enumerated; state a default",
        ),
        (
            "{on: merge.size, cases: {small: go, bigg: []}}",
            "10: Literal['small', 'big'] never answers 'bigg'; did you mean 'big'?",
        ),
        (
            "{on: merge.level, cases: {fine: go, blocked: gone}}",
            "10: no node 'gone' to branch to; did you mean 'go'?",
        ),
        (
            "{on: merge.is_empty, cases: {true: go, false: []}, default: [stop]}",
            "10: the default is unreachable: every answer has a case; leave it out",
        ),
        ("{on: merge.levle, cases: {a: go}}", "10: Analysis has no 'levle'; did you mean 'level'?"),
        (
            "{on: {function: colour}, cases: {a: go}}",
            "10: unknown function 'colour'; did you mean 'coloured'?",
        ),
        ("{on: merge.count, cases: {a: go}, default: go}", "10: int never answers 'a'"),
    ],
)
def test_an_answer_that_no_case_maps_is_a_problem_of_the_document(entry: str, said: str) -> None:
    assert said in problems(f"{NODES.strip()}\n  b: {entry}")


def test_a_node_has_one_reason_to_run() -> None:
    text = NODES.replace("go: {use: act}", "go: {use: act, when: lint.count > 1}")
    said = problems(f"{text.strip()}\n  b: {{on: merge.level, cases: {{fine: go}}, default: []}}")
    assert said == ["10: 'go' already runs only when lint.count > 1"]
