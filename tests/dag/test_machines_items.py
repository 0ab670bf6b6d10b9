"""The laws over maps, groups and subgraphs: whatever fails, in any order, and stopped anywhere."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.run import Run, Status
from reviewbot.dag.runner import run
from reviewbot.dag.running.events import Event, NodeSettled
from reviewbot.testing import interleavings
from tests.dag.machines.packed import FATE, FILES, GRAPH, Fate, expected

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])
INPUTS = {"files": FILES}
BREAKABLE = tuple(
    [f"{node} {file}" for node in ("lint", "sizes") for file in FILES] + ["told py", "told md"]
)


def played(broken: Collection[str], backend: str = "asyncio", **options: Any) -> tuple[Run, Fate]:
    fate = Fate(broken=broken)

    async def play() -> Run:
        FATE.set(fate)
        return await run(GRAPH, INPUTS, **options)

    return anyio.run(play, backend=backend), fate


@BACKENDS
@given(broken=st.sets(st.sampled_from(BREAKABLE)), parallel=st.sampled_from((None, 1, 2)))
@settings(max_examples=25, deadline=None)
@pytest.mark.feature("E35", "E44")
def test_isolation_holds_item_by_item(backend: str, broken: set[str], parallel: int | None) -> None:
    done, fate = played(broken, backend, max_parallel=parallel)
    linted = done.outcomes["lint"].value
    assert linted is not None
    assert [each.key for each in linted.missing] == [
        str(place) for place, file in enumerate(FILES) if f"lint {file}" in broken
    ]
    assert done.value("merge") == expected(broken)
    assert max(fate.calls.values()) == 1


@given(broken=st.sets(st.sampled_from(BREAKABLE), max_size=4), seed=st.integers(0, 999))
@settings(max_examples=10, deadline=None)
def test_the_order_changes_nothing_for_items_and_subgraphs(broken: set[str], seed: int) -> None:
    FATE.set(Fate(broken=broken))
    interleavings(GRAPH, INPUTS, seeds=[seed])


async def cut_off(journal: Path, at: int, how: str) -> list[Event]:
    """Run until so many things were told; then stop, or kill."""
    told: list[Event] = []
    stop, scope = anyio.Event(), anyio.CancelScope()

    def listen(event: Event) -> None:
        told.append(event)
        if len(told) == at:
            stop.set() if how == "stopped" else scope.cancel()

    with Journal.open(journal) as opened, opened.begin("run", GRAPH, INPUTS) as record, scope:
        await run(GRAPH, INPUTS, record=record, on_event=listen, stop=stop)
    return told


async def resumed(journal: Path, at: int, how: str) -> int:
    """Cut a run off, take it up again, and look at both; gives how much was told."""
    fate = Fate()
    FATE.set(fate)
    told = await cut_off(journal, at, how)
    finished = {call for event in told if (call := _call(event))}
    before = fate.calls.copy()
    with Journal.open(journal) as opened, opened.resume("run", GRAPH, INPUTS) as record:
        done = await run(GRAPH, INPUTS, record=record)
    assert done.value("merge") == expected()
    again = {call for call, count in fate.calls.items() if count > 1}
    # What was told as finished may not be on disk yet when the process is killed.
    kept = finished if how == "stopped" else {call for call in finished if _was_used(call, before)}
    assert not again & kept
    return len(told)


CALLS = {
    **{f"lint[{place}]": f"lint {file}" for place, file in enumerate(FILES)},
    **{f"pack/sizes[{place}]": f"sizes {file}" for place, file in enumerate(FILES)},
    "kinds": "kinds",
    "told[py]": "told py",
    "told[md]": "told md",
    "pack/total": "total",
}


def _call(event: Event) -> str:
    """The call that this event says has succeeded; merging is done again with what is new."""
    if isinstance(event, NodeSettled) and event.outcome.status is Status.SUCCEEDED:
        return CALLS.get(event.node, "")
    return ""


def _was_used(call: str, calls: Any) -> bool:
    """Whether something that needs this call's value had begun, so that it must be on disk."""
    word = call.split(maxsplit=1)[0]
    used = {"lint": calls["kinds"], "kinds": calls["told py"], "sizes": calls["total"]}
    return bool(used.get(word, 0))


@BACKENDS
@pytest.mark.parametrize("how", ["stopped", "killed"])
@pytest.mark.feature("S03")
def test_cut_off_after_any_event_a_run_goes_on_and_gives_the_same(
    backend: str, how: str, tmp_path: Path
) -> None:
    told = [
        anyio.run(resumed, tmp_path / f"journal {at}", at, how, backend=backend)
        for at in range(1, 40, 5)
    ]
    assert max(told) > 30


def test_a_whole_outcome_says_what_became_of_each_item() -> None:
    done, _ = played({"lint a.py", "sizes b.md"})
    found = done.outcomes
    assert (found["lint"].status, found["pack"].status) == (Status.PARTIAL, Status.PARTIAL)
    assert "lint a.py" in found["lint"].reason
    assert done.value("merge") == expected({"lint a.py", "sizes b.md"})
