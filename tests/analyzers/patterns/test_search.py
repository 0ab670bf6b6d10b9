"""The built-in scan over a change."""

import pytest

from reviewbot.analyzers.patterns import Concern, Patterns
from reviewbot.process import Sandbox
from reviewbot.review.finding import Confidence, Severity
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

KEY = "-----BEGIN " + "PRIVATE KEY-----\n"


@pytest.mark.feature("D09")
async def test_both_sides_are_scanned_and_a_finding_is_whole(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"a.py": "eval(x)\n"}, head={"a.py": "def f():\n    'ä'; eval(\n        x)\n"}
    )
    analysis = await Patterns(programs=programs).analyze(made)
    assert [(each.rule, each.line) for each in analysis.base or ()] == [("code-from-data", 1)]
    (found,) = analysis.head
    where = found.location
    assert (found.symbol, where.line, where.end_line, where.column) == ("f", 2, 3, 10)
    assert (found.severity, found.confidence) == (Severity.ERROR, Confidence.HIGH)
    assert found.cwe == 95
    assert found.remediation
    assert found.message


async def test_concerns_choose_the_rules(change: MakeChange, programs: Sandbox) -> None:
    made = change(head={"a.py": f"eval(x)\nCORS_ALLOW_ALL_ORIGINS = True\n# {KEY}"})
    for concerns, rules in (
        ({Concern.SECRET, Concern.CORS}, ["cors-any-origin", "secret-private-key"]),
        ({Concern.CODE}, ["code-from-data"]),
    ):
        patterns = Patterns(programs=programs, concerns=frozenset(concerns))
        assert [each.rule for each in (await patterns.analyze(made)).head] == rules


async def test_a_secret_in_a_test_is_said_more_softly(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(head={"tests/key.pem": KEY, "tests/a.py": "eval(x)\n", "key.pem": KEY})
    analysis = await Patterns(programs=programs).analyze(made)
    assert [(each.path, each.severity, each.confidence) for each in analysis.head] == [
        ("key.pem", Severity.ERROR, Confidence.HIGH),
        ("tests/key.pem", Severity.WARNING, Confidence.LOW),
    ]
    assert analysis.coverage.excluded == ("tests/a.py",)


async def test_a_file_without_a_syntax_tree_is_still_searched_and_said_to_be_unread(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(head={"a.py": f"x = (\n# {KEY}", "b.py": "eval(x)\n"})
    analysis = await Patterns(programs=programs).analyze(made)
    assert [each.rule for each in analysis.head] == ["secret-private-key", "code-from-data"]
    assert [each.path for each in analysis.coverage.not_reviewed] == ["a.py"]
