"""A scanner and what it lacks, as one answer."""

from dataclasses import dataclass

import pytest

from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.patterns import Concern, Patterns
from reviewbot.analyzers.security import Security
from reviewbot.errors import ToolMissing
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Analysis, Change
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

COMPLEMENT = frozenset({Concern.SECRET, Concern.CORS})
KEY = "-----BEGIN " + "PRIVATE KEY-----"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class Gone:
    """An analyzer whose program is not installed."""

    tool: str = "gone"

    async def analyze(self, change: Change) -> Analysis:
        raise ToolMissing(f"gone is not installed ({len(change.diff.files)} files)")


@pytest.mark.feature("A05")
async def test_one_answer_holds_code_secrets_and_cors_with_severity_and_cwe(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"a.py": "exec(x)\n"},
        head={
            "a.py": "exec(x)\nimport subprocess\nsubprocess.call(x, shell=True)\n"
            "db.execute(\"SELECT a FROM b WHERE c = '%s'\" % x)\n"
            'app.add(origins="*")\npassword = "hunter2-tiger"\nf(x)  # nosemgrep\n',
            "key.pem": KEY,
        },
    )
    analysis = await Security(
        scanner=Bandit(programs=programs),
        complement=Patterns(programs=programs, concerns=COMPLEMENT),
    ).analyze(made)
    assert {(each.tool, each.rule, each.cwe) for each in analysis.head} == {
        ("bandit", "B102", 78),
        ("bandit", "B404", 78),
        ("bandit", "B602", 78),
        ("bandit", "B608", 89),
        ("bandit", "B105", 259),
        ("patterns", "cors-any-origin", 942),
        ("patterns", "secret-private-key", 798),
        ("reviewbot", "suppression", None),
    }
    assert "hunter2" not in str(analysis)
    assert [each.rule for each in analysis.base or ()] == ["B102"]
    assert analysis.tool == "bandit"


async def test_without_the_scanner_the_whole_fails_so_that_a_backup_answers(
    change: MakeChange, programs: Sandbox
) -> None:
    security = Security(scanner=Gone(), complement=Patterns(programs=programs))
    with pytest.raises(ToolMissing):
        await security.analyze(change(head={"a.py": "eval(x)\n"}))


async def test_without_the_complement_a_note_says_what_is_missing(
    change: MakeChange, programs: Sandbox
) -> None:
    security = Security(scanner=Bandit(programs=programs), complement=Gone())
    analysis = await security.analyze(change(head={"a.py": "exec(x)\n"}))
    assert [each.rule for each in analysis.head] == ["B102"]
    assert analysis.notes[-1].startswith("secrets and CORS were not looked for: gone is not")
