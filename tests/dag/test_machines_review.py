"""Law 1 as a state machine: whatever becomes of the analyses, no finding is lost or said twice.

The real graph of a review, over analyzers that wait until they are told how to end. In the end its
Review must be what merging the outcomes one after another gives, to the last field.
"""

from collections import Counter
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Run
from reviewbot.dag.runner import run
from reviewbot.errors import ToolCrashed
from reviewbot.pipeline import DECIDE, MERGE, Lane, review_graph
from reviewbot.review.analysis import Analysis, Change
from reviewbot.review.finding import Finding
from reviewbot.review.merge import Circumstances, merge
from reviewbot.review.review import Review
from reviewbot.review.verdict import VerdictPolicy, decide
from reviewbot.testing.fakes.change import change_of
from reviewbot.testing.fakes.texts import Texts
from tests.dag.machines.hands import AnyioClock, Hands, hands
from tests.strategies import NODES, Settled, analyses, entering, texts

TIMEOUT = 60.0


@dataclass(kw_only=True)
class Waiting:
    """An analyzer that answers, or fails, when it is told to."""

    tool: str
    answer: Analysis
    lie: object = None
    error: Exception | None = None
    gate: anyio.Event = field(default_factory=anyio.Event)

    async def analyze(self, change: Change) -> Analysis:  # noqa: ARG002 - the port's
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        lie: Any = self.lie
        return self.answer if lie is None else lie


def said(review: Review) -> Counter[Finding]:
    """Everything that a review holds of what tools said, wherever it holds it."""
    places = (*review.findings, *(each.classified for each in review.suppressed))
    return Counter(finding for each in places for finding in (each.finding, *each.also))


class ReviewMachine(RuleBasedStateMachine):
    """One review, told how each of its analyses ends."""

    backend = ""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.hands: Hands = self.open.enter_context(hands(self.backend))
        self.waiting: dict[str, Waiting] = {}
        self.settled: dict[str, Settled] = {}

    @initialize(data=st.data(), change=texts())
    def begin(self, data: st.DataObject, change: Texts) -> None:
        self.texts = change
        answers = {node: data.draw(analyses(change, node), node) for node in NODES}
        self.stop = self.hands.do(anyio.Event)
        self.waiting = self.hands.do(
            lambda: {node: Waiting(tool=NODES[node], answer=answers[node]) for node in NODES}
        )
        lanes = [
            Lane(name=node, analyzer=analyzer, policy=Policy(timeout=TIMEOUT))
            for node, analyzer in self.waiting.items()
        ]
        graph = review_graph(lanes, VerdictPolicy(), lambda _: change)

        async def play() -> Run:
            inputs = {"change": change_of(change)}
            return await run(graph, inputs, stop=self.stop, clock=AnyioClock())

        self.future: Future[Run] = self.hands.portal.start_task_soon(play)
        self.hands.do(lambda: None)

    def _drawn(self, data: st.DataObject) -> tuple[str, Waiting]:
        node = data.draw(st.sampled_from(sorted(self.waiting)), "node")
        return node, self.waiting.pop(node)

    def _lose(self, node: str, status: str, reason: str) -> None:
        self.settled[node] = Settled(node=node, status=status, reason=f"{reason}, attempt 1 of 1")

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        node, analyzer = self._drawn(data)
        self.hands.do(analyzer.gate.set)
        self.settled[node] = Settled(node=node, status="succeeded", value=analyzer.answer)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        node, analyzer = self._drawn(data)
        analyzer.error = ToolCrashed("exit code 139")
        self.hands.do(analyzer.gate.set)
        self._lose(node, "failed", "ToolCrashed: exit code 139")

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def lie(self, data: st.DataObject) -> None:
        node, analyzer = self._drawn(data)
        analyzer.lie = {"findings": []}
        self.hands.do(analyzer.gate.set)
        self._lose(node, "failed", "gave dict, promised Analysis")

    @precondition(lambda self: self.waiting)
    @rule()
    def time_out(self) -> None:
        self.hands.pass_time(TIMEOUT + 0.001)
        for node in self.waiting:
            self._lose(node, "timed out", f"timeout {TIMEOUT:g} s")
        self.waiting = {}

    @precondition(lambda self: self.waiting)
    @rule()
    def be_stopped(self) -> None:
        self.hands.do(self.stop.set)
        for node in self.waiting:
            self._lose(node, "cancelled", "the run was stopped")
        self.waiting = {}

    @precondition(lambda self: not self.waiting)
    @rule()
    def look_at_the_review(self) -> None:
        done = self.future.result(5)
        outcomes = [self.settled[node] for node in NODES]
        change = change_of(self.texts)
        around = Circumstances(expected=tuple(NODES), trust=change.trust)
        review: Review = done.value(MERGE)
        assert review == merge(outcomes, change.diff, self.texts, around)
        assert done.value(DECIDE) == decide(review, VerdictPolicy())
        assert Counter(entering(outcomes)) <= said(review)

    def teardown(self) -> None:
        with self.open:
            if hasattr(self, "future"):
                self.hands.do(self.stop.set)
                self.future.result(5)


@pytest.mark.feature("R02")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_finding_is_lost_whatever_becomes_of_the_analyses(backend: str) -> None:
    machine: Any = type("Played", (ReviewMachine,), {"backend": backend})
    chosen = settings(max_examples=15, stateful_step_count=8, deadline=None)
    run_state_machine_as_test(machine, settings=chosen)
