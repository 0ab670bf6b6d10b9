"""One scope holds all that a worker does; it is renewed only after it was cancelled."""

from functools import partial
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.alarm import Alarm
from reviewbot.dag.running.leash import Leash


@pytest.mark.anyio
async def test_a_leash_is_one_scope_until_that_is_cancelled() -> None:
    leash = Leash(type(anyio.CancelScope()))
    first = leash.entered()
    assert leash.entered() is first
    first.cancel()
    with pytest.raises(anyio.get_cancelled_exc_class()) as caught:
        await checkpoint()
    assert leash.left(caught.value)
    second = leash.entered()
    await checkpoint()
    assert second is not first
    assert not leash.left(None)
    assert leash.scope is None


@pytest.mark.anyio
async def test_a_leash_that_was_never_needed_lets_every_error_pass() -> None:
    assert not Leash(type(anyio.CancelScope())).left(ValueError("its own"))


@pytest.mark.anyio
async def test_an_alarm_forgets_what_was_unset() -> None:
    alarm, left, held = Alarm(), anyio.CancelScope(), anyio.CancelScope()
    now = anyio.current_time()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(alarm.watch)
        alarm.set(left, now + 0.01)
        alarm.set(held, now + 0.02)
        alarm.unset(left)
        with held:
            await anyio.sleep(5)
        tasks.cancel_scope.cancel()
    assert (left.cancel_called, held.cancel_called) == (False, True)


@pytest.mark.parametrize("max_parallel", [1, 3])
@pytest.mark.feature("E53")
def test_who_follows_on_the_same_worker_is_not_cut_off_with_the_one_before(
    virtual: Any, max_parallel: int
) -> None:
    async def work(number: int) -> int:
        await anyio.sleep(1 if number % 3 else 100)
        return number

    nodes = [Node(name=f"n{i}", run=partial(work, i), policy=Policy(timeout=5)) for i in range(12)]
    done = virtual(lambda: run(Graph(nodes), max_parallel=max_parallel, clock=virtual.clock))
    assert [outcome.status for outcome in done.outcomes.values()] == [
        Status.SUCCEEDED if i % 3 else Status.TIMED_OUT for i in range(12)
    ]
