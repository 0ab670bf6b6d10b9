"""Somebody's check over a change: differential, isolation and honesty as for our own tools."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewbot.analyzers.answers.batches import Refused
from reviewbot.analyzers.plugin import Remark, analyzer
from reviewbot.analyzers.plugin.installed import Installed, installed
from reviewbot.analyzers.plugin.plugin import Plugin
from reviewbot.analyzers.plugin.program import main
from reviewbot.process import Sandbox
from reviewbot.review.finding import Severity
from tests.analyzers.conftest import MakeChange

TODO = "reviewbot.analyzers.plugin.todo:todo"


def plugin(programs: Sandbox, target: str = TODO, paths: tuple[str, ...] = ("*.py",)) -> Plugin:
    check = Installed(name="todo", target=target, package="reviewbot 0")
    return Plugin(programs=programs, check=check, node="todos", paths=paths)


@pytest.mark.feature("E24")
def test_checks_are_found_by_their_entry_point() -> None:
    assert installed()["todo"].target == TODO


@pytest.mark.anyio
@pytest.mark.feature("E18")
@pytest.mark.feature("E19")
async def test_both_sides_are_looked_at_and_other_files_left_alone(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(
        base={"a.py": "# TODO old\n"},
        head={"a.py": "# TODO old\ndef f():\n    pass  # FIXME new\n", "b.md": "<!-- TODO -->\n"},
    )

    analysis = await plugin(programs).analyze(made)

    assert [each.line for each in analysis.base or ()] == [1]
    assert [(each.path, each.line, each.rule, each.symbol) for each in analysis.head] == [
        ("a.py", 1, "todo", ""),
        ("a.py", 3, "fixme", "f"),
    ]
    assert {each.severity for each in analysis.head} == {Severity.NOTE}
    assert (analysis.tool, analysis.tool_version) == ("todo", "reviewbot 0")
    assert analysis.coverage.analyzed == ("a.py",)


@pytest.mark.anyio
async def test_patterns_choose_the_files(change: MakeChange, programs: Sandbox) -> None:
    made = change(head={"docs/b.md": "<!-- TODO -->\n", "a.py": "# TODO\n"})

    analysis = await plugin(programs, paths=("docs/*",)).analyze(made)

    assert [each.path for each in analysis.head] == ["docs/b.md"]


@pytest.mark.anyio
async def test_a_file_that_cannot_be_read_costs_that_file(
    change: MakeChange, programs: Sandbox
) -> None:
    made = change(head={"a.py": b"# coding: nonsense\n", "b.py": "# TODO\n"})

    analysis = await plugin(programs).analyze(made)

    assert [each.path for each in analysis.head] == ["b.py"]
    (gap,) = analysis.coverage.not_reviewed
    assert (gap.path, gap.reason) == (
        "a.py",
        "todo fails on it: SyntaxError: unknown encoding for 'a.py': nonsense",
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nowhere_at_all:todo", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("json:loads", "it is a function, made without @analyzer"),
    ],
)
async def test_what_is_no_check_is_refused_in_one_line(
    target: str, why: str, change: MakeChange, programs: Sandbox
) -> None:
    with pytest.raises(Refused) as caught:
        await plugin(programs, target).analyze(change(head={"a.py": "x = 1\n"}))

    assert caught.value.message == f"{target} of reviewbot 0 cannot be used: {why}"


@analyzer
def delicate(_path: str, text: str) -> Iterator[Remark]:
    if "bomb" in text:
        raise ValueError("a bomb")
    yield Remark(line=1, rule="seen", message="seen")


def test_a_check_that_fails_on_one_file_goes_on_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.py").write_text("bomb\n")
    (tmp_path / "b.py").write_text("fine\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"files": ["a.py", "b.py"]})))

    assert main(f"{__name__}:delicate") == 0

    answer = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in answer["remarks"]] == ["b.py"]
    assert answer["unread"] == {"a.py": "delicate fails on it: ValueError: a bomb"}
