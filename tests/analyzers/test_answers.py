"""Threat T4 and ledger E57: a tool is believed only when all it says fits together."""

import contextlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.bandit.report import parse_report as parse_bandit
from reviewbot.analyzers.patterns import Patterns
from reviewbot.analyzers.ruff import Ruff, RuffSecurity
from reviewbot.analyzers.ruff.report import parse_report as parse_ruff
from reviewbot.errors import ToolCrashed, ToolError, ToolGarbled, ToolMissing, ToolTimedOut
from reviewbot.process import Command, Completed, Programs, Sandbox
from reviewbot.review.analysis import Analyzer, Change
from reviewbot.testing.fakes.programs import FakePrograms, says
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

PYTHON = Path(sys.executable).name
RUFF: dict[str, Any] = {
    "code": "F401",
    "message": "`os` imported but unused",
    "filename": "/tree/a.py",
    "location": {"row": 1, "column": 8},
    "end_location": {"row": 1, "column": 10},
    "fix": None,
    "url": "https://docs.astral.sh/ruff/rules/unused-import",
}
BANDIT: dict[str, Any] = {
    "results": [
        {
            "filename": "././a.py",
            "line_number": 1,
            "line_range": [1],
            "test_id": "B102",
            "issue_text": "Use of exec detected.",
            "issue_severity": "MEDIUM",
            "issue_confidence": "HIGH",
            "issue_cwe": {"id": 78},
            "col_offset": 0,
            "more_info": "https://bandit.readthedocs.io",
        }
    ],
    "errors": [],
    "metrics": {"././a.py": {"loc": 1}, "_totals": {"loc": 1}},
}
GARBAGE = (
    "",
    "ok",
    "{}",
    "[1]",
    "null",
    "[NaN]",
    '{"results": []}',
    '[{"code": "F401"}]',
    "[" * 10**5,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


def analyzers(programs: Programs) -> Mapping[str, Analyzer]:
    return {
        "ruff": Ruff(programs=programs),
        "ruff-security": RuffSecurity(programs=programs),
        "bandit": Bandit(programs=programs),
        "patterns": Patterns(programs=programs),
    }


def answering(stdout: str, returncode: int = 0) -> FakePrograms:
    answer = says(stdout, returncode=returncode)
    return FakePrograms(answers={"ruff": answer, "bandit": answer, PYTHON: answer})


def one_file(change: MakeChange) -> Change:
    return change(head={"a.py": "import os\nexec(x)\n"})


@pytest.mark.feature("E57")
@pytest.mark.parametrize("printed", GARBAGE, ids=lambda text: text[:12] or "nothing")
async def test_garbage_is_an_error_of_the_tool_never_a_clean_file(
    change: MakeChange, printed: str
) -> None:
    for name, analyzer in analyzers(answering(printed)).items():
        with pytest.raises(ToolGarbled, match=name.partition("-")[0]):
            await analyzer.analyze(one_file(change))


async def test_an_exit_code_against_the_report_is_an_error_of_the_tool(change: MakeChange) -> None:
    made = one_file(change)
    found = json.dumps([RUFF | {"filename": f"{made.head.root}/a.py"}])
    for programs in (answering(found, 0), answering("[]", 1)):
        with pytest.raises(ToolGarbled, match="against its own report"):
            await Ruff(programs=programs).analyze(made)
    for programs in (
        answering(json.dumps(BANDIT), 0),
        answering(json.dumps(BANDIT | {"results": []}), 1),
    ):
        with pytest.raises(ToolGarbled, match="against its own report"):
            await Bandit(programs=programs).analyze(made)


async def test_a_tool_that_always_crashes_is_broken_and_its_backup_gets_the_turn(
    change: MakeChange,
) -> None:
    for analyzer in analyzers(answering("", -6)).values():
        with pytest.raises(ToolCrashed):
            await analyzer.analyze(one_file(change))


async def test_a_tool_that_crashes_only_on_what_was_before_still_reviews_the_change(
    change: MakeChange, programs: Sandbox
) -> None:
    bomb = "x = " + "+".join("1" * 40_000) + "\n"
    made = change(base={"a.py": bomb}, head={"a.py": "import os\nexec(x)\n"})
    for analyzer in (Ruff(programs=programs), RuffSecurity(programs=programs)):
        analysis = await analyzer.analyze(made)
        assert analysis.base is None
        assert [each.path for each in analysis.head if each.rule in ("F401", "S102")] == ["a.py"]
        assert "ruff crashes on all the changed files as they were before" in analysis.notes


@pytest.mark.parametrize("error", [ToolMissing("gone"), ToolTimedOut("slow")])
async def test_what_no_file_is_to_blame_for_goes_to_the_engine(
    change: MakeChange, error: ToolError
) -> None:
    programs = FakePrograms(answers={"ruff": error, "bandit": error, PYTHON: error})
    for analyzer in analyzers(programs).values():
        with pytest.raises(type(error)):
            await analyzer.analyze(one_file(change))


async def test_a_flood_costs_only_the_file_that_makes_it(change: MakeChange) -> None:
    def ruff(command: Command) -> Completed:
        if "./flood.py" in command.argv:
            raise ToolCrashed("ruff wrote more than 16 MiB")
        return says("[]")

    made = change(head={"a.py": "", "b.py": "", "flood.py": ""})
    analysis = await Ruff(programs=FakePrograms(answers={"ruff": ruff})).analyze(made)
    (gap,) = analysis.coverage.not_reviewed
    assert gap.path == "flood.py"
    assert gap.reason == "the tool fails on it: ruff wrote more than 16 MiB"
    assert analysis.coverage.analyzed == ("a.py", "b.py")


async def test_a_configuration_that_even_our_own_rules_cannot_replace_is_an_error(
    change: MakeChange,
) -> None:
    with pytest.raises(ToolCrashed, match="does not accept"):
        await Ruff(programs=answering("", 2)).analyze(one_file(change))
    with pytest.raises(ToolCrashed, match="does not accept"):
        await Bandit(programs=answering("", 2)).analyze(one_file(change))


async def test_no_command_carries_more_than_its_files(change: MakeChange) -> None:
    seen = []
    for programs in [answering("[]"), answering(json.dumps(BANDIT), 1)]:
        for analyzer in analyzers(programs).values():
            with contextlib.suppress(ToolError):
                await analyzer.analyze(one_file(change))
            seen += programs.seen
    assert {command.name for command in seen} == {"ruff", "bandit", PYTHON}
    for command in seen:
        assert command.environment == {}
        assert command.isolated
        assert command.writable == ()
        assert command.argv[0].startswith("/")


async def test_a2_no_configuration_makes_a_tool_tell_the_environment(
    change: MakeChange, programs: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RB_CANARY", "canary-5f2c9d")
    hostile = {
        "ruff.toml": 'extend = "/proc/self/environ"\n',
        "sub/ruff.toml": 'extend = "../../../../../../proc/self/environ"\n',
        ".bandit": "[bandit]\nconfigfile: /proc/self/environ\n",
        "bandit.yaml": "include: /proc/self/environ\n",
        "a.py": "import os\nexec(x)\n",
        "sub/a.py": "import os\nexec(x)\n",
    }
    for base in ({}, hostile):
        made = change(base=base, head={**hostile, "a.py": "import os\nexec(x + 1)\n"})
        for analyzer in analyzers(programs).values():
            analysis = await analyzer.analyze(made)
            assert "a.py" in {each.path for each in analysis.head}
            assert "canary" not in str(analysis)


@given(st.data())
def test_an_answer_that_was_cut_anywhere_is_garbled(data: st.DataObject) -> None:
    for whole in (json.dumps([RUFF]).encode(), json.dumps(BANDIT).encode()):
        cut = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))
        with pytest.raises(ToolGarbled):
            parse_ruff(whole[:cut], root="/tree", node="lint")
        with pytest.raises(ToolGarbled):
            parse_bandit(whole[:cut], requested=["a.py"], node="security")


