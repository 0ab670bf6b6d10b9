"""Who is to blame for a failing test: every combination of its other two runs."""

import pytest

from reviewbot.analyzers.pytest.blame import trials
from reviewbot.analyzers.pytest.junit import Case, Outcome

_PASSED, _FAILED, _SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED


@pytest.mark.feature("A08")
@pytest.mark.parametrize(
    ("again", "base", "ran_on_base", "blamed"),
    [
        (_FAILED, _PASSED, True, "change"),
        (_FAILED, _SKIPPED, True, "change"),
        (_FAILED, None, True, "change"),
        (_FAILED, _FAILED, True, "base"),
        (_PASSED, _PASSED, True, "chance"),
        (_PASSED, _FAILED, True, "chance"),
        (_FAILED, None, False, "unknown"),
        (None, _PASSED, True, "unknown"),
        (None, _FAILED, True, "base"),
    ],
)
def test_only_what_fails_twice_and_not_on_the_base_is_charged(
    again: Outcome | None, base: Outcome | None, *, ran_on_base: bool, blamed: str
) -> None:
    (trial,) = trials(
        [_case("t.py", _FAILED)],
        again={"t.py::test_a": _case("t.py", again)} if again else {},
        base={"old.py::test_a": _case("old.py", base)} if base else {},
        ran_on_base=frozenset({"old.py"} if ran_on_base else ()),
        old_paths={"t.py": "old.py"},
    )
    assert trial.blame == blamed


def test_a_test_in_a_new_file_is_charged_when_it_fails_twice() -> None:
    (trial,) = trials(
        [_case("t.py", _FAILED)],
        again={"t.py::test_a": _case("t.py", _FAILED)},
        base={},
        ran_on_base=frozenset(),
        old_paths={"t.py": None},
    )
    assert trial.blame == "change"


def test_a_file_that_does_not_load_on_the_base_blames_the_base() -> None:
    (trial,) = trials(
        [_case("t.py", _FAILED)],
        again={"t.py::test_a": _case("t.py", _FAILED)},
        base={"t.py": Case(path="t.py", name="", outcome=_FAILED)},
        ran_on_base=frozenset(),
        old_paths={"t.py": "t.py"},
    )
    assert trial.blame == "base"


def _case(path: str, outcome: Outcome) -> Case:
    return Case(path=path, name="test_a", outcome=outcome)
