"""Values are kept between runs by content; what was not used for longest goes first."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from reviewbot.dag.graph import Graph
from reviewbot.dag.journal.journal import Journal
from reviewbot.dag.node import Node, node
from reviewbot.dag.policy import Cache, Policy
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    path: Path
    line: int


def giving(annotation: Any) -> Node:
    return Node(name="lint", run=len, output=annotation)


TEXT = giving(str)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    ticks = count(1.0)
    with Journal.open(tmp_path / "journal", now=lambda: next(ticks)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (type(None), None),
        (bool, False),
        (tuple[Finding, ...], (Finding(path=Path("a"), line=1),)),
        (None, {"a": (1, 2)}),
    ],
)
async def test_what_was_put_is_there_for_the_next_run(
    journal: Journal, annotation: Any, value: Any
) -> None:
    values = journal.values()
    assert await values.get("k", giving(annotation)) is None
    await values.put("k", giving(annotation), value)
    assert await journal.values().get("k", giving(annotation)) == (value,)


async def test_a_value_is_only_there_for_who_gives_such_values(journal: Journal) -> None:
    values = journal.values()
    await values.put("k", TEXT, "one")
    assert await values.get("k", giving(int)) is None
    await values.put("k", giving(object), object())
    assert await values.get("k", TEXT) == ("one",)


async def test_what_was_not_used_for_longest_goes_first(journal: Journal) -> None:
    values = journal.values(limit=40)
    for key in ("a", "b", "c"):
        await values.put(key, TEXT, "x" * 8)  # ten characters with their quotes
    assert await values.get("a", TEXT)
    await values.put("d", TEXT, "x" * 8)
    await values.put("e", TEXT, "x" * 8)
    assert [key for key in "abcde" if await values.get(key, TEXT)] == ["a", "c", "d", "e"]
    await values.put("f", TEXT, "x" * 40)
    assert [key for key in "abcdef" if await values.get(key, TEXT)] == ["a", "c", "d", "e"]
    await values.put("g", TEXT, "x" * 28)
    assert [key for key in "abcdefg" if await values.get(key, TEXT)] == ["e", "g"]


async def test_a_file_that_fails_is_an_empty_cache(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal.open(path, timeout=0.01) as journal:
        values = journal.values()
        await values.put("k", TEXT, "one")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await values.put("k", TEXT, "two")
            other.execute("ROLLBACK")
        assert await values.get("k", TEXT) == ("one",)
        journal._store.one("UPDATE kept SET value = '{'", ())
        assert await values.get("k", TEXT) is None


@pytest.mark.feature("S05")
async def test_a_node_that_caches_is_not_run_again_in_another_process(tmp_path: Path) -> None:
    log = tmp_path / "log"

    @node(policy=Policy(cache=Cache()))
    async def lint(change: str) -> tuple[Finding, ...]:
        log.write_text(log.read_text() + change if log.exists() else change)
        return (Finding(path=Path(change), line=1),)

    graph = Graph([lint], {"change": str})
    ended = []
    for change in ("a", "b", "a", "b"):
        with Journal.open(tmp_path / "journal") as journal:
            done = await run(graph, {"change": change}, values=journal.values())
        assert done.value("lint") == (Finding(path=Path(change), line=1),)
        ended.append(done.outcomes["lint"].status)
    assert log.read_text() == "ab"
    assert ended == [Status.SUCCEEDED, Status.SUCCEEDED, Status.CACHED, Status.CACHED]
