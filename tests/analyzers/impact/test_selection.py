"""Every rule of the selection on a repository small enough to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from reviewbot.analyzers.impact import select
from reviewbot.process import Sandbox
from reviewbot.review.analysis import TestReport
from tests.analyzers.conftest import MakeChange

_OTHER = {"tests/test_other.py": "def test_nothing():\n    assert True\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A base, what the head changes in it (None deletes), and the tests that must be chosen."""

    base: Mapping[str, str]
    head: Mapping[str, str | None]
    chosen: frozenset[str] = frozenset({"tests/test_a.py"})
    renames: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "a function called by a test": Case(
        base={
            "pkg/__init__.py": "",
            "pkg/core.py": "def one():\n    return 1\ndef two():\n    return 2\n",
            "tests/test_a.py": "from pkg.core import one\ndef test_one():\n    assert one()\n",
            "tests/test_b.py": "from pkg.core import two\ndef test_two():\n    assert two()\n",
        },
        head={"pkg/core.py": "def one():\n    return 3\ndef two():\n    return 2\n"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.anyio
async def test_the_tests_a_change_reaches_are_chosen_and_no_others(
    case: Case, change: MakeChange, programs: Sandbox
) -> None:
    report = await _report(case, change, programs)
    assert set(report.selected) == case.chosen
    assert set(report.reasons) == case.chosen


async def _report(case: Case, change: MakeChange, programs: Sandbox) -> TestReport:
    base = _OTHER | dict(case.base)
    head = {path: text for path, text in (base | dict(case.head)).items() if text is not None}
    made = change(base=base, head=head, renames=case.renames)
    return (await select(made, programs)).report
