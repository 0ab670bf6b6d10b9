"""Ignore comments: a rule and a reason, and never quietly over a new vulnerability."""

from dataclasses import replace

import pytest

from reviewbot.review.analysis import Analysis, Trust
from reviewbot.review.differential import Differential, classify
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.sides import Sides
from reviewbot.review.suppress import Ignore, parse_ignore, suppress
from reviewbot.testing.fakes.texts import Texts

_ASKED = "eval(a)  # reviewbot: ignore[B307] trusted input"


def _finding(line: str, **parts: object) -> Finding:
    plain = Finding(
        node="security",
        tool="bandit",
        rule="B307",
        message="eval",
        severity=Severity.ERROR,
        location=Location(path="a.py", line=1),
        source=line,
    )
    return replace(plain, **parts)  # type: ignore[arg-type] # any field may be given


def _told(
    line: str, *, trust: Trust = Trust.TRUSTED, before: str = "", **parts: object
) -> Differential:
    change = Texts(before={"a.py": before}, after={"a.py": f"{line}\n"})
    sides = Sides(change.diff, change)
    head = (_finding(line, **parts),)
    return suppress(
        classify(Analysis(tool="bandit", tool_version="1", head=head), sides), sides, trust
    )


def _rules(found: Differential) -> list[str]:
    return [each.finding.rule for each in found.findings]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x = 1", None),
        ("x  # reviewbot: ignored", None),
        ("x  # reviewbot: ignore[B1] why", Ignore(rules=frozenset({"B1"}), reason="why")),
        ("x  #reviewbot:ignore[B1, F4]: why", Ignore(rules=frozenset({"B1", "F4"}), reason="why")),
        ("x  # noqa  # reviewbot: ignore[B1]", Ignore(rules=frozenset({"B1"}), reason="")),
        ("x  # reviewbot: ignore why", Ignore(rules=frozenset(), reason="why")),
    ],
)
def test_a_comment_is_parsed(line: str, wanted: Ignore | None) -> None:
    assert parse_ignore(line) == wanted


@pytest.mark.feature("D12")
def test_a_comment_with_rule_and_reason_keeps_the_finding_aside() -> None:
    found = _told(_ASKED)
    assert _rules(found) == []
    (kept,) = found.suppressed
    assert (kept.by, kept.reason, kept.new) == ("ignore", "trusted input", True)


@pytest.mark.feature("D12")
@pytest.mark.parametrize("comment", ["ignore[B307]", "ignore[] why", "ignore because"])
def test_a_comment_without_rule_or_reason_hides_nothing_and_is_a_finding(comment: str) -> None:
    found = _told(f"eval(a)  # reviewbot: {comment}")
    assert _rules(found) == ["B307", "ignore-without-reason"]
    assert found.suppressed == ()


def test_a_comment_for_another_rule_hides_nothing() -> None:
    assert _rules(_told(_ASKED.replace("B307", "B602"))) == ["B307"]


def test_a_new_comment_of_a_stranger_over_a_vulnerability_is_a_warning() -> None:
    found = _told(_ASKED, trust=Trust.UNTRUSTED)
    assert _rules(found) == ["ignore"]
    assert found.findings[0].finding.severity is Severity.WARNING
    assert len(found.suppressed) == 1


@pytest.mark.parametrize(
    ("before", "severity"), [(f"{_ASKED}\n", Severity.ERROR), ("", Severity.WARNING)]
)
def test_an_old_comment_or_a_lesser_finding_is_quiet(before: str, severity: Severity) -> None:
    found = _told(_ASKED, trust=Trust.UNTRUSTED, before=before, severity=severity)
    assert _rules(found) == []


def test_no_comment_silences_that_a_tool_was_silenced() -> None:
    line = "eval(a)  # nosec  # reviewbot: ignore[suppression] quiet"
    change = Texts(before={"a.py": ""}, after={"a.py": f"{line}\n"})
    sides = Sides(change.diff, change)
    analysis = Analysis(tool="bandit", tool_version="1", hidden_head=(_finding(line),))
    found = suppress(classify(analysis, sides), sides, Trust.UNTRUSTED)
    assert _rules(found) == ["ignore"]
    assert [each.by for each in found.suppressed] == ["comment", "ignore"]
