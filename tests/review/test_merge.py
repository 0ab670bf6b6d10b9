"""The merge: everything that enters leaves, whatever failed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.dag.run import Outcome, Status
from reviewbot.review.analysis import Analysis, Coverage, NotReviewed
from reviewbot.review.classified import Classified
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.merge import Circumstances, merge
from reviewbot.review.review import Review
from reviewbot.testing.fakes.texts import Texts
from tests.strategies import Settled, entering, lost, outcomes, texts

_BEFORE, _AFTER = "x = 1\n", "x = 1\ny = 2\n"
_CHANGE = Texts(before={"a.py": _BEFORE}, after={"a.py": _AFTER})


def finding(tool: str = "ruff", rule: str = "F821", line: int = 2, **parts: object) -> Finding:
    plain = Finding(
        node={"ruff": "lint", "mypy": "types", "bandit": "security"}.get(tool, tool),
        tool=tool,
        rule=rule,
        message=f"{rule} says so",
        severity=Severity.WARNING,
        location=Location(path="a.py", line=line),
        source=_AFTER.split("\n")[line - 1],
    )
    return replace(plain, **parts)  # type: ignore[arg-type] # any field may be given


def answer(*found: Finding, tool: str = "ruff", node: str = "lint") -> Settled:
    seen = Coverage(analyzed=("a.py",))
    value = Analysis(tool=tool, tool_version="1", head=found, coverage=seen)
    return Settled(node=node, status="succeeded", value=value)


def _places(review: Review) -> Iterable[Classified]:
    yield from review.findings
    yield from (each.classified for each in review.suppressed)


def _said(review: Review) -> Counter[Finding]:
    """Everything that a review holds of what tools said on the head."""
    return Counter(
        finding
        for each in _places(review)
        for finding in (each.finding, *each.also)
        if finding.tool != "reviewbot"
    )


@given(data=st.data(), change=texts())
@pytest.mark.feature("R01")
def test_every_finding_that_enters_leaves_in_exactly_one_place(
    data: st.DataObject, change: Texts
) -> None:
    settled = data.draw(outcomes(change))
    review = merge(settled, change.diff, change)
    wanted = Counter(entering(settled))
    assert wanted <= _said(review)
    extra = _said(review) - wanted
    base = sum(len(each.value.base or ()) for each in settled if each.value)
    assert extra.total() <= base
    ids = [each.id for each in _places(review)]
    assert len(ids) == len(set(ids))


@given(data=st.data(), change=texts())
@pytest.mark.feature("R02")
def test_what_the_others_say_is_the_same_when_some_nodes_fail(
    data: st.DataObject, change: Texts
) -> None:
    settled = data.draw(outcomes(change))
    gone = data.draw(st.sets(st.sampled_from([each.node for each in settled])))
    fewer = [lost(each) if each.node in gone else each for each in settled]
    kept = [each for each in settled if each.node not in gone]
    whole = _of(merge(settled, change.diff, change), kept)
    assert _of(merge(fewer, change.diff, change), kept) == whole


def _of(review: Review, kept: Sequence[Settled]) -> Counter[object]:
    nodes = {each.node for each in kept}
    return Counter(
        (place, finding)
        for place, found in (
            ("introduced", review.introduced),
            ("existing", review.existing),
            ("fixed", review.fixed),
            ("suppressed", tuple(each.classified for each in review.suppressed)),
        )
        for each in found
        for finding in (each.finding, *each.also)
        if finding.node in nodes
    )


@given(data=st.data(), change=texts())
@pytest.mark.feature("R04")
def test_every_node_that_did_not_simply_succeed_is_a_warning(
    data: st.DataObject, change: Texts
) -> None:
    settled = data.draw(outcomes(change))
    warnings = merge(settled, change.diff, change).warnings
    troubled = [each.node for each in settled if each.status not in {"succeeded", "cached"}]
    assert all(any(text.startswith(f"{node} ") for text in warnings) for node in troubled)


@pytest.mark.feature("R02")
@pytest.mark.parametrize("gone", [c for n in range(5) for c in combinations(range(4), n)], ids=str)
def test_any_of_four_may_fail_and_the_rest_is_reviewed(gone: tuple[int, ...]) -> None:
    tools = ("ruff", "mypy", "bandit", "pytest")
    settled = [answer(finding(tool), tool=tool, node=tool) for tool in tools]
    settled = [replace(lost(each), node=tools[n]) if n in gone else each
               for n, each in enumerate(settled)]  # fmt: skip
    review = merge(settled, _CHANGE.diff, _CHANGE)
    shown = {each.tool for found in review.introduced for each in (found.finding, *found.also)}
    assert shown == {tool for n, tool in enumerate(tools) if n not in gone}
    assert [each.node for each in review.answers if not each.answered] == [tools[n] for n in gone]


@pytest.mark.feature("R03", "R04")
@pytest.mark.parametrize(
    ("status", "value", "reason", "warning"),
    [
        (
            Status.FAILED,
            None,
            "exit code 2",
            "types failed (exit code 2): its findings are missing",
        ),
        (Status.TIMED_OUT, None, "60 s", "types timed out (60 s): its findings are missing"),
        (
            Status.SKIPPED,
            None,
            "needs env, which failed: x",
            "types skipped (needs env, which failed: x): its findings are missing",
        ),
        (Status.CANCELLED, None, "Ctrl-C", "types cancelled (Ctrl-C): its findings are missing"),
        (
            Status.REROUTED,
            "ty",
            "ty answered: mypy crashed",
            "types rerouted (ty answered: mypy crashed): its findings are those of ty",
        ),
        (
            Status.FELL_BACK,
            "mypy",
            "mypy crashed",
            "types fell back (mypy crashed): its findings may be incomplete",
        ),
    ],
)
def test_the_engines_outcomes_are_told_in_words(
    status: Status, value: str | None, reason: str, warning: str
) -> None:
    analysis = None if value is None else Analysis(tool=value, tool_version="1")
    outcome = Outcome(node="types", status=status, value=analysis, reason=reason)
    assert merge([outcome], _CHANGE.diff, _CHANGE).warnings == (warning,)


@pytest.mark.parametrize("reason", ["configuration", "condition not met: there is Python"])
def test_what_is_switched_off_by_rule_is_no_warning(reason: str) -> None:
    outcome: Outcome[Analysis] = Outcome(node="types", status=Status.SKIPPED, reason=reason)
    review = merge([outcome], _CHANGE.diff, _CHANGE)
    assert review.warnings == ()
    assert [each.wanted for each in review.answers] == [False]


@pytest.mark.feature("R04")
def test_a_node_that_was_expected_and_never_came_is_a_warning() -> None:
    review = merge([answer()], _CHANGE.diff, _CHANGE, Circumstances(expected=("lint", "types")))
    assert review.warnings == ("types gave no outcome: its findings are missing",)


def test_the_review_is_ordered_by_severity_then_place() -> None:
    note = finding(line=1, severity=Severity.NOTE)
    error = finding(line=2, severity=Severity.ERROR)
    warning = finding(line=1, rule="F401")
    change = Texts(before={}, after={"a.py": _AFTER})
    review = merge([answer(note, warning, error)], change.diff, change)
    assert [each.finding for each in review.introduced] == [error, warning, note]


def test_one_statement_of_two_tools_is_shown_once_with_both_names() -> None:
    ruff = finding(rule="F821")
    mypy = finding("mypy", "name-defined", severity=Severity.ERROR)
    settled = [answer(ruff), answer(mypy, tool="mypy", node="types")]
    (shown,) = merge(settled, _CHANGE.diff, _CHANGE).introduced
    assert shown.finding == mypy
    assert shown.sources == ("mypy name-defined", "ruff F821")


@pytest.mark.feature("R05")
def test_what_the_workspace_could_not_read_is_listed_once() -> None:
    gap = NotReviewed(path="a.py", reason="a symbolic link")
    settled = [Settled(node="lint", status="succeeded", value=Analysis(tool="r", tool_version="1"))]
    review = merge(settled, _CHANGE.diff, _CHANGE, Circumstances(missing=(gap,)))
    assert review.not_reviewed == (gap,)


def test_two_nodes_that_run_one_tool_never_share_an_id() -> None:
    here, there = finding(line=1), finding(line=2, source=_BEFORE.strip(), node="other")
    change = Texts(before={}, after={"a.py": _AFTER})
    review = merge([answer(here), answer(there, node="other")], change.diff, change)
    assert len({each.id for each in review.introduced}) == 2
