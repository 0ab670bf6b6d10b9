"""A short campaign: whatever is injected, each review ends and names what is missing."""

import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks.faults.__main__ import campaign, drawn
from benchmarks.faults.scenes import in_process, with_tools
from reviewbot.pipeline import Lane
from reviewbot.testing import Faults


@pytest.mark.feature("E60")
@pytest.mark.parametrize(("rate", "runs"), [(0.05, 30), (0.5, 8), (1.0, 4)])
def test_every_review_ends_with_a_verdict_and_names_what_is_missing(rate: float, runs: int) -> None:
    tally = campaign(in_process(), drawn(runs, rate=rate, seed=1))
    assert tally.kept, list(tally.lines())
    assert (tally.ended, tally.named) == (runs, tally.missing)
    assert tally.missing > 0


@pytest.mark.feature("E60")
def test_with_real_tools_too() -> None:
    with with_tools() as scene:
        tally = campaign(scene, drawn(1, rate=0.3, seed=2))
    assert tally.kept, [*tally.lines(), *tally.silent]
    assert tally.injected.total() > 0


def test_the_measure_sees_an_analysis_that_says_less_and_does_not_say_so() -> None:
    scene = in_process()

    def quieter(faults: Faults) -> tuple[Lane, ...]:
        """Two lanes give the answer of one as soon as there may be faults."""
        lint, types, *others = scene.lanes(faults)
        worse = replace(types, analyzer=lint.analyzer) if "rate=0," not in repr(faults) else types
        return (lint, worse, *others)

    tally = campaign(replace(scene, lanes=quieter), drawn(4, rate=0.001, seed=1))
    assert not tally.kept
    assert (tally.unstruck, tally.same) == (16, 8)


def test_the_command_prints_a_table_and_its_seed() -> None:
    words = [sys.executable, "-m", "benchmarks.faults", "--runs", "4", "--rate", "0", "--seed", "7"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("in process: 4 reviews, 0% of all calls fail, seed 7\n")
    assert "reviews that ended with a verdict         4 of 4 (100.0 %)" in done.stdout
