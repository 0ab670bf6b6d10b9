"""A function with a decorator is an analyzer, and still a function."""

from collections.abc import Iterator

import pytest

from reviewbot.analyzers.plugin import Check, Remark, analyzer


@analyzer
def bare(path: str, _text: str) -> Iterator[Remark]:
    yield Remark(line=1, rule="path", message=path)


@analyzer(name="named", version="2")
def other(_path: str, text: str) -> list[Remark]:
    return [Remark(line=len(text), rule="length", message="x", severity="error")]


@pytest.mark.feature("E18")
@pytest.mark.parametrize(
    ("check", "name", "version", "remark"),
    [
        (bare, "bare", "0", Remark(line=1, rule="path", message="a.py")),
        (other, "named", "2", Remark(line=2, rule="length", message="x", severity="error")),
    ],
    ids=["bare", "with arguments"],
)
def test_a_decorated_function_is_a_check_and_can_be_called(
    check: Check, name: str, version: str, remark: Remark
) -> None:
    assert (check.name, check.version) == (name, version)
    assert check("a.py", "ab") == (remark,)
