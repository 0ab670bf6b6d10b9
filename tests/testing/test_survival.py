"""A good plug-in survives, and each way of being a bad one is told."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from reviewbot.analyzers import Options, analyzer
from reviewbot.dag.node import node
from reviewbot.process import Sandbox
from reviewbot.testing import Fault, NotSurvivedError, survives
from reviewbot.testing.fakes.analyzers import Grep
from reviewbot.testing.fakes.change import change_of, written
from reviewbot.testing.fakes.texts import Texts

TEXTS = Texts(before={"a.py": "x = 1\n"}, after={"a.py": "x = 2\ny = x\n"})
CHANGE = change_of(TEXTS)
GREP = Grep(word="x", texts=TEXTS, seconds=0.001)


def test_an_analyzer_that_keeps_the_promises_survives() -> None:
    found = survives(GREP, {"change": CHANGE})
    assert found.runs == 2 * (3 + len(Fault) + 1)
    assert found.cuts == 2


def test_ruff_survives_as_the_process_it_is(tmp_path: Path) -> None:
    change = written(TEXTS, tmp_path / "change")
    ruff = analyzer("lint", "ruff", Sandbox(), Options())
    found = survives(ruff, {"change": change}, faults=[Fault.HANG], cuts=2, backends=["asyncio"])
    assert found.cuts > 0


async def _sleeps(seconds: float = 0.002) -> int:
    await anyio.sleep(seconds)
    return 1


def test_a_node_survives_with_the_inputs_it_asks_for() -> None:
    @node
    async def added(one: int, other: int | None) -> int:
        await anyio.sleep(0.001)
        return await to_thread.run_sync(lambda: one + (other or 0))

    assert survives(added, {"one": 1, "other": None}, faults=[Fault.RAISE]).cuts > 2


def test_a_plain_function_survives_though_it_cannot_be_cut_off() -> None:
    def doubled(one: int) -> int:
        return 2 * one

    assert survives(node(doubled), {"one": 1}, faults=[]).cuts == 0


async def swallows() -> int:
    try:
        return await _sleeps()
    except BaseException:  # noqa: BLE001 - that is what is wrong with it
        return 2


async def leaves_a_thread() -> int:
    threading.Thread(target=time.sleep, args=(1.5,), daemon=True, name="forgotten").start()
    return await _sleeps()


async def leaves_a_process() -> int:
    LEFT.append(subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(9)"]))  # noqa: ASYNC220 - as careless plug-ins do
    return await _sleeps()


async def blocks() -> int:
    time.sleep(0.2)  # noqa: ASYNC251 - that is what is wrong with it
    return await _sleeps()


async def never_ends() -> int:
    return await _sleeps(3600)


async def counts() -> int:
    return await _sleeps() + next(NUMBERS)


async def lies() -> int:
    return "one"  # type: ignore[return-value] # that is what is wrong with it


async def shares() -> int:
    SHARED.append(1)
    await _sleeps()
    found = len(SHARED)
    SHARED.clear()
    return found


LEFT: list[subprocess.Popen[bytes]] = []
NUMBERS = count()
SHARED: list[int] = []


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (swallows, "cut off .*: it was cancelled and answered all the same"),
        (leaves_a_thread, "alone: it left thread forgotten"),
        (leaves_a_process, r"alone: it left process \d+"),
        (blocks, r"alone: the event loop waited 0\.\d+ s for its turn"),
        (never_ends, "alone: it gives no answer even in peace: bad timed out"),
        (counts, "twice at once: its answer is another one"),
        (lies, "alone: it gives no answer even in peace: bad failed .gave str, promised int"),
        (shares, "twice at once: its answer is another one"),
    ],
)
def test_each_broken_promise_is_told(bad: Callable[..., Any], told: str) -> None:
    try:
        with pytest.raises(NotSurvivedError, match=told) as caught:
            survives(node(bad, name="bad"), {}, faults=[], cuts=1, seconds=0.3, stall=0.15)
    finally:
        for process in LEFT:
            process.kill()
            process.wait()
        LEFT.clear()
    assert {line.partition(",")[0] for line in caught.value.broken} == {"asyncio", "trio"}
