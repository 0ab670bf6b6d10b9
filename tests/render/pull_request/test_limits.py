"""No body is refused for its length, and what does not fit is counted."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.render.pull_request import GitHubWords, render_step_summary
from reviewbot.render.pull_request.fitting import Part, fitted
from reviewbot.review.marker import Marker
from reviewbot.review.publishing import Byline, Telling
from reviewbot.review.publishing.memory import ReviewMemory, SummaryMemory
from reviewbot.review.publishing.words import ROOM
from reviewbot.review.report import Report
from reviewbot.review.rows import GapRow
from tests.render.pull_request.sample import BLOCKED, PULL, ROWS

WORDS = GitHubWords()
LARGEST = 65_000
STEP = 1_000_000
PARTS = st.lists(st.builds(Part, text=st.text("aé🔴\n", max_size=30), findings=st.integers(0, 1)))


def crowded(number: int, letter: str) -> Report:
    """A report with many long findings, gaps and warnings."""
    long = letter * 2000
    rows = tuple(
        replace(ROWS["hostile"], id=f"{each:016x}", message=long, path=f"{letter * 300}/{each}.py")
        for each in range(number)
    )
    gaps = tuple(GapRow(path=long, node="lint", reason=long, blocking=True) for _ in range(500))
    return replace(
        BLOCKED,
        findings=rows,
        groups=(),
        not_reviewed=gaps,
        warnings=(long,) * 500,
        notes=(long,) * 500,
        verdict=replace(
            BLOCKED.verdict, reasons=(long,) * 500, blocking=tuple(each.id for each in rows)
        ),
    )


@pytest.mark.feature("G29")
@pytest.mark.parametrize("letter", ["a", "語", "🔴", "@"])
def test_every_body_fits_in_the_forges_limit_and_counts_what_does_not(letter: str) -> None:
    report = crowded(400, letter)
    telling = Telling(
        report=report, pull=PULL, places={each.id: "inline" for each in report.findings}
    )
    listed = replace(telling, places={each.id: "summary" for each in report.findings})
    for text in (
        WORDS.summary(listed),
        WORDS.whole_review(telling),
        WORDS.check(telling)[1],
        WORDS.issue(telling)[1],
        WORDS.cause(report.findings, PULL, unseen=3, came_back=True),
    ):
        assert len(text.encode()) <= ROOM
        shown = len(re.findall(r"^(?:\| 🔵|- \[ \])", text, re.MULTILINE))
        (more,) = re.findall(r"^\*\*(\d+) more…\*\*", text, re.MULTILINE)
        assert shown > 0
        assert shown + int(more) == 400
    assert len(WORDS.comment(report.findings[0], PULL).encode()) <= ROOM


@pytest.mark.feature("G15")
def test_the_step_summary_holds_every_finding_up_to_the_runners_limit() -> None:
    some, many = render_step_summary(crowded(400, "a")), render_step_summary(crowded(9000, "é"))

    assert len(re.findall(r"^\| 🔵", some, re.MULTILINE)) == 400
    assert STEP - 20_000 < len(many.encode()) <= STEP
    assert re.search(r"^\*\*\d+ more…\*\*", many, re.MULTILINE)


@pytest.mark.feature("G29")
def test_a_marker_fits_beside_the_largest_text() -> None:
    rows = [
        replace(ROWS["hostile"], id=f"{each:08x}" + "0" * 8, path=str(each)) for each in range(999)
    ]
    told = [each.id for each in rows]
    data = (SummaryMemory.of("f" * 16, told).data, ReviewMemory.of(rows, told[:30]).data)
    for each in data:
        marker = Marker(
            kind="comment", key="f" * 16, head="f" * 40, run=10**18, attempt=10**8, data=each
        )
        body = Byline(secret="s").signed(marker, "x" * ROOM)  # noqa: S106 - no password
        assert len(body.encode()) <= LARGEST


@settings(max_examples=200)
@given(PARTS, PARTS, PARTS, st.integers(120, 600))
def test_a_fitted_text_fits_and_loses_no_count(
    head: list[Part], found: list[Part], tail: list[Part], room: int
) -> None:
    marked = [replace(each, text=f"<{each.findings}>{each.text}") for each in found]
    text = fitted(head, marked, tail, room)
    more = re.search(r"\*\*(\d+) more…\*\*", text)

    assert len(text.encode()) <= room
    assert text.count("<1>") + int(more[1] if more else 0) == sum(each.findings for each in found)
