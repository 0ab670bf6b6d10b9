"""A run goes on from what it began with, one process at a time, beside other runs."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from reviewbot.dag.condition import Condition
from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.error import JournalError
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.journal.reader import Reader, State
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Policy
from reviewbot.dag.runner import run

ANY: Any = Any


async def lint(change: str) -> int:
    return len(change)


async def strict(change: str) -> int:
    return 2 * len(change)


async def types(change: str, lint: int) -> int:
    return len(change) + lint


async def loose(change: str, lint: int | None) -> int:
    return len(change) + (lint or 0)


def graph(*nodes: Node, **inputs: Any) -> Graph:
    return Graph(nodes or (node(lint), node(types)), {"change": str, **inputs})


INPUTS = {"change": "abc"}
MANIFEST = {"ruff": "0.14.1", "head": "4f2a", "seed": "7"}


def is_long(lint: int) -> bool:
    """lint found much"""
    return lint > 10


CHANGES: tuple[tuple[str, Any, Any, Any, tuple[str, ...]], ...] = (
    (
        "code",
        graph(node(strict, name="lint"), node(types)),
        INPUTS,
        MANIFEST,
        ("node 'lint' has other code",),
    ),
    (
        "edge",
        graph(node(lint), node(loose, name="types")),
        INPUTS,
        MANIFEST,
        ("node 'types' has other code, inputs",),
    ),
    (
        "condition",
        graph(node(lint), node(types, when=Condition.of(is_long))),
        INPUTS,
        MANIFEST,
        ("node 'types' has other condition",),
    ),
    ("gone", graph(node(lint)), INPUTS, MANIFEST, ("node 'types' is gone",)),
    (
        "new",
        graph(node(lint), node(types), node(strict)),
        INPUTS,
        MANIFEST,
        ("node 'strict' is new",),
    ),
    (
        "switched off",
        graph().without(["lint"]),
        INPUTS,
        MANIFEST,
        ("the graph has other nodes switched off",),
    ),
    ("input", graph(), {"change": "abd"}, MANIFEST, ("input 'change' has changed",)),
    (
        "manifest",
        graph(),
        INPUTS,
        {"ruff": "0.14.2", "head": "4f2a", "mypy": "2"},
        (
            "manifest entry 'seed' is gone",
            "manifest entry 'mypy' is new",
            "manifest entry 'ruff' has changed",
        ),
    ),
)


@pytest.mark.feature("S01")
@pytest.mark.parametrize(
    ("other", "inputs", "manifest", "said"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_run_does_not_go_on_from_anything_else(
    tmp_path: Path, other: Graph, inputs: Any, manifest: Any, said: tuple[str, ...]
) -> None:
    with Journal.open(tmp_path / "journal") as journal:
        journal.begin("r1", graph(), INPUTS, manifest=MANIFEST).close()
        with pytest.raises(JournalError) as refused:
            journal.resume("r1", other, inputs, manifest=manifest)
        assert refused.value.problems == tuple(f"run 'r1' cannot go on: {each}" for each in said)
        journal.resume("r1", graph(), INPUTS, manifest=MANIFEST).close()


def test_how_a_node_is_run_may_be_another(tmp_path: Path) -> None:
    patient = [replace(each, policy=Policy(timeout=9)) for each in graph().nodes.values()]
    with Journal.open(tmp_path / "journal") as journal:
        journal.begin("r1", graph(), INPUTS).close()
        journal.resume("r1", graph(*patient), INPUTS).close()


def test_a_name_is_used_once_and_has_to_be_known(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "journal") as journal:
        with pytest.raises(JournalError, match="has no run 'r1'"):
            journal.resume("r1", graph(), INPUTS)
        journal.begin("r1", graph(), INPUTS).close()
        with pytest.raises(JournalError, match="has a run 'r1' already; resume it, or choose"):
            journal.begin("r1", graph(), INPUTS)


@dataclass
class Client:
    """Has no content, by its lock."""

    lock: Any


def test_an_input_without_content_is_refused_with_its_place(tmp_path: Path) -> None:
    client = {"forge": Client(lock=threading.Lock())}
    with (
        Journal.open(tmp_path / "journal") as journal,
        pytest.raises(JournalError, match=r"input 'forge' .*: Client.lock is a lock; give the"),
    ):
        journal.begin("r1", graph(forge=ANY), {**INPUTS, **client})


HOLDS = """
import sys, time
from pathlib import Path
from reviewbot.dag.journal.error import JournalError
from tests.dag.journal.test_journal import INPUTS, Journal, graph
with Journal.open(Path(sys.argv[1])) as journal:
    record = journal.begin("r1", graph(), INPUTS)
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_process_works_on_a_run_and_its_claim_dies_with_it(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdout=subprocess.PIPE, text=True
    )
    with holder, Journal.open(path) as journal, Reader.open(path) as reader:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert [each.state for each in reader.runs()] == [State.RUNNING]
        with pytest.raises(JournalError, match="another process is at work on run 'r1'"):
            journal.resume("r1", graph(), INPUTS)
        assert journal.forget(keep=0) == 0
        with journal.begin("r2", graph(), INPUTS):  # another run is free
            assert [each.name for each in reader.runs()] == ["r2", "r1"]
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        assert [each.state for each in reader.runs()] == [State.INTERRUPTED] * 2
        with journal.resume("r1", graph(), INPUTS):
            assert [each.state for each in reader.runs()] == [State.INTERRUPTED, State.RUNNING]
    assert not list(tmp_path.glob("*r1*.lock"))


