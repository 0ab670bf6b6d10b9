"""A condition is declared before the run and decided in it; no answer is without a case."""

from enum import Enum
from typing import Any, Literal

import pytest

from reviewbot.dag.branch import branch
from reviewbot.dag.condition import Condition
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run


class Event(Enum):
    """What a verdict asks for."""

    APPROVE = "approve"
    COMMENT = "comment"
    BLOCK = "block"


@node
async def comment() -> str:
    return "commented"


@node
async def block() -> str:
    return "blocked"


@node
async def label() -> str:
    return "labelled"


@node
async def report(comment: Outcome[str], block: Outcome[str], label: Outcome[str]) -> str:
    return ", ".join(part.value for part in (comment, block, label) if part.value)


def verdict(decide: Event) -> Event:
    return decide


async def played(nodes: tuple[Node, ...], **inputs: Any) -> Run:
    return await run(Graph([*nodes, report], dict.fromkeys(inputs, Any)), inputs)


CASES = {Event.BLOCK: (block, label), Event.COMMENT: (comment, label), Event.APPROVE: ()}


@pytest.mark.parametrize(
    ("decided", "ran"),
    [
        (Event.BLOCK, "blocked, labelled"),
        (Event.COMMENT, "commented, labelled"),
        (Event.APPROVE, ""),
    ],
)
@pytest.mark.anyio
@pytest.mark.feature("E39")
@pytest.mark.feature("E40")
async def test_an_answer_selects_one_branch_several_or_none_and_the_join_waits_for_those(
    decided: Event, ran: str
) -> None:
    done = await played(branch(verdict, CASES), decide=decided)
    assert done.value("report") == ran
    if decided is Event.APPROVE:
        assert done.outcomes["label"].reason == "condition not met: verdict is BLOCK or COMMENT"


def size(change: int) -> Literal["small", "large"]:
    return "large" if change > 9 else "small"


def free(change: int) -> str:
    return str(change)


def flag(change: int) -> bool:
    return change > 0


def maybe(change: int) -> bool | None:
    return change > 0


@pytest.mark.parametrize(
    ("select", "cases", "problem"),
    [
        (verdict, {Event.BLOCK: [block], Event.COMMENT: []}, "maps no <Event.APPROVE: 'approve'>"),
        (size, {"small": [block]}, "maps no 'large'"),
        (size, {"small": [block], "large": [], "huge": [comment]}, "never answers 'huge'"),
        (flag, {True: [block]}, "maps no False"),
        (maybe, {True: [block], False: []}, "maps no None"),
        (free, {"1": [block]}, "cannot be enumerated; state a default"),
    ],
)
@pytest.mark.feature("E39")
def test_an_answer_without_a_case_is_an_error_before_the_run(
    select: Any, cases: Any, problem: str
) -> None:
    with pytest.raises(GraphError, match=problem) as caught:
        branch(select, cases)
    assert caught.value.phase == "declare"


@pytest.mark.parametrize(("change", "ran"), [(1, "blocked"), (2, "commented")])
@pytest.mark.anyio
async def test_a_default_stands_for_every_answer_without_a_case(change: int, ran: str) -> None:
    nodes = branch(free, {"1": [block]}, default=[comment])
    done = await played(
        (*nodes, label.bind("label", when=lambda change: change > 9)), change=change
    )
    assert done.value("report") == ran


@pytest.mark.anyio
async def test_an_answer_that_breaks_its_promise_fails_by_name() -> None:
    def lies(change: int) -> Literal["small"]:
        return f"small {change}"  # type: ignore[return-value] # that is the case

    done = await played((*branch(lies, {"small": [block]}), comment, label), change=1)
    assert done.outcomes["block"].reason == (
        "its condition (lies is 'small') raised LookupError: no case for 'small 1'"
    )
    assert done.value("report") == "commented, labelled"


def test_a_node_has_one_condition() -> None:
    guarded = block.bind("block", when=flag)
    with pytest.raises(GraphError, match="'block' already runs only when flag"):
        branch(size, {"small": [guarded], "large": []})


def test_a_condition_is_told_by_its_text_its_docstring_or_its_name() -> None:
    def blocks(review: int) -> bool:
        """The review holds a blocking finding.

        More about it.
        """
        return review > 0

    assert Condition.of(blocks, "review > 0").text == "review > 0"
    assert Condition.of(blocks).text == "The review holds a blocking finding."
    assert Condition.of(flag).text == "flag"
    assert Condition.of(lambda review: review > 0).text == "condition"


@pytest.mark.feature("E27")
def test_the_inputs_of_a_condition_are_checked_with_the_graph() -> None:
    guarded = block.bind("block", when=lambda reveiw: reveiw > 0)
    with pytest.raises(GraphError, match="missing input 'reveiw' of 'block'"):
        Graph([guarded], {"review": int})


@pytest.mark.anyio
async def test_a_condition_on_a_failed_node_skips_by_name() -> None:
    @node
    async def merge() -> int:
        raise ValueError("boom")

    guarded = block.bind("block", when=lambda merge: merge > 0)
    done = await run(Graph([merge, guarded]))
    assert (
        done.outcomes["block"].reason
        == "needs merge, which failed: ValueError: boom, attempt 1 of 1"
    )
