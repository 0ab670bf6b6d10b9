"""The rules of the house are in force where a change has to pass."""

import ast
import tomllib
from typing import Any

import pytest

from tests.ledger import ROOT


@pytest.fixture(scope="module")
def mypy() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]


@pytest.mark.feature("S12")
def test_types_are_strict_over_source_tests_and_benchmarks(mypy: Any) -> None:
    assert mypy["strict"] is True
    assert {"reviewbot", "tests", "benchmarks", "noxfile.py"} <= set(mypy["files"])
    assert [each for each in mypy["exclude"] if "reviewbot" in each] == []


@pytest.mark.feature("S12")
def test_no_module_is_let_off(mypy: Any) -> None:
    """A library without types may be imported; nothing of ours is checked less."""
    for each in mypy["overrides"]:
        assert each.keys() <= {"module", "ignore_missing_imports", "follow_imports"}
        ours = ("reviewbot", "tests", "benchmarks", "noxfile")
        assert not any(name.startswith(ours) for name in each["module"])
    loosened = {"ignore_errors", "follow_imports", "disable_error_code", "allow_untyped_defs"}
    assert loosened.isdisjoint(mypy)


@pytest.mark.feature("S12")
def test_a_change_lands_only_past_the_type_checker() -> None:
    verbs = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    (types,) = (each for each in verbs.body if getattr(each, "name", "") == "types")
    assert 'session.run("mypy")' in ast.unparse(types).replace("'", '"')
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert any(line.startswith("nox -s ") and "types" in line.split() for line in lines)