def files(place: Path) -> list[str]:
    return [each.name for each in place.iterdir()]


async def both(path: Path) -> None:
    """Two runs in one journal at the same time."""
    with (
        Journal.open(path) as one,
        Journal.open(path) as two,
        one.begin("r1", graph(), INPUTS) as first,
        two.begin("r2", graph(), INPUTS) as second,
    ):
        async with anyio.create_task_group() as tasks:
            for record in (first, second):
                tasks.start_soon(work, record)


async def work(record: Any) -> None:
    done = await run(graph(), INPUTS, record=record)
    assert done.warnings == ()


@pytest.mark.anyio
async def test_two_runs_in_one_journal_at_once_keep_apart(tmp_path: Path) -> None:
    await both(tmp_path / "journal")
    with Reader.open(tmp_path / "journal") as reader:
        assert [each.state for each in reader.runs()] == [State.FINISHED] * 2
        for name in ("r1", "r2"):
            found = reader.load(name)
            assert {path: each.status for path, each in found.nodes.items()} == {
                "lint": "succeeded",
                "types": "succeeded",
            }
            assert found.run.value("types") == 6


@pytest.mark.anyio
async def test_the_oldest_runs_are_forgotten_with_all_that_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal.open(path) as journal:
        for number in range(5):
            with journal.begin(f"r{number}", graph(), INPUTS) as record:
                if number != 1:
                    await run(graph(), INPUTS, record=record)
        assert journal.forget(keep=2) == 3
        assert journal.forget(keep=2) == 0
        with Reader.open(path) as reader:
            assert [each.name for each in reader.runs()] == ["r4", "r3"]
        assert journal._store.rows("SELECT DISTINCT run FROM nodes") == [(4,), (5,)]
        assert journal._store.rows("SELECT DISTINCT run FROM attempts") == [(4,), (5,)]
    assert files(tmp_path) == ["journal"]


def test_a_durable_journal_waits_for_the_disk(tmp_path: Path) -> None:
    for durable, synchronous in ((False, 1), (True, 2)):
        with Journal.open(tmp_path / "journal", durable=durable) as journal:
            assert journal._store.rows("PRAGMA synchronous") == [(synchronous,)]
            assert journal._store.rows("PRAGMA journal_mode") == [("wal",)]
