"""The comparison counts what it claims to count, and says so when a system is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from benchmarks.engine import goals, makespan, overhead
from benchmarks.engine.shapes import SHAPES, TIMED, Body, Needs, chain, fan, layers, needs_of
from benchmarks.engine.worker import Build, Counter, Once, cost, failure
from benchmarks.peers import bare, ours, sorter

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "chain": chain(5),
    "fan": fan(4),
    "layers": layers(3, 4),
    "skip": layers(3, 4, skip=True),
    "review": needs_of(TIMED["review"]),
}
BUILDS = {
    "bare": bare.build,
    "queue": sorter.build,
    "waves": sorter.waves,
    "ours": ours.build,
    "plain": ours.plain,
}


def printed(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("needs", SMALL.values(), ids=SMALL)
@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_every_node_runs_once(build: Build, needs: Needs) -> None:
    counter = Counter()
    once = build(needs, counter.body)

    async def twice() -> None:
        await once()
        await once()

    anyio.run(twice)
    assert counter.count == 2 * len(needs)


def test_the_shapes_are_what_their_names_say() -> None:
    assert {name: len(needs) for name, needs in SHAPES.items()} == {
        "chain 100": 100,
        "fan 100": 102,
        "fan 1000": 1002,
        "fan 10000": 10002,
        "layer1000": 982,
        "layer1000skip": 982,
    }
    assert {name: round(makespan.critical(spans), 3) for name, spans in TIMED.items()} == {
        "skewed": 0.6,
        "review": 0.3,
    }


def test_a_system_that_runs_a_node_twice_is_shown_as_wrong() -> None:
    def doubled(needs: Needs, body: Body) -> Once:
        async def once() -> None:
            for name in (*needs, "n0"):
                await body(name)

        return once

    found = anyio.run(cost, doubled, chain(3), 1, 0)
    assert (found.nodes, found.executions) == (3, 4)
    assert found.ratio == found.cpu / found.bare
    told = overhead.cell({**SAMPLE, "nodes": 3, "executions": 4.0})
    assert told == "WRONG 4 of 3: 10.0 [12] 0.50x"


SAMPLE = {"cpu": 10.0, "wall": 12.0, "bare": 20.0, "rounds": 7, "nodes": 3, "executions": 3.0}


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (SAMPLE, "10.0 [12] 0.50x"),
        ({**SAMPLE, "rounds": 2}, "10.0 [12] 0.50x (2 runs)"),
        ("> 900 s", "> 900 s"),
        (None, "-"),
    ],
)
def test_a_figure_says_how_often_it_was_taken(figure: dict[str, float] | None, told: str) -> None:
    assert overhead.cell(figure) == told


def test_what_a_failure_does_to_others_is_seen() -> None:
    waves = anyio.run(failure, sorter.waves, str)
    assert (waves.caller, waves.named) == ("ValueError: the tool crashed", "no")
    assert (waves.sibling, waves.merged) == ("orphaned, ends later", False)


def test_the_longest_path_first_beats_a_plain_queue_and_waves() -> None:
    found = makespan.crowded(12, 4)
    ours_, queue, waves = (found[name]["median"] for name in found)
    assert 1 <= ours_ <= queue < waves


def test_a_goal_is_met_or_not_and_what_was_not_measured_is_left_out() -> None:
    result = {"imports": {"reviewbot": 120.0, "anyio + pydantic": 100.0}, "cost": {}}
    assert goals.measured(result) == {
        "import, ms": {"most": 170.0, "measured": 120.0, "met": True},
        "import, x anyio + pydantic": {"most": 1.1, "measured": 1.2, "met": False},
    }


def test_the_comparison_runs_whoever_is_installed(tmp_path: Path) -> None:
    wanted = ("--only", "failure", "--systems", "reviewbot")
    out = printed("benchmarks.engine", *wanted, "--json", str(tmp_path / "x.json"))
    assert "a result" in out
    kept = json.loads((tmp_path / "x.json").read_text())["failure"]["reviewbot"]
    assert (kept["named"], kept["sibling"], kept["merged"]) == ("yes", "finished", True)
