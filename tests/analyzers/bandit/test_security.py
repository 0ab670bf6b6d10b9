"""Bandit on real trees."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.analyzers.bandit import Bandit
from reviewbot.errors import ToolCrashed
from reviewbot.process import Sandbox
from reviewbot.review.analysis import Analysis
from reviewbot.review.finding import Confidence, Finding, Severity
from reviewbot.testing.fakes.programs import FakePrograms, says
from tests.analyzers.conftest import MakeChange

pytestmark = pytest.mark.anyio

SHELL = 'import subprocess\n\n\ndef run(x):\n    subprocess.call("ä" + x, shell=True)\n'
EXEC = 'exec("x")\n'


def places(findings: tuple[Finding, ...] | None) -> list[tuple[str, str, int | None]]:
    return [(each.rule, each.path, each.line) for each in findings or ()]


def gaps(analysis: Analysis) -> dict[str | None, str]:
    return {each.path: each.reason for each in analysis.coverage.not_reviewed}


@pytest.mark.feature("D09")
async def test_a_finding_carries_all_that_bandit_knows(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(base={"a.py": EXEC}, head={"a.py": SHELL})
    analysis = await Bandit(programs=programs).analyze(made)
    assert places(analysis.head) == [("B404", "a.py", 1), ("B602", "a.py", 5)]
    assert places(analysis.base) == [("B102", "a.py", 1)]
    shell = analysis.head[1]
    assert (shell.severity, shell.confidence, shell.cwe) == (Severity.ERROR, Confidence.HIGH, 78)
    assert (shell.node, shell.tool, shell.symbol) == ("security", "bandit", "run")
    assert "shell" in shell.remediation
    assert "command" in shell.impact
    assert shell.url.startswith("https://bandit.readthedocs.io/")
    assert analysis.coverage.analyzed == ("a.py",)


async def test_columns_count_characters(change: MakeChange, programs: Sandbox) -> None:
    found = (
        await Bandit(programs=programs).analyze(change(head={"a.py": 'ä = 1; exec("x")\n'}))
    ).head
    assert [each.location.column for each in found] == [8]


async def test_a_password_is_never_quoted(change: MakeChange, programs: Sandbox) -> None:
    made = change(head={"a.py": 'password = "tiger\\nscott"\n'})
    (found,) = (await Bandit(programs=programs).analyze(made)).head
    assert (found.rule, found.message) == ("B105", "Possible hardcoded password")


async def test_a3_configuration_of_the_head_hides_nothing(
    change: MakeChange, programs: Sandbox
) -> None:
    hostile = {
        ".bandit": "[bandit]\nskips: B102\nexclude: *\n",
        "pyproject.toml": '[tool.bandit]\nskips = ["B102"]\nexclude_dirs = ["."]\n',
        "bandit.yaml": 'skips: ["B102"]\n',
    }
    for name, text in hostile.items():
        made = change(head={"a.py": EXEC, ".tox/b.py": EXEC, name: text})
        analysis = await Bandit(programs=programs).analyze(made)
        assert places(analysis.head) == [("B102", ".tox/b.py", 1), ("B102", "a.py", 1)]
        assert analysis.configuration == name
        assert analysis.configured == ()


async def test_configuration_of_the_base_decides(change: MakeChange, programs: Sandbox) -> None:
    for name, text in {
        ".bandit": "[bandit]\nskips: B102\nexclude: ./old/\n",
        "pyproject.toml": '[tool.bandit]\nskips = ["B102"]\nexclude_dirs = ["old/"]\n',
        "bandit.yaml": 'skips: ["B102"]\nexclude_dirs: ["old/"]\n',
    }.items():
        head = {"a.py": EXEC, "old/b.py": SHELL, "c.py": "eval(input())\n"}
        analysis = await Bandit(programs=programs).analyze(
            change(base={name: text}, head={name: text, **head})
        )
        assert places(analysis.head) == [("B307", "c.py", 1)]
        assert analysis.coverage.excluded == ("old/b.py",)
        assert analysis.coverage.analyzed == ("a.py", "c.py")
        assert analysis.configuration == ""


async def test_what_a_new_configuration_brings_is_told_apart(
    change: MakeChange, programs: Sandbox
) -> None:
    skip = {"pyproject.toml": '[tool.bandit]\nskips = ["B102"]\n'}
    code = {"a.py": EXEC, "b.py": "x = 1\n"}
    made = change(base={**skip, **code}, head={**code, "b.py": "x = 2\n", "pyproject.toml": ""})
    analysis = await Bandit(programs=programs).analyze(made)
    assert analysis.head == ()
    assert places(analysis.configured) == [("B102", "a.py", 1)]
    assert analysis.configuration == "pyproject.toml"


async def test_configuration_that_cannot_be_used_costs_only_itself(
    change: MakeChange, programs: Sandbox
) -> None:
    for name, text in {
        "bandit.yaml": "a: &a [x]\nb: [*a, *a]\n",
        ".bandit": "no section\n",
        "pyproject.toml": "[tool.bandit",
    }.items():
        made = change(base={name: text}, head={name: text, "a.py": EXEC})
        analysis = await Bandit(programs=programs).analyze(made)
        assert places(analysis.head) == [("B102", "a.py", 1)]
        assert name in analysis.notes[0]


async def test_what_nosec_hides_is_told_apart(change: MakeChange, programs: Sandbox) -> None:
    made = change(
        base={"a.py": 'exec("x")  # nosec\n'},
        head={"a.py": 'exec("x")  # nosec\nexec("y")  # nosec B102\neval(input())\n'},
    )
    analysis = await Bandit(programs=programs).analyze(made)
    assert places(analysis.head) == [("B307", "a.py", 3)]
    assert places(analysis.hidden_head) == [("B102", "a.py", 1), ("B102", "a.py", 2)]
    assert places(analysis.hidden_base) == [("B102", "a.py", 1)]


async def test_tests_are_left_out_and_said_to_be(change: MakeChange, programs: Sandbox) -> None:
    paths = ("tests/a.py", "pkg/test/b.py", "test_c.py", "d_test.py", "conftest.py", "contest.py")
    made = change(head=dict.fromkeys(paths, "assert 1\n"))
    analysis = await Bandit(programs=programs).analyze(made)
    assert places(analysis.head) == [("B101", "contest.py", 1)]
    assert set(analysis.coverage.excluded) == set(paths) - {"contest.py"}


async def test_nothing_to_scan_starts_nothing(change: MakeChange, programs: Sandbox) -> None:
    analysis = await Bandit(programs=programs).analyze(change(head={"tests/a.py": EXEC}))
    assert analysis.head == ()
    assert analysis.seconds["head"] < 0.01


async def test_a6_what_bandit_passes_over_in_silence_is_not_reviewed(
    change: MakeChange, programs: Sandbox
) -> None:
    bomb = EXEC + "x = " + "+".join("1" * 5_000) + "\n"
    made = change(base={"c.py": "x = (\n"}, head={"a.py": EXEC, "bomb.py": bomb, "c.py": "x = 1\n"})
    analysis = await Bandit(programs=programs).analyze(made)
    assert places(analysis.head) == [("B102", "a.py", 1)]
    assert gaps(analysis).keys() == {"bomb.py"}
    assert analysis.coverage.analyzed == ("a.py", "c.py")
    assert analysis.notes == ("c.py before the change: syntax error while parsing AST from file",)


async def test_the_same_bytes_are_scanned_once(
    change: MakeChange, programs: Sandbox, tmp_path: Path
) -> None:
    base, push = {"a.py": EXEC}, {"a.py": f"{EXEC}eval(x)  # nosec\n", "b.py": EXEC}
    first = change(base=base, head=push, cache=str(tmp_path))
    second = change(base=base, head={**push, "b.py": SHELL}, cache=str(tmp_path))
    await Bandit(programs=programs).analyze(first)
    warm = await Bandit(programs=programs).analyze(second)
    cold = await Bandit(programs=programs).analyze(replace(second, cache=None))
    nothing = FakePrograms(answers={})
    again = await Bandit(programs=nothing).analyze(second)
    assert replace(warm, seconds={}) == replace(again, seconds={}) == replace(cold, seconds={})
    assert nothing.seen == []
    skip = {"pyproject.toml": '[tool.bandit]\nskips = ["B102"]\n'}
    other = change(base={**skip, **base}, head={**skip, **push}, cache=str(tmp_path))
    assert (await Bandit(programs=programs).analyze(other)).head == ()


async def test_what_crashed_is_not_remembered(
    change: MakeChange, programs: Sandbox, tmp_path: Path
) -> None:
    made = change(head={"a.py": EXEC}, cache=str(tmp_path))
    crashing = FakePrograms(answers={"bandit": says("", returncode=-9)})
    with pytest.raises(ToolCrashed):
        await Bandit(programs=crashing).analyze(made)
    assert places((await Bandit(programs=programs).analyze(made)).head) == [("B102", "a.py", 1)]
