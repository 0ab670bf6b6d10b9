"""Whatever is put together, and however it ends: every node ends once, with a reason."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import anyio
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.run import Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled, NodeStarted
from tests.dag.anything import Anything
from tests.dag.running.test_recording import Memory

SEEDS = 150


@dataclass(frozen=True, kw_only=True)
class Played:
    """A run that ended, and what was told of it."""

    graph: Graph
    done: Run | None
    told: list[Event]
    memory: Memory | None
    budget: float | None


async def play(seed: int, clock: Any) -> Played:
    dice = Random(seed)  # noqa: S311 - the same run every time
    graph = Anything(seed).graph(["given"], 2)
    told: list[Event] = []
    memory = Memory() if dice.random() < 0.4 else None
    budget = dice.choice([None, 1.0])
    stop = anyio.Event()
    work = partial(
        run,
        graph,
        {"given": (1, 2)},
        max_parallel=dice.choice([None, 1, 2]),
        limits=dice.choice([{}, {"cpu": 2.0}]),
        budgets={} if budget is None else {"usd": budget},
        deadline=dice.choice([None, None, 2.5]),
        grace=dice.choice([0.0, 1.0]),
        stop=dice.choice([None, stop]),
        record=memory,
        on_event=told.append,
        clock=clock,
        seed=seed,
    )
    done = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_set_after, stop, dice.choice([0.05, 1.0, 3.0]))
        with anyio.move_on_after(dice.choice([0.1, 2.0, 1e6, 1e6, 1e6, 1e6])):
            done = await work()
        tasks.cancel_scope.cancel()
    return Played(graph=graph, done=done, told=told, memory=memory, budget=budget)


async def _set_after(stop: anyio.Event, seconds: float) -> None:
    await anyio.sleep(seconds)
    stop.set()


@pytest.mark.feature("E43")
def test_whatever_is_put_together_every_node_ends_once_and_says_why(virtual: Any) -> None:
    ends: Counter[str] = Counter()
    for seed in range(SEEDS):
        played: Played = virtual(partial(play, seed, virtual.clock))
        if played.done is not None:
            wrong = _broken(played, played.done)
            assert not wrong, f"seed {seed}: {wrong}"
            ends.update(str(outcome.status) for outcome in played.done.outcomes.values())
    assert set(Status) - {Status.CACHED, Status.REROUTED} == set(ends)


def _broken(played: Played, done: Run) -> list[str]:
    """The promises that were not kept."""
    settled = Counter(event.node for event in played.told if isinstance(event, NodeSettled))
    started = {event.node for event in played.told if isinstance(event, NodeStarted)}
    recorded = played.graph.nodes if played.memory is None else played.memory.durable
    well = {Status.SUCCEEDED, Status.CACHED}
    promises = {
        "every node ends": done.outcomes.keys() == played.graph.nodes.keys(),
        "and is told once": all(settled[name] == 1 for name in played.graph.nodes),
        "what started ends": started <= settled.keys(),
        "a reason is there unless all is well": all(
            (one.reason == "") == (one.status in well) for one in done.outcomes.values()
        ),
        "nobody spends more than there is": done.spent.get("usd", 0.0) <= (played.budget or 1e9),
        "all is on record": recorded.keys() >= played.graph.nodes.keys(),
        "nothing is amiss": not done.warnings,
    }
    return [promise for promise, is_kept in promises.items() if not is_kept]
