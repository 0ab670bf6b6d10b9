"""The real engine, with nodes that wait until they are told how to end."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

import anyio

from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Jitter, Retry
from reviewbot.dag.run import Outcome, Run
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled
from reviewbot.dag.running.record import Record
from tests.dag.machines.hands import AnyioClock, Hands
from tests.dag.machines.model import ATTEMPTS, GRACE, PAUSE, TIMEOUT, Shape

POLICY = Policy(
    timeout=TIMEOUT,
    retry=Retry(on=(ConnectionError,), attempts=ATTEMPTS, base=PAUSE, factor=1, jitter=Jitter.NONE),
)


class World:
    """One run of a graph of this shape, under way."""

    def __init__(
        self,
        hands: Hands,
        shape: Shape,
        recorded: Callable[[Graph], Record],
        deadline: float | None,
    ) -> None:
        self.started: list[int] = []
        self.settled: dict[str, Outcome[Any]] = {}
        self.graph = Graph(self._node(place, shape) for place in range(len(shape)))
        self._hands = hands
        self._ways: dict[int, Exception | None] = {}
        self._gates: dict[int, anyio.Event] = {}
        self._scope = hands.do(anyio.CancelScope)
        self._stop = hands.do(anyio.Event)
        self._before = hands.do(self._tasks)
        self._future: Future[Run | None] = hands.portal.start_task_soon(
            self._play, recorded, deadline
        )
        self.look()

    def _node(self, place: int, shape: Shape) -> Node:
        edges = tuple(
            Edge(parameter=f"n{other}", node=f"n{other}", kind=kind) for other, kind in shape[place]
        )
        work = partial(self._work, place)
        return Node(name=f"n{place}", run=work, edges=edges, policy=POLICY, output=str)

    async def _work(self, place: int, **given: Any) -> str:
        self.started.append(place)
        gate = self._gates[place] = anyio.Event()
        await gate.wait()
        error = self._ways.pop(place)
        if error is not None:
            raise error
        return f"n{place}({ {name: _told(value) for name, value in sorted(given.items())} })"

    def look(self) -> None:
        """Let everybody do what they can."""
        self._hands.do(lambda: None)

    def reason(self, place: int) -> str:
        """Why a node ended as it did."""
        return self.settled[f"n{place}"].reason

    async def _play(
        self, recorded: Callable[[Graph], Record], deadline: float | None
    ) -> Run | None:
        record = recorded(self.graph)
        with self._scope:
            return await run(
                self.graph,
                deadline=deadline,
                grace=GRACE,
                stop=self._stop,
                clock=AnyioClock(),
                record=record,
                on_event=self._listen,
            )
        return None

    def _listen(self, event: Event) -> None:
        if isinstance(event, NodeSettled):
            assert event.node not in self.settled
            self.settled[event.node] = event.outcome

    def end(self, place: int, error: Exception | None) -> None:
        """Let a node that is at work end in this way."""
        self._ways[place] = error
        self._hands.do(self._gates[place].set)

    def stop(self) -> None:
        """Ask for the end of the run."""
        self._hands.do(self._stop.set)

    def kill(self) -> None:
        """End it at once, as a process is killed: no outcome, nothing more is written."""
        self._hands.do(self._scope.cancel)
        assert self._future.result(5) is None

    def abandon(self) -> None:
        """See to it that nothing waits for it any more."""
        self._hands.do(self._scope.cancel)

    def finished(self) -> Run:
        """The run, which must be over now."""
        done = self._future.result(5)
        assert done is not None
        assert self._hands.do(self._tasks) == self._before
        return done

    def results(self) -> Mapping[str, tuple[str, Any]]:
        """What the settled nodes gave."""
        return {
            name: (str(outcome.status), outcome.value) for name, outcome in self.settled.items()
        }

    @staticmethod
    def _tasks() -> int:
        return len(anyio.get_running_tasks())


def _told(value: Any) -> Any:
    if isinstance(value, Outcome):
        return (str(value.status), value.value, value.reason)
    return value
