"""While the slowest program runs, everybody else leaves it a core."""

import os

import anyio
import pytest

from reviewbot.process import Command, Sandbox
from reviewbot.process.cores import Cores

MINE = frozenset(os.sched_getaffinity(0))
SLOW = Command(argv=("/bin/sleep", "0.3"), cwd="/", slowest=True)
QUICK = Command(argv=("/bin/sh", "-c", "grep Cpus_allowed: /proc/self/status"), cwd="/")
pytestmark = pytest.mark.skipif(len(MINE) < 2, reason="one core cannot be shared out")


def test_only_while_the_slowest_runs_are_others_kept_off_a_core() -> None:
    cores = Cores()

    with cores.shared(SLOW) as slow, cores.shared(QUICK) as quick:
        assert slow.pin is None
        assert quick.pin is not None
        assert quick.pin < MINE
    with cores.shared(QUICK) as later:
        assert later.pin is None


@pytest.mark.anyio
async def test_the_neighbour_of_a_running_slow_program_may_use_one_core_less() -> None:
    sandbox, allowed = Sandbox(), []

    async def quick() -> None:
        shown = (await sandbox.run(QUICK)).stdout.decode().split()[-1].replace(",", "")
        allowed.append(int(shown, 16).bit_count())

    async with anyio.create_task_group() as group:
        group.start_soon(sandbox.run, SLOW)
        await anyio.sleep(0.02)
        group.start_soon(quick)
    await quick()

    assert allowed == [len(MINE) - 1, len(MINE)]
