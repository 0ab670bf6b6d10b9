"""Every example in a docstring of the package does what it says."""

import doctest
from pathlib import Path
from types import ModuleType

import pytest

import reviewbot.testing
from reviewbot.testing import clock, faults, interleaving, survival

SHOWN = (clock, faults, interleaving, survival)


@pytest.mark.parametrize("module", SHOWN, ids=lambda module: module.__name__)
def test_examples_are_true(module: ModuleType) -> None:
    found = doctest.testmod(module, raise_on_error=True)
    assert found.attempted > 1


def test_no_example_is_left_out() -> None:
    folder = Path(str(reviewbot.testing.__file__)).parent
    with_examples = {
        str(path) for path in folder.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")
    }
    assert with_examples == {module.__file__ for module in SHOWN}
