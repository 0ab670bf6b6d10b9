"""Every fault that can be injected ends in one outcome of its node and hurts nobody else."""

from typing import Any

import anyio
import anyio.lowlevel
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.testing import Fault, Faults

SPOKEN = {Fault.HANG, Fault.SWALLOW, Fault.LATE, Fault.TIME_OUT}


@node
async def fine() -> int:
    for _ in range(3):
        await anyio.lowlevel.checkpoint()
    return 1


async def work() -> int:
    return 2


def in_thread() -> int:
    return 2


@node
async def merge(fine: Outcome[int], broken: Outcome[int]) -> str:
    return f"{fine.status} {broken.status}"


def graph(work: Any, **policy: Any) -> Graph:
    broken = node(work, name="broken", policy=Policy(timeout=0.02, **policy))
    return Graph([fine, broken, merge])


async def broken(fault: Fault, work: Any) -> Run:
    faults = Faults(script={"broken": [fault]}, seconds=0.01)
    done = await run(faults.graph(graph(work)))
    assert [each.fault for each in faults.injected] == [fault]
    assert faults.left == ()
    return done


@pytest.mark.anyio
@pytest.mark.parametrize("fault", Fault)
async def test_every_fault_of_a_coroutine_is_the_end_of_its_node_alone(fault: Fault) -> None:
    done = await broken(fault, work)
    status = Status.TIMED_OUT if fault in SPOKEN else Status.FAILED
    assert done.outcomes["broken"].status is status
    assert done.value("fine") == 1
    assert done.value("merge") == f"succeeded {status}"
    assert done.outcomes["broken"].reason
