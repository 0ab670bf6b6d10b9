"""A report that comes from somewhere else is one of ours to the last key, or is refused."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.render.json import render_json
from reviewbot.render.view import View
from reviewbot.review.classified import BaselineState
from reviewbot.review.document import DocumentRefused, parse_report
from reviewbot.review.report import Report
from reviewbot.review.rows import Counts
from tests.render.sample import REPORT

Document = dict[str, Any]


def _real(report: Report) -> Report:
    """The sample's names as ids and commits, as a real report has them."""
    findings = tuple(replace(each, id=_id(each.id)) for each in report.findings)
    counts = Counter(each.change for each in findings)
    return replace(
        report,
        base="b" * 40,
        head="a" * 40,
        findings=findings,
        counts=Counts(**{state.value: counts[state.value] for state in BaselineState}),
    )


def _id(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:16]


VIEW = View(report=_real(REPORT), sentence="abc against def", everything=True)


def document() -> Document:
    found: Document = json.loads(render_json(VIEW))
    return found


def test_what_we_write_is_read_back_whole() -> None:
    report, sentence = parse_report(render_json(VIEW))

    assert sentence == VIEW.sentence
    assert json.loads(render_json(VIEW)) == json.loads(
        render_json(View(report=report, sentence=sentence, everything=True))
    )


def edited(path: str, value: object) -> Callable[[Document], None]:
    def change(found: Document) -> None:
        *parents, last = (int(each) if each.isdigit() else each for each in path.split("."))
        place: Any = found
        for each in parents:
            place = place[each]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("surprise", 1, "keys or values"),
        ("schema", "reviewbot.report/999", "schema"),
        ("head", "HEAD; rm", "no commit id"),
        ("range", 7, "no text"),
        ("trust", "absolute", "unknown word"),
        ("verdict.decision", "MERGE", "unknown word"),
        ("verdict.surprise", "x", "keys or values"),
        ("findings.0.id", "../../x", "16 hex digits"),
        ("findings.0.severity", "harmless", "unknown word"),
        ("findings.0.line", -3, "no line"),
        ("findings.0.line", "3", "keys or values"),
        ("findings.0.line", 10**12, "no line"),
        ("findings.0.message", "x" * 30_000, "30000 characters"),
        ("findings.0.author", "root", "keys or values"),
        ("counts.introduced", 0, "counts"),
        ("warnings", ["w"] * 30_000, "30000 items"),
        ("findings", {}, "findings"),
    ],
)
def test_what_no_report_of_ours_holds_is_refused(path: str, value: object, why: str) -> None:
    found = document()
    edited(path, value)(found)

    with pytest.raises(DocumentRefused, match=why):
        parse_report(json.dumps(found))


def test_two_findings_with_one_id_are_refused() -> None:
    found = document()
    found["findings"][1]["id"] = found["findings"][0]["id"]

    with pytest.raises(DocumentRefused, match="one id"):
        parse_report(json.dumps(found))


@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", "null", '{"a": NaN}', '{"a": ' + "9" * 5000 + "}", "[" * 100_000]
)
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(DocumentRefused):
        parse_report(text)


SCALARS: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([])
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_garbled_document_is_read_as_it_stands_or_refused(data: st.DataObject) -> None:
    found = document()
    place: Any = found
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(SCALARS)
            break
        place = place[key]
    try:
        report, sentence = parse_report(json.dumps(found))
    except DocumentRefused:
        return

    again = render_json(View(report=report, sentence=sentence, everything=True))
    assert json.loads(again) == found
