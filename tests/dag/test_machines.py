"""Laws 2, 3 and 4 as state machines: whatever happens, in whatever order, the model is right.

A machine draws a graph, starts it, and then lets things happen one by one: a node answers, loses
its connection, crashes; time passes; the run is stopped, meets its deadline, or is killed and taken
up again from its record. After every step the engine has called exactly the nodes that a tiny
sequential interpreter says, and settled exactly those, each in the status that it says.
"""

from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reviewbot.dag.edge import EdgeKind
from reviewbot.testing.fakes.record import MemoryRecord
from tests.dag.machines.hands import Hands, hands
from tests.dag.machines.model import DEADLINE, GOOD, Model, Shape
from tests.dag.machines.world import World

_SOON = 0.0005  # so that nothing depends on the last bit of a sum of seconds


def _needs(place: int) -> st.SearchStrategy[tuple[tuple[int, EdgeKind], ...]]:
    if not place:
        return st.just(())
    kinds = st.sampled_from(EdgeKind)
    return st.dictionaries(st.integers(0, place - 1), kinds, max_size=3).map(
        lambda found: tuple(sorted(found.items()))
    )


SHAPES: st.SearchStrategy[Shape] = st.integers(1, 8).flatmap(
    lambda count: st.tuples(*(_needs(place) for place in range(count)))
)


class Machine(RuleBasedStateMachine):
    """One run of one graph, told what happens next."""

    backend = ""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.hands: Hands = self.open.enter_context(hands(self.backend))

    @initialize(shape=SHAPES, deadline=st.sampled_from((None, DEADLINE)))
    def begin(self, shape: Shape, deadline: float | None) -> None:
        self.record = MemoryRecord()
        self.deadline = deadline
        self.model = Model(shape=shape, deadline=deadline)
        self.world = World(self.hands, shape, self.record, deadline)

    def _working(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.model.of("working")), "node")

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        place = self._working(data)
        self.model.answer(place)
        self.world.end(place, None)

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def stumble(self, data: st.DataObject) -> None:
        place = self._working(data)
        self.model.stumble(place)
        self.world.end(place, ConnectionError("gone"))

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        place = self._working(data)
        self.model.crash(place)
        self.world.end(place, ValueError("broken"))

    @precondition(lambda self: not self.model.is_over)
    @rule(seconds=st.integers(1, 12))
    def pass_time(self, seconds: int) -> None:
        until = self.model.now + seconds
        while (due := self.model.next_due()) is not None and due < until:
            self._pass_until(due + _SOON)
        if not self.model.is_over:
            self._pass_until(until)

    def _pass_until(self, when: float) -> None:
        passing = when - self.model.now
        self.model.pass_until(when)
        self.hands.pass_time(passing)

    @precondition(lambda self: not self.model.is_over and not self.model.ending)
    @rule()
    def stop(self) -> None:
        self.model.end("stop")
        self.world.stop()

    @rule()
    def kill_and_resume(self) -> None:
        """Resuming what had ended by itself runs only what had not succeeded, too."""
        if self.model.is_over:
            self.world.finished()
        else:
            self.world.kill()
        good = {place: str(self.model.states[place].value) for place in self.model.of(GOOD)}
        known = {**self.model.known, **good}
        self.record = self.record.again()
        assert self.record.earlier.keys() == {f"n{place}" for place in known}
        self.model = Model(shape=self.model.shape, deadline=self.deadline, known=known)
        self.world = World(self.hands, self.model.shape, self.record, self.deadline)

    @invariant()
    def the_engine_did_what_the_model_says(self) -> None:
        assert sorted(self.world.started) == sorted(self.model.started)
        assert self.world.results() == self.model.results()

    def teardown(self) -> None:
        """Let the run end well, unless a step before has failed already."""
        with self.open:
            if hasattr(self, "world") and self.world.results() == self.model.results():
                self._finish()

    def _finish(self) -> None:
        while working := self.model.of("working"):
            self.model.answer(working[0])
            self.world.end(working[0], None)
        while (due := self.model.next_due()) is not None:
            self._pass_until(due + _SOON)
            for place in self.model.of("working"):
                self.model.answer(place)
                self.world.end(place, None)
        self.the_engine_did_what_the_model_says()
        done = self.world.finished()
        assert list(done.outcomes) == list(self.world.graph.order)
        assert done.outcomes == self.world.settled


@pytest.mark.feature("E02", "E43", "E44", "E49", "E53", "E54")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_engine_does_what_a_sequential_interpreter_says(backend: str) -> None:
    machine: Any = type(f"On{backend.title()}", (Machine,), {"backend": backend})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=15, deadline=None)
    )
