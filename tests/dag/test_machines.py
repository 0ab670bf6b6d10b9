"""Laws 2, 3 and 4 as state machines: whatever happens, in whatever order, the model is right.

A machine draws a graph, starts it, and then lets things happen one by one: a node answers, loses
its connection, crashes; time passes; the run is stopped, meets its deadline, or is killed and taken
up again from its record. After every step the engine has called exactly the nodes that a tiny
sequential interpreter says, and settled exactly those, each in the status that it says.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

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
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader
from reviewbot.dag.running.record import Record
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


class Records(Protocol):
    """Where runs are written down; `strict` says that what stands is compared by content."""

    strict: bool

    def begin(self, graph: Graph) -> Record: ...

    def again(self, graph: Graph) -> Record: ...

    def known(self) -> Mapping[str, Any]:
        """The values of the nodes that are finished, by name."""
        ...

    def close(self) -> None: ...


class InMemory:
    """Runs in memory."""

    strict = False

    def __init__(self) -> None:
        self.record = MemoryRecord()

    def begin(self, _graph: Graph) -> Record:
        return self.record

    def again(self, _graph: Graph) -> Record:
        self.record = self.record.again()
        return self.record

    def known(self) -> Mapping[str, Any]:
        finished = {**self.record.earlier, **self.record.durable}
        return {path: outcome.value for path, outcome in finished.items()}

    def close(self) -> None:
        """There is nothing to close."""


class OnDisk:
    """Runs in a journal, which every process opens anew."""

    strict = True

    def __init__(self) -> None:
        self.folder = TemporaryDirectory()
        self.open = ExitStack()

    def _journal(self) -> Journal:
        self.open.close()
        return self.open.enter_context(Journal.open(Path(self.folder.name) / "journal"))

    def begin(self, graph: Graph) -> Record:
        return self.open.enter_context(self._journal().begin("run", graph))

    def again(self, graph: Graph) -> Record:
        return self.open.enter_context(self._journal().resume("run", graph))

    def known(self) -> Mapping[str, Any]:
        with Reader.open(Path(self.folder.name) / "journal") as reader:
            outcomes = reader.load("run").run.outcomes
        return {path: outcome.value for path, outcome in outcomes.items() if outcome.ok}

    def close(self) -> None:
        self.open.close()
        self.folder.cleanup()


class Machine(RuleBasedStateMachine):
    """One run of one graph, told what happens next."""

    backend = ""
    kept: type[InMemory | OnDisk] = InMemory

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.records: Records = self.kept()
        self.open.callback(self.records.close)
        self.hands: Hands = self.open.enter_context(hands(self.backend))

    @initialize(shape=SHAPES, deadline=st.sampled_from((None, DEADLINE)))
    def begin(self, shape: Shape, deadline: float | None) -> None:
        self.deadline = deadline
        self._start(shape, self.records.begin, {})

    def _start(
        self, shape: Shape, recorded: Callable[[Graph], Record], known: Mapping[int, str]
    ) -> None:
        self.world = World(self.hands, shape, recorded, self.deadline)
        self.model = Model(
            shape=shape,
            deadline=self.deadline,
            known=known,
            strict=self.records.strict,
            reason=self.world.reason,
        )

    def _end(self, data: st.DataObject, error: Exception | None) -> int:
        place = data.draw(st.sampled_from(self.model.of("working")), "node")
        self.world.end(place, error)
        return place

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        self.model.answer(self._end(data, None))

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def stumble(self, data: st.DataObject) -> None:
        self.model.stumble(self._end(data, ConnectionError("gone")))

    @precondition(lambda self: self.model.of("working"))
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        self.model.crash(self._end(data, ValueError("broken")))

    @precondition(lambda self: not self.model.is_over)
    @rule(seconds=st.integers(1, 12))
    def pass_time(self, seconds: int) -> None:
        until = self.model.now + seconds
        while (due := self.model.next_due()) is not None and due < until:
            self._pass_until(due + _SOON)
        if not self.model.is_over:
            self._pass_until(until)

    def _pass_until(self, when: float) -> None:
        self.hands.pass_time(when - self.model.now)
        self.model.pass_until(when)
        self.the_engine_did_what_the_model_says()

    @precondition(lambda self: not self.model.is_over and not self.model.ending)
    @rule()
    def stop(self) -> None:
        self.world.stop()
        self.model.end("stop")

    @rule()
    def kill_and_resume(self) -> None:
        """Resuming what had ended by itself runs only what had not succeeded, too."""
        good = {place: str(self.model.states[place].value) for place in self.model.of(GOOD)}
        self._wait_for(lambda: good.items() <= self._known().items())
        if self.model.is_over:
            self.world.finished()
        else:
            self.world.kill()
        known = self._known()
        # Of what an earlier process had finished, that may be lost which has begun anew.
        assert {**known, **good} == known
        assert {**self.model.known, **good, **known} == {**self.model.known, **good}
        self._start(self.model.shape, self.records.again, known)

    def _known(self) -> Mapping[int, str]:
        return {int(name[1:]): str(value) for name, value in self.records.known().items()}

    def _wait_for(self, true: Callable[[], bool]) -> None:
        """Let everybody do what they can until it is true; a disk takes its time."""
        patience = time.monotonic() + 5.0
        while not true() and time.monotonic() < patience:
            self.world.look()

    def _agrees(self) -> bool:
        world, model = self.world, self.model
        is_same = sorted(world.started) == sorted(model.started)
        return is_same and world.results() == model.results()

    @invariant()
    def the_engine_did_what_the_model_says(self) -> None:
        self._wait_for(self._agrees)
        assert sorted(self.world.started) == sorted(self.model.started)
        assert self.world.results() == self.model.results()

    def teardown(self) -> None:
        """Let the run end well, unless a step before has failed already."""
        with self.open:
            if hasattr(self, "world"):
                try:
                    if self._agrees():
                        self._finish()
                finally:
                    self.world.abandon()

    def _finish(self) -> None:
        while not self.model.is_over:
            for place in self.model.of("working"):
                self.world.end(place, None)
                self.model.answer(place)
            due = self.model.next_due()
            if due is not None and not self.model.of("working"):
                self._pass_until(due + _SOON)
            self.the_engine_did_what_the_model_says()
        done = self.world.finished()
        assert list(done.outcomes) == list(self.world.graph.order)
        assert done.outcomes == self.world.settled


def played(backend: str, kept: type[InMemory | OnDisk], *, examples: int) -> None:
    machine: Any = type("Played", (Machine,), {"backend": backend, "kept": kept})
    chosen = settings(max_examples=examples, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.feature("E02", "E43", "E44", "E49", "E53", "E54")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_engine_does_what_a_sequential_interpreter_says(backend: str) -> None:
    played(backend, InMemory, examples=20)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_run_on_disk_goes_on_wherever_it_was_killed(backend: str) -> None:
    played(backend, OnDisk, examples=4)
