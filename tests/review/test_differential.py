"""The differential: what is new, what was there, what is gone."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.review.analysis import Analysis, Coverage, NotReviewed
from reviewbot.review.classified import BaselineState, Classified
from reviewbot.review.differential import Differential, classify
from reviewbot.review.finding import Finding, Location, Severity
from reviewbot.review.sides import Sides
from reviewbot.review.symbols import definitions, enclosing
from reviewbot.testing.fakes.texts import Texts
from tests.strategies import analyses, texts

INTRODUCED, EXISTING, FIXED = BaselineState
_FIVE = "import os\n\n\ndef f(a):\n    return eval(a)\n"


def on(text: str, line: int, rule: str = "S307", path: str = "a.py", message: str = "") -> Finding:
    """A finding on a line of a text, with the fields that the tree gives it."""
    source = text.split("\n")[line - 1]
    return Finding(
        node="lint",
        tool="ruff",
        rule=rule,
        message=message or f"{rule} says so",
        severity=Severity.WARNING,
        location=Location(path=path, line=line),
        symbol=enclosing(definitions(text), line),
        source=source,
        text=source,
    )


def told(change: Texts, **parts: Any) -> Differential:
    analysis = replace(Analysis(tool="ruff", tool_version="1"), **parts)
    return classify(analysis, Sides(change.diff, change))


def states(found: Differential) -> list[tuple[str, BaselineState]]:
    return [(each.finding.rule, each.state) for each in found.findings]


def _ids(found: Differential) -> list[str]:
    return [
        *(each.id for each in found.findings),
        *(each.classified.id for each in found.suppressed),
    ]


@given(data=st.data(), change=texts())
@pytest.mark.feature("D08")
def test_every_finding_of_both_sides_is_in_exactly_one_class(
    data: st.DataObject, change: Texts
) -> None:
    analysis = data.draw(analyses(change))
    found = classify(analysis, Sides(change.diff, change))
    ours = [each for each in found.findings if each.finding.tool == "ruff"]
    of_head = [each.finding for each in ours if not _of_base(each)]
    hidden = [each.classified.finding for each in found.suppressed]
    assert Counter(of_head) == Counter((*analysis.head, *analysis.configured))
    assert Counter(hidden) == Counter(analysis.hidden_head)
    assert sum(map(_of_base, ours)) <= len(analysis.base or ())


def _of_base(each: Classified) -> bool:
    return each.state is FIXED or each.evidence.endswith("was not analysed on the head")


@given(data=st.data(), change=texts())
@pytest.mark.feature("D08")
def test_every_finding_of_the_base_keeps_its_id_in_one_place(
    data: st.DataObject, change: Texts
) -> None:
    analysis = replace(data.draw(analyses(change)), base=data.draw(analyses(change)).base or ())
    found = classify(analysis, Sides(change.diff, change))
    alone = told(
        Texts(before=change.before, after=change.before), head=analysis.base, base=analysis.base
    )
    assert {each.id for each in alone.findings} <= set(_ids(found))


@given(data=st.data(), change=texts())
def test_ids_are_unique(data: st.DataObject, change: Texts) -> None:
    ids = _ids(classify(data.draw(analyses(change)), Sides(change.diff, change)))
    assert len(ids) == len(set(ids))


@given(data=st.data(), change=texts())
@pytest.mark.feature("D01")
def test_an_unchanged_side_introduces_nothing_and_fixes_nothing(
    data: st.DataObject, change: Texts
) -> None:
    head = data.draw(analyses(change)).head
    same = Texts(before=change.after, after=change.after)
    assert {each.state for each in told(same, head=head, base=head).findings} <= {EXISTING}


@given(shift=st.integers(0, 5), indent=st.integers(0, 3), path=st.sampled_from(("a.py", "b.py")))
@pytest.mark.feature("D04")
def test_a_finding_keeps_its_id_when_lines_shift_are_indented_or_the_file_is_renamed(
    shift: int, indent: int, path: str
) -> None:
    body = "def f(a):\n    return eval(a)\n"
    inner = "".join("    " * indent + line + "\n" for line in body.splitlines())
    guards = "".join("    " * level + "if True:\n" for level in range(indent))
    after = "# new\n" * shift + guards + inner
    change = Texts(
        before={"a.py": body}, after={path: after}, renames={path: "a.py"} if path == "b.py" else {}
    )
    old, new = on(body, 2), on(after, shift + indent + 2, path=path)
    before = told(Texts(before={"a.py": body}, after={"a.py": body}), head=(old,), base=(old,))
    found = told(change, head=(new,), base=(old,))
    assert states(found) == [("S307", EXISTING)]
    assert found.findings[0].id == before.findings[0].id


@pytest.mark.feature("D05")
def test_fifty_findings_of_a_moved_and_indented_file_are_not_new() -> None:
    body = "".join(f"def f{n}(a):\n    return eval(a)[{n}]\n" for n in range(50))
    moved = "class C:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    old = tuple(on(body, 2 * n + 2) for n in range(50))
    new = tuple(on(moved, 2 * n + 3, path="b.py") for n in range(50))
    change = Texts(before={"a.py": body}, after={"b.py": moved})
    found = told(change, head=new, base=old)
    assert Counter(each.state for each in found.findings) == {EXISTING: 50}
    assert all(each.moved_from for each in found.findings)


@pytest.mark.feature("D01")
def test_one_more_of_the_same_is_one_introduced() -> None:
    before, after = "eval(a)\neval(a)\n", "eval(a)\neval(a)\neval(a)\n"
    found = told(
        Texts(before={"a.py": before}, after={"a.py": after}),
        head=tuple(on(after, line) for line in (1, 2, 3)),
        base=tuple(on(before, line) for line in (1, 2)),
    )
    assert Counter(each.state for each in found.findings) == {EXISTING: 2, INTRODUCED: 1}


@pytest.mark.feature("D01")
def test_a_copy_is_new_and_its_source_is_not() -> None:
    change = Texts(
        before={"a.py": _FIVE}, after={"a.py": _FIVE, "b.py": _FIVE}, copies={"b.py": "a.py"}
    )
    head = (on(_FIVE, 5), on(_FIVE, 5, path="b.py"))
    found = told(change, head=head, base=(on(_FIVE, 5),))
    assert [each.state for each in sorted(found.findings, key=lambda e: e.finding.path)] == [
        EXISTING,
        INTRODUCED,
    ]


def test_on_one_line_the_old_message_is_the_one_that_existed() -> None:
    text = "f(a)\n"
    old, new = on(text, 1, message='bad "a"'), on(text, 1, message='another "f"')
    found = told(Texts(before={"a.py": text}, after={"a.py": text}), head=(new, old), base=(old,))
    assert {each.finding.message: each.state for each in found.findings} == {
        'bad "a"': EXISTING,
        'another "f"': INTRODUCED,
    }


def test_a_statement_edited_in_its_function_is_told_with_both_counts() -> None:
    before, after = "def f(a):\n    eval(a)\n", "def f(a):\n    eval(a + 1)\n"
    found = told(
        Texts(before={"a.py": before}, after={"a.py": after}),
        head=(on(after, 2),),
        base=(on(before, 2),),
    )
    assert found.findings[0].evidence.endswith("(1 on the base, 1 on the head)")


@pytest.mark.feature("D08")
def test_a_finding_that_is_gone_is_fixed_under_the_id_it_had() -> None:
    before = told(Texts(), head=(on(_FIVE, 5),), base=())
    change = Texts(before={"a.py": _FIVE}, after={"a.py": "import os\n"})
    found = told(change, head=(), base=(on(_FIVE, 5),))
    assert states(found) == [("S307", FIXED)]
    assert found.findings[0].id == before.findings[0].id


@pytest.mark.feature("R05")
def test_a_file_that_the_head_lost_fixes_nothing() -> None:
    change = Texts(before={"a.py": _FIVE}, after={"a.py": "def ("})
    lost = Coverage(not_reviewed=(NotReviewed(path="a.py", reason="syntax error"),))
    found = told(change, head=(), base=(on(_FIVE, 5),), coverage=lost)
    assert states(found) == [("S307", EXISTING)]
    assert found.findings[0].finding.line is None


def test_a_deleted_file_fixes_its_findings() -> None:
    change = Texts(before={"a.py": _FIVE}, after={})
    assert states(told(change, base=(on(_FIVE, 5),))) == [("S307", FIXED)]


def test_without_a_base_added_lines_are_charged_and_a_warning_says_so() -> None:
    after = _FIVE + "eval('1')\n"
    change = Texts(before={"a.py": _FIVE}, after={"a.py": after})
    found = told(change, head=(on(after, 5), on(after, 6)), base=None)
    assert [each.state for each in found.findings] == [EXISTING, INTRODUCED]
    assert "cannot be told apart" in found.warnings[0]


def test_a_file_that_was_no_python_on_the_base_is_not_charged_with_its_old_lines() -> None:
    before, after = "def (\n" + _FIVE, _FIVE + "eval('1')\n"
    change = Texts(before={"a.py": before}, after={"a.py": after})
    found = told(change, head=(on(after, 5), on(after, 6)), base=())
    assert [each.state for each in found.findings] == [EXISTING, INTRODUCED]
    assert "a.py could not be read on the base" in found.warnings[0]


@pytest.mark.feature("D07")
def test_what_only_the_new_configuration_says_is_charged_to_no_line() -> None:
    after = _FIVE + "eval('1')\n"
    change = Texts(before={"a.py": _FIVE}, after={"a.py": after})
    found = told(change, configured=(on(after, 6), on(after, 5)), configuration="pyproject.toml")
    assert {each.group for each in found.findings} == {"configuration"}
    assert not any(each.in_diff for each in found.findings)
    assert {(e.cause.path, e.cause.line) for e in found.findings if e.cause} == {
        ("pyproject.toml", None)
    }


class TestHidden:
    def test_a_new_comment_over_an_old_finding_does_not_fix_it(self) -> None:
        after = _FIVE.replace("eval(a)", "eval(a)  # noqa: S307")
        change = Texts(before={"a.py": _FIVE}, after={"a.py": after})
        found = told(change, base=(on(_FIVE, 5),), hidden_head=(on(after, 5),))
        assert states(found) == [("suppression", INTRODUCED)]
        assert found.findings[0].finding.message == "a new comment hides ruff S307: S307 says so"
        assert [each.new for each in found.suppressed] == [True]

    def test_a_comment_that_was_there_says_nothing(self) -> None:
        text = _FIVE.replace("eval(a)", "eval(a)  # noqa")
        change = Texts(before={"a.py": text}, after={"a.py": "# new\n" + text})
        found = told(change, hidden_head=(on("# new\n" + text, 6),), hidden_base=(on(text, 5),))
        assert not found.findings
        assert [each.new for each in found.suppressed] == [False]

    def test_a_finding_whose_comment_went_is_new_to_the_reader(self) -> None:
        before = _FIVE.replace("eval(a)", "eval(a)  # noqa")
        change = Texts(before={"a.py": before}, after={"a.py": _FIVE})
        found = told(change, head=(on(_FIVE, 5),), hidden_base=(on(before, 5),))
        assert states(found) == [("S307", INTRODUCED)]

    @pytest.mark.parametrize(
        ("after", "hidden_at"),
        [
            ("x: int = ''  # type: ignore[assignment]\ny = 1\n", 1),
            ("# mypy: ignore-errors\nx: int = ''\ny = 1\n", 2),
            ("x: int = 0  # type: ignore[assignment]\ny = 1\n", None),
            ("x: int = 0\ny = 1  # type: ignore\n", None),
        ],
        ids=["on the line", "over the file", "over a repaired line", "on another line"],
    )
    def test_a_finding_under_a_comment_that_no_switch_lifts_is_not_fixed(
        self, after: str, hidden_at: int | None
    ) -> None:
        before = "x: int = ''\ny = 1\n"
        at = next(n for n, line in enumerate(after.split("\n"), 1) if "#" in line)
        comment = replace(on(after, at, rule="suppression"), tool="reviewbot")
        change = Texts(before={"a.py": before}, after={"a.py": after})
        found = told(change, head=(comment,), base=(on(before, 1, rule="assignment"),))
        lines = [each.classified.finding.line for each in found.suppressed]
        assert lines == ([hidden_at] if hidden_at else [])
        assert (("assignment", FIXED) in states(found)) is (hidden_at is None)


@pytest.mark.feature("D05")
def test_a_short_line_that_moves_with_its_function_is_not_new() -> None:
    text = "def f():\n    try:\n        g()\n    except:\n        pass\n"
    change = Texts(before={"a.py": text}, after={"b.py": "import g\n" + text})
    new, old = on("import g\n" + text, 5, path="b.py"), on(text, 4)
    found = told(change, head=(new,), base=(old,))
    assert states(found) == [("S307", EXISTING)]


@pytest.mark.feature("D01")
def test_a_renamed_file_is_matched_as_itself_and_not_as_moved_code() -> None:
    change = Texts(before={"a.py": _FIVE}, after={"b.py": _FIVE}, renames={"b.py": "a.py"})
    found = told(change, head=(on(_FIVE, 5, path="b.py"),), base=(on(_FIVE, 5),))
    assert [(each.state, each.moved_from) for each in found.findings] == [(EXISTING, None)]


def test_an_error_behind_a_new_stub_is_hidden_and_not_fixed() -> None:
    text, stub = "x: int = ''\n", "x: int\n"
    change = Texts(before={"a.py": text}, after={"a.py": text, "a.pyi": stub})
    comment = replace(on(stub, 1, rule="suppression", path="a.pyi"), tool="reviewbot")
    found = told(change, head=(comment,), base=(on(text, 1, rule="assignment"),))
    assert states(found) == [("suppression", INTRODUCED)]
    assert [str(each.classified.finding.location) for each in found.suppressed] == ["a.py:1"]


_LONG = "x" * 60


@pytest.mark.feature("D01")
def test_a_new_line_is_not_cancelled_by_an_unlike_one_that_went_from_the_same_function() -> None:
    before = f"def f():\n    first = load('{_LONG}')\n    log.debug('{_LONG} one')\n"
    after = f"def f():\n    return send(user, '{_LONG.upper()}')\n    log.debug('{_LONG} two')\n"
    found = told(
        Texts(before={"a.py": before}, after={"a.py": after}),
        base=(on(before, 2, "E501"), on(before, 3, "E501")),
        head=(on(after, 2, "E501"), on(after, 3, "E501")),
    )
    lines = {(each.finding.line, each.state) for each in found.findings}
    assert lines == {(2, INTRODUCED), (3, EXISTING), (2, FIXED)}


@pytest.mark.feature("D01")
def test_the_only_one_of_its_kind_in_a_function_stays_the_same_however_its_line_is_written() -> (
    None
):
    before = "def f(a):\n    return eval(a)\n"
    after = "def f(a):\n    wholly, other = words\n    print(eval(wholly + other), 1, 2, 3)\n"
    found = told(
        Texts(before={"a.py": before}, after={"a.py": after}),
        base=(on(before, 2),),
        head=(on(after, 3),),
    )
    assert states(found) == [("S307", EXISTING)]
