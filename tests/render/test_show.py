"""What is shown is a choice of the reader; what is counted and decided is not."""

import json
from dataclasses import replace

import pytest

from reviewbot.render import RENDERERS, View, render_json
from tests.render.sample import FINDINGS, LONG, REPORT

NEAR = {"added": 1, "context": 2, "file": 3, "all": 4}
LEVELS = ("added", "context", "file", "elsewhere")
ROWS = tuple(replace(row, nearness=level) for row, level in zip(FINDINGS[:4], LEVELS, strict=True))
VIEW = View(report=replace(REPORT, findings=ROWS))


@pytest.mark.feature("D03")
@pytest.mark.parametrize("show", NEAR)
def test_a_reader_sees_what_is_near_enough_and_how_much_is_not(show: str) -> None:
    view = replace(VIEW, show=show)

    assert (len(view.findings), view.out_of_sight) == (NEAR[show], 4 - NEAR[show])


@pytest.mark.feature("D03")
@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_the_counts_and_the_verdict_do_not_depend_on_what_is_shown(form: str) -> None:
    near, every = (RENDERERS[form](replace(VIEW, show=show)) for show in ("added", "all"))

    assert "4 introduced, 1 existing, 1 fixed" in near
    assert "4 introduced, 1 existing, 1 fixed" in every
    assert "3 more introduced further away" in near
    assert "further away" not in every


@pytest.mark.feature("D03")
def test_a_program_always_gets_everything_that_was_introduced() -> None:
    assert len(json.loads(render_json(replace(VIEW, show="added")))["findings"]) == 4


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_a_rule_that_stands_very_often_in_a_file_is_counted_unless_everything_is_wanted(
    form: str,
) -> None:
    short, long = (
        RENDERERS[form](View(report=LONG, everything=everything)) for everything in (False, True)
    )

    assert (short.count("T201"), short.count("E501")) == (5 + 1, 10)
    assert "and 35 more of" in short
    assert (long.count("T201"), long.count("E501")) == (40, 10)
    assert "more of" not in long
    assert "50 introduced" in short


def test_a_program_gets_every_finding_of_a_rule() -> None:
    assert len(json.loads(render_json(View(report=LONG)))["findings"]) == 50
