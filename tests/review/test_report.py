"""The report: keys, counts and what a program needs to read it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reviewbot.review.merge import merge
from reviewbot.review.report import Report, report
from reviewbot.review.rows import NodeRow
from reviewbot.review.verdict import VerdictPolicy, decide
from reviewbot.testing.fakes.texts import Texts
from tests.strategies import outcomes, texts

_KEYS = {
    "": "schema base head verdict findings counts nodes not_reviewed tests warnings notes seconds"
    " critical_path_seconds trust groups suppressed",
    "verdict": "decision complete level risk reasons blocking",
    "counts": "introduced existing fixed",
}
_OF_FINDINGS = (
    "id node tool rule message severity confidence path line end_line column change in_diff cause"
    " group suggestion cwe impact remediation"
)
_OF_NODES = "name status reason wave attempts started seconds tool_version tried needs"
_ADAPTER = TypeAdapter(Report)


def _made(data: st.DataObject, change: Texts) -> Report:
    review = merge(data.draw(outcomes(change)), change.diff, change)
    nodes = (NodeRow(name="lint", status="succeeded", attempts=2, tried=("exit code 2",)),)
    verdict = decide(review, VerdictPolicy())
    return report(review, verdict, base="b" * 40, head=None, nodes=nodes)


@given(data=st.data(), change=texts())
@pytest.mark.feature("D09", "R06")
def test_a_report_survives_json_and_its_schema(data: st.DataObject, change: Texts) -> None:
    made = _made(data, change)
    text = _ADAPTER.dump_json(made)
    assert _ADAPTER.validate_json(text) == made
    flat = json.loads(text)
    assert set(flat) == set(_KEYS[""].split())
    assert set(flat["verdict"]) == set(_KEYS["verdict"].split())
    assert set(flat["nodes"][0]) == set(_OF_NODES.split())
    assert all(set(_OF_FINDINGS.split()) <= set(each) for each in flat["findings"])


@given(data=st.data(), change=texts())
@pytest.mark.feature("R01", "D08")
def test_the_counts_are_those_of_the_list(data: st.DataObject, change: Texts) -> None:
    made = _made(data, change)
    changes = [each.change for each in made.findings]
    assert {name: changes.count(name) for name in ("introduced", "existing", "fixed")} == {
        "introduced": made.counts.introduced,
        "existing": made.counts.existing,
        "fixed": made.counts.fixed,
    }
    known = {each.id for each in made.findings}
    assert all(set(group.findings) <= known for group in made.groups)
    assert set(made.verdict.blocking) <= known
