"""Every rule of the selection on a repository small enough to read."""

import pytest

from reviewbot.analyzers.impact import select
from reviewbot.process import Sandbox
from tests.analyzers.conftest import MakeChange
from tests.analyzers.impact.cases import CASES, Case

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One event loop is enough: the selection itself is one thread's work."""
    return "asyncio"


@pytest.mark.feature("A07")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_the_tests_a_change_reaches_are_chosen_and_no_others(
    case: Case, change: MakeChange, programs: Sandbox
) -> None:
    made = change(base=case.before, head=case.after, renames=case.renames)
    report = (await select(made, programs)).report
    assert sorted(report.selected) == sorted(case.chosen)
    assert set(report.reasons) == set(report.selected)
    assert all(report.reasons.values())
    assert report.fallback == case.fallback
