"""Duplicates: two tools, one statement."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.classified import BaselineState, Classified
from reviewbot.review.duplicates import deduplicated, same_statement
from reviewbot.review.finding import Finding, Location, Severity


def said(tool: str, rule: str, *, cwe: int | None = None, line: int | None = 1) -> Classified:
    finding = Finding(
        node=tool,
        tool=tool,
        rule=rule,
        message=rule,
        severity=Severity.WARNING,
        location=Location(path="a.py", line=line),
        cwe=cwe,
    )
    name = f"{tool} {rule} {line}"
    return Classified(finding=finding, state=BaselineState.INTRODUCED, id=name, in_diff=True)


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (said("ruff", "S602"), said("bandit", "B602", cwe=78), 1),
        (said("bandit", "B608", cwe=89), said("patterns", "sql-injection", cwe=89), 1),
        (said("ruff", "F821"), said("mypy", "name-defined"), 1),
        (said("ruff", "F821"), said("mypy", "attr-defined"), 2),
        (said("ruff", "S602"), said("bandit", "B603", cwe=78), 2),
        (said("bandit", "B602", cwe=78), said("bandit", "B607", cwe=78), 2),
        (said("ruff", "F821"), said("mypy", "name-defined", line=2), 2),
        (said("ruff", "F821", line=None), said("mypy", "name-defined", line=None), 2),
    ],
)
def test_one_concept_on_one_line_is_shown_once(
    one: Classified, other: Classified, shown: int
) -> None:
    found = deduplicated((one, other))
    assert len(found) == shown
    assert sum(1 + len(each.also) for each in found) == 2


def test_the_more_severe_is_shown() -> None:
    mild = said("mypy", "name-defined")
    grave = said("ruff", "F821")
    grave = replace(grave, finding=replace(grave.finding, severity=Severity.ERROR))
    (shown,) = deduplicated((mild, grave))
    assert (shown.finding, shown.also) == (grave.finding, (mild.finding,))


def test_old_and_new_are_never_one() -> None:
    old = replace(said("ruff", "F821"), state=BaselineState.EXISTING)
    assert len(deduplicated((old, said("mypy", "name-defined")))) == 2


def test_two_of_one_tool_stay_two_beside_one_of_another() -> None:
    two = [replace(said("ruff", "F821"), id=name) for name in "ab"]
    found = deduplicated([*two, said("mypy", "name-defined")])
    assert sorted(1 + len(each.also) for each in found) == [1, 2]


_KINDS = [
    ("ruff", "S602", None),
    ("ruff", "F821", None),
    ("ruff", "E1", 78),
    ("bandit", "B602", 78),
    ("bandit", "B608", 89),
    ("mypy", "name-defined", None),
    ("patterns", "sql-injection", 89),
]


@given(st.lists(st.sampled_from(_KINDS), max_size=14))
def test_each_joins_the_first_that_says_the_same_and_lacks_its_tool(
    kinds: list[tuple[str, str, int | None]],
) -> None:
    found = [
        replace(said(tool, rule, cwe=cwe), id=f"{place:02}")
        for place, (tool, rule, cwe) in enumerate(kinds)
    ]

    expected: list[tuple[Finding, list[Finding]]] = []
    for each in sorted(found, key=lambda one: (one.finding.tool, one.id), reverse=True):
        for kept, also in expected:
            told = {kept.tool, *(other.tool for other in also)}
            if each.finding.tool not in told and same_statement(each.finding, kept):
                also.append(each.finding)
                break
        else:
            expected.append((each.finding, []))

    assert [(each.finding, list(each.also)) for each in deduplicated(found)] == expected
