"""Which added comments silence a tool."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.analyzers.code.comments import lines
from reviewbot.analyzers.code.suppressions import SECURITY, TYPES, new_suppressions
from reviewbot.review.finding import Severity
from tests.analyzers.conftest import MakeChange

NEW = {
    "f(1)  # type: ignore": "new `# type: ignore`: mypy says nothing about this line any more",
    "f(1)  # type:ignore[arg-type, x]  # why": "new `# type:ignore[arg-type, x]`: mypy says",
    "f(1)  # why # type: ignore": "new `# type: ignore`: mypy says nothing about this line",
    "f(1)  # mypy: ignore-errors": "new `# mypy: ignore-errors`: it changes mypy's options",
    '# mypy: disable-error-code="x"': 'new `# mypy: disable-error-code="x"`: it changes',
    "f(1)  # pyright: ignore[reportAny]": "new `# pyright: ignore[reportAny]`: pyright would say",
    "# pyright: basic": "new `# pyright: basic`: it changes pyright's options",
    "f(1)  # pyrefly: ignore": "new `# pyrefly: ignore`: pyrefly says",
    "f(1)  # ty: ignore[x]": "new `# ty: ignore[x]`: ty says",
    "@no_type_check\ndef g(): ...": "new `@ no_type_check`: mypy skips",
    "@typing.no_type_check\ndef g(): ...": "new `@ typing . no_type_check`: mypy skips",
    "from typing import no_type_check as n": "new `no_type_check as n`: mypy skips",
    "if not TYPE_CHECKING:\n    x = 1": "new `if not TYPE_CHECKING :`: type checkers skip",
    "f(1)  # nosemgrep: rule.id": "new `# nosemgrep: rule.id`: semgrep says",
    'p = "x"  # pragma: allowlist secret': "new `# pragma: allowlist secret`: detect-secrets",
}

OLD = (
    'x = "# type: ignore"',
    '"""\n# mypy: ignore-errors\n"""',
    "f(1)  # the type: ignored here",
    "f(1)  # noqa: F401",
    "f(1)  # nosec",
    "from typing import no_type_check",
    "if TYPE_CHECKING:\n    import x",
    "empty: ignore = 1",
)


@pytest.mark.parametrize("code", NEW)
def test_a_new_suppression_is_a_finding(change: MakeChange, code: str) -> None:
    made = change(base={"a.py": "f()\n"}, head={"a.py": f"f()\n{code}\n"})
    found = (*new_suppressions(made), *new_suppressions(made, node="security", forms=SECURITY))
    assert [each.message[: len(NEW[code])] for each in found] == [NEW[code]]
    assert (found[0].rule, found[0].tool, found[0].line) == ("suppression", "reviewbot", 2)
    assert found[0].severity is Severity.WARNING
    assert found[0].node == ("security" if "secrets" in NEW[code] or "sem" in code else "types")


@pytest.mark.parametrize("code", OLD)
def test_what_only_looks_like_one_is_none(change: MakeChange, code: str) -> None:
    made = change(base={"a.py": "f()\n"}, head={"a.py": f"f()\n{code}\n"})
    assert new_suppressions(made, forms=(*TYPES, *SECURITY)) == ()


def test_one_above_all_code_silences_the_file(change: MakeChange) -> None:
    made = change(head={"a.py": "# type: ignore\nf()  # type: ignore\n"})
    assert [each.message.rpartition("about ")[2] for each in new_suppressions(made)] == [
        "this file any more",
        "this line any more",
    ]


def test_an_edited_or_moved_line_keeps_its_old_suppression(change: MakeChange) -> None:
    made = change(
        base={"old.py": "f(1)  # type: ignore[a]\ng()\nh()\n"},
        head={"new.py": "g()\nh()\nf(2)  # type: ignore[a]\nf(3)  # type: ignore[a]\n"},
        renames={"new.py": "old.py"},
    )
    assert [each.line for each in new_suppressions(made)] == [4]


def test_moving_one_from_a_line_to_the_top_is_new(change: MakeChange) -> None:
    made = change(base={"a.py": "f()  # type: ignore\n"}, head={"a.py": "# type: ignore\nf()\n"})
    assert [each.line for each in new_suppressions(made)] == [1]


def test_one_that_stood_before_is_not_new(change: MakeChange) -> None:
    made = change(
        base={"a.py": "f(1)  # type: ignore\n"}, head={"a.py": "f(1)  # type: ignore\ng()\n"}
    )
    assert new_suppressions(made) == ()


def test_a_new_stub_hides_the_source_beside_it(change: MakeChange) -> None:
    made = change(
        base={"p/a.py": "x = 1\n", "b.py": "", "b.pyi": "y: int\n"},
        head={"p/a.py": "x = 1\n", "p/a.pyi": "x: str\n", "c.pyi": "", "b.py": "", "b.pyi": ""},
    )
    (found,) = new_suppressions(made)
    assert (found.path, found.line) == ("p/a.pyi", None)
    assert found.message.startswith("new stub beside `a.py`")


def test_source_that_is_no_python_hides_no_comment(change: MakeChange) -> None:
    made = change(head={"a.py": "f()  # mypy: ignore-errors\nx = (\ny = '''  # type: ignore\n"})
    assert [each.line for each in new_suppressions(made)] == [1, 3]


@given(st.text(alphabet="#\"'()[]{}:\\\n\t\x0c f0é\x00"))
def test_any_text_can_be_taken_apart(text: str) -> None:
    numbers = [each.number for each in lines(text)]
    assert numbers == sorted(set(numbers))