@pytest.mark.parametrize("key", [key for key in RUFF if key != "url"])
def test_every_documented_key_of_ruff_is_needed(key: str) -> None:
    assert parse_ruff(json.dumps([RUFF]).encode(), root="/tree", node="lint").findings
    for wrong in ({k: v for k, v in RUFF.items() if k != key}, RUFF | {key: {"row": "x"}}):
        with pytest.raises(ToolGarbled, match=key):
            parse_ruff(json.dumps([wrong]).encode(), root="/tree", node="lint")


@pytest.mark.parametrize("key", BANDIT["results"][0])
def test_every_documented_key_of_bandit_is_needed(key: str) -> None:
    (result,) = BANDIT["results"]
    for wrong in ({k: v for k, v in result.items() if k != key}, result | {key: {"id": "x"}}):
        with pytest.raises(ToolGarbled, match=key):
            parse_bandit(
                json.dumps(BANDIT | {"results": [wrong]}).encode(), requested=["a.py"], node="x"
            )


def test_a_file_that_was_not_asked_about_is_garbled() -> None:
    with pytest.raises(ToolGarbled, match="outside the tree"):
        parse_ruff(json.dumps([RUFF]).encode(), root="/other", node="lint")
    with pytest.raises(ToolGarbled, match="not asked about"):
        parse_bandit(json.dumps(BANDIT).encode(), requested=["b.py"], node="security")


@given(st.permutations(range(5)))
def test_findings_are_sorted_whatever_the_order(order: list[int]) -> None:
    found = [RUFF | {"location": {"row": row + 1, "column": 8}} for row in order]
    findings = parse_ruff(json.dumps(found).encode(), root="/tree", node="lint").findings
    assert [each.line for each in findings] == [1, 2, 3, 4, 5]
