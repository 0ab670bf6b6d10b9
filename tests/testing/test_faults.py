"""Every fault that can be injected ends in one outcome of its node and hurts nobody else."""

from typing import Any

import anyio.lowlevel
import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Backup, Policy
from reviewbot.dag.run import Outcome, Run, Status
from reviewbot.dag.runner import run
from reviewbot.errors import ToolError
from reviewbot.process import Command, Sandbox
from reviewbot.testing import Fault, Faults, Injected, left_over, present

LASTING = frozenset({Fault.HANG, Fault.SWALLOW, Fault.LATE})
TOLD_TO_END = LASTING | {Fault.TIME_OUT}


@node
async def fine() -> int:
    for _ in range(3):
        await anyio.lowlevel.checkpoint()
    return 1


async def work() -> int:
    return 2


def plain() -> int:
    return 2


@node
async def merge(fine: Outcome[int], broken: Outcome[int]) -> str:
    return f"{fine.status} {broken.status}"


async def broken(fault: Fault, work: Any, timeout: float) -> Run:  # noqa: ASYNC109 - of the policy
    faults = Faults(script={"broken": [fault]}, seconds=0.01)
    node_in_trouble = node(work, name="broken", policy=Policy(timeout=timeout))
    done = await run(faults.graph(Graph([fine, node_in_trouble, merge])))
    assert faults.injected == [Injected(name="broken", call=1, fault=fault)]
    assert faults.left == ()
    return done


@pytest.mark.anyio
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.feature("E43", "E44", "E53")
async def test_every_fault_of_a_coroutine_is_the_end_of_its_node_alone(fault: Fault) -> None:
    done = await broken(fault, work, 0.02 if fault in LASTING else 5.0)
    status = Status.TIMED_OUT if fault in TOLD_TO_END else Status.FAILED
    assert done.outcomes["broken"].status is status
    assert done.outcomes["broken"].reason
    assert done.value("fine") == 1
    assert done.value("merge") == f"succeeded {status}"


@pytest.mark.anyio
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.feature("E43", "E44")
async def test_every_fault_of_a_plain_function_is_the_end_of_its_node_alone(fault: Fault) -> None:
    done = await broken(fault, plain, 5.0)
    expected = {Fault.TIME_OUT: Status.TIMED_OUT, Fault.LATE: Status.SUCCEEDED}
    assert done.outcomes["broken"].status is expected.get(fault, Status.FAILED)
    assert done.value("fine") == 1


@pytest.mark.anyio
async def test_what_a_plan_calls_backups_and_nodes_of_subgraphs() -> None:
    policy = Policy(backups=(Backup(name="second", run=plain), Backup(name="third", run=work)))
    inner = Graph([node(work, name="lint", policy=policy)])
    faults = Faults(script={"pack/lint": [Fault.RAISE], "pack/lint/second": [Fault.EXIT]})
    done = await run(faults.graph(Graph([nested("pack", inner, gives="lint")])))
    assert (done.value("pack"), [each.name for each in faults.injected]) == (
        2,
        ["pack/lint", "pack/lint/second"],
    )


def test_a_plan_depends_on_the_seed_the_name_and_the_number_of_the_call_alone() -> None:
    def drawn(seed: int, names: str) -> dict[tuple[str, int], Fault]:
        faults = Faults(seed=seed, rate=0.3)
        for name in names:
            faults.drawn(name)
        return {(each.name, each.call): each.fault for each in faults.injected}

    assert drawn(1, "ab" * 50) == drawn(1, "a" * 50 + "b" * 50) != drawn(2, "ab" * 50)
    assert 15 <= len(drawn(1, "ab" * 50)) <= 45
    assert drawn(1, "") == {}


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_of_a_program_ends_in_an_answer_or_a_tool_error(fault: Fault) -> None:
    """Real processes: what hangs, forks, floods or stops itself is gone when the call returns."""
    anyio.run(misbehave, fault)


async def misbehave(fault: Fault) -> None:
    before = present()
    faults = Faults(script={"lint/echo": [fault]}, seconds=0.1)
    programs = faults.programs(Sandbox(), "lint")
    command = Command(argv=("/bin/echo", "12345"), cwd="/")
    try:
        stdout = (await programs.run(command)).stdout
    except ToolError:
        stdout = b""
    assert stdout != b"12345\n"
    assert (await programs.run(command)).stdout == b"12345\n"
    assert await left_over(before) == ()
    assert [each.name for each in faults.injected] == ["lint/echo"]


@pytest.mark.anyio
async def test_without_faults_nothing_is_changed() -> None:
    faults = Faults(rate=0)
    done = await run(faults.graph(Graph([fine, node(plain, name="broken"), merge])))
    assert done.value("merge") == "succeeded succeeded"
    assert (faults.injected, dict(faults.calls)) == ([], {"fine": 1, "broken": 1, "merge": 1})
    assert repr(faults) == "Faults(seed=0, rate=0, injected=0)"
