"""An analysis that is not what its types say is named before anybody works with it."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.analysis import Analysis
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.well_formed import flaw
from tests.strategies import analyses, texts

FINDING = Finding(
    node="lint",
    tool="ruff",
    rule="F401",
    message="unused",
    severity=Severity.WARNING,
    location=Location(path="a.py", line=3),
)
SOUND = Analysis(tool="ruff", tool_version="1", head=(FINDING,))


@given(data=st.data())
def test_what_analyzers_say_is_well_formed(data: st.DataObject) -> None:
    assert flaw(data.draw(analyses(data.draw(texts())))) == ""


@pytest.mark.parametrize("line", [0, -3, math.nan, "3", 1.0, True])
def test_a_line_that_cannot_be_is_named(line: Any) -> None:
    wrong = replace(FINDING, location=Location(path="a.py", line=line))
    assert flaw(replace(SOUND, head=(FINDING, wrong))).startswith("in head: a finding on a line")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a.py", "a/../../b.py"])
def test_a_place_outside_the_tree_is_named(path: str) -> None:
    wrong = replace(FINDING, location=Location(path=path))
    assert flaw(replace(SOUND, base=(wrong,))).startswith("in base: a finding outside the tree")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("message", None, "a finding whose texts are none"),
        ("rule", 401, "a finding whose texts are none"),
        ("severity", "error", "a finding without a severity or a confidence"),
        ("location", "a.py:3", "a finding that stands nowhere"),
        ("location", Location(path=None), "a finding that stands nowhere"),  # type: ignore[arg-type] # that is the case
    ],
)
def test_a_part_of_a_finding_that_is_none_is_named(field: str, value: Any, told: str) -> None:
    wrong = replace(FINDING, **{field: value})
    assert flaw(replace(SOUND, hidden_head=(wrong,))) == f"in hidden_head: {told}"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("head", None, "head is NoneType"),
        ("head", ("F401",), "in head: str is no finding"),
        ("coverage", None, "coverage is NoneType"),
        ("notes", None, "notes are no texts"),
        ("notes", (None,), "notes are no texts"),
    ],
)
def test_a_part_of_an_analysis_that_is_none_is_named(field: str, value: Any, told: str) -> None:
    assert flaw(replace(SOUND, **{field: value})) == told


def test_a_base_that_could_not_be_analysed_is_no_flaw() -> None:
    assert flaw(replace(SOUND, base=None)) == ""
