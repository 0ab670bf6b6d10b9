"""A body is cut where nothing is torn."""

from hypothesis import given
from hypothesis import strategies as st

from reviewbot.github.shorten import shortened

MARKER = "<!-- reviewbot -->"
paragraphs = st.sampled_from(
    ["words", "- a\n- b", "```\ncode", "more code\n```", "<details>", "</details>", "é" * 40]
)


@given(st.lists(paragraphs, max_size=30))
def test_what_is_left_is_closed_and_short_and_starts_with_the_marker(parts: list[str]) -> None:
    body = "\n\n".join((MARKER, *parts))
    found = shortened(body)
    assert found.startswith(MARKER)
    fences = sum(line.startswith("```") for line in found.splitlines())
    assert fences % 2 == 0
    assert found.count("<details>") <= found.count("</details>")
    overhead = len(MARKER) + 50 + 14 * body.count("<details>")
    assert len(found.encode()) <= len(body.encode()) // 2 + overhead


def test_findings_are_whole_or_not_there() -> None:
    findings = [f"finding {number}: " + "x" * 50 for number in range(10)]
    found = shortened("\n\n".join((MARKER, *findings)))
    kept = [each for each in findings if each in found]
    assert kept == findings[: len(kept)]
    assert 0 < len(kept) < len(findings)
    assert all(each.split(":")[0] not in found for each in findings[len(kept) :])
    assert "the rest stands in the job summary" in found
