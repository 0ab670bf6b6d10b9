"""Duplicates: two tools, one statement."""

from dataclasses import replace

import pytest

from reviewbot.review.classified import BaselineState, Classified
from reviewbot.review.duplicates import deduplicated
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
