import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewbot.analyzers.mypy import Mypy
from reviewbot.analyzers.mypy.answer import parse_findings, parse_obstacles, without_noise
from reviewbot.errors import ToolCrashed, ToolError, ToolGarbled, ToolMissing, ToolTimedOut
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.analysis import Change
from reviewbot.review.finding import Severity
from reviewbot.testing.fakes.programs import FakePrograms, says

Changes = Callable[..., Change]

LINE: dict[str, Any] = {
    "file": "pkg/a.py",
    "line": 3,
    "column": 4,
    "end_line": 5,
    "end_column": 9,
    "message": "Bad",
    "hint": "Do this\nor that",
    "code": "arg-type",
    "severity": "error",
}
NOTE = {**LINE, "message": "  because", "severity": "note", "hint": None}


def printed(*lines: dict[str, Any], code: int = 1) -> Completed:
    return says("".join(json.dumps(line) + "\n" for line in lines), returncode=code)


def test_a_line_becomes_a_finding() -> None:
    (finding,) = parse_findings(printed(LINE), node="types")
    assert (finding.node, finding.tool, finding.rule) == ("types", "mypy", "arg-type")
    where = finding.location
    assert (where.path, where.line, where.end_line, where.column) == ("pkg/a.py", 3, 5, 5)
    assert (finding.message, finding.remediation) == ("Bad", "Do this or that")
    assert finding.severity is Severity.ERROR


def test_a_place_without_a_line_is_the_file() -> None:
    (finding,) = parse_findings(printed({**LINE, "line": -1, "column": -1}), node="types")
    assert (finding.line, finding.location.column, finding.location.end_line) == (None, None, None)


def test_notes_join_the_error_before_them_at_the_same_place() -> None:
    elsewhere = {**NOTE, "line": 9}
    found = parse_findings(printed(LINE, NOTE, NOTE, elsewhere), node="types")
    assert [each.message for each in found] == ["Bad — because — because", "because"]
    assert [each.severity for each in found] == [Severity.ERROR, Severity.NOTE]


def test_equal_findings_are_counted() -> None:
    assert len(parse_findings(printed(LINE, LINE), node="types")) == 2


@pytest.mark.parametrize(
    "completed",
    [
        says("no json\n", returncode=1),
        says('{"file": "a.py"', returncode=1),
        says("[]\n", returncode=1),
        printed({**LINE, "line": "3"}),
        printed({**LINE, "line": float("nan")}),
        printed({**LINE, "severity": "fatal"}),
        printed({key: value for key, value in LINE.items() if key != "message"}),
        printed(LINE, code=0),
        says("", returncode=1),
    ],
)
def test_what_mypy_does_not_document_is_garbled(completed: Completed) -> None:
    with pytest.raises(ToolGarbled):
        parse_findings(completed, node="types")


def test_keys_of_a_newer_mypy_are_accepted() -> None:
    assert len(parse_findings(printed({**LINE, "new": 1}), node="types")) == 1


def test_obstacles_are_named_on_both_outputs() -> None:
    shadow = {**LINE, "file": "typing.py", "line": -1, "code": None}
    stderr = "pkg/b.py: error: Cannot decode file: x\n"
    completed = says(
        json.dumps({**LINE, "code": "syntax"}) + "\n" + json.dumps(shadow),
        stderr=stderr,
        returncode=2,
    )
    found = {each.path: each.in_the_way for each in parse_obstacles(completed)}
    assert found == {"pkg/a.py": False, "typing.py": True, "pkg/b.py": False}


def test_when_mypy_breaks_only_the_file_it_broke_on_is_in_the_way() -> None:
    stderr = "pkg/c.py:3: error: INTERNAL ERROR -- Please\npkg/c.py:3: note: please\n"
    completed = says(json.dumps(LINE), stderr=stderr, returncode=2)
    assert [each.path for each in parse_obstacles(completed)] == ["pkg/c.py"]


@pytest.mark.parametrize(
    ("code", "message", "is_noise"),
    [
        ("import-not-found", 'Cannot find … module named "numpy.x"', True),
        ("import-not-found", 'Cannot find … module named "pkg.gone"', False),
        ("import-untyped", 'Library stubs not installed for "yaml"', True),
        ("unused-ignore", 'Unused "type: ignore" comment', True),
        ("no-any-return", "Returning Any", True),
        ("untyped-decorator", "Untyped decorator", True),
        ("misc", 'Class cannot subclass "X" (has type "Any")', True),
        ("misc", "Something else", False),
        ("arg-type", "Bad", False),
    ],
)
def test_noise_of_missing_packages(*, code: str, message: str, is_noise: bool) -> None:
    found = parse_findings(printed({**LINE, "code": code, "message": message}), node="types")
    assert (without_noise(found, frozenset({"pkg"}), foreign=True) == ()) is is_noise
    missing = is_noise and code.startswith("import-")
    assert (without_noise(found, frozenset({"pkg"}), foreign=False) == ()) is missing


FILES = {"pkg/__init__.py": "", "pkg/a.py": "x = 1\n"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (ToolTimedOut("mypy was killed after 1 s"), ToolTimedOut),
        (ToolMissing("there is no mypy"), ToolMissing),
        (says("", stderr="mypy: error: unrecognized arguments\n", returncode=2), ToolCrashed),
        (says("", returncode=-11), ToolCrashed),
        (says("x", returncode=0), ToolGarbled),
        (says("", stderr="error: INTERNAL ERROR -- sorry", returncode=2), ToolCrashed),
    ],
)
async def test_what_nobody_can_recover_from_is_an_error_of_the_tool(
    stamped: Changes, answer: Completed | ToolError, error: type[ToolError]
) -> None:
    mypy = Mypy(programs=FakePrograms(answers={"mypy": answer}))
    with pytest.raises(error):
        await mypy.analyze(stamped(base=FILES, head={**FILES, "pkg/a.py": "x = 2\n"}, cache=None))


@pytest.mark.anyio
async def test_a_base_that_cannot_be_checked_is_not_an_empty_base(stamped: Changes) -> None:
    def answer(command: Command) -> Completed:
        if not command.cwd.endswith("head"):
            return says("x", returncode=0)
        Path(command.argv[command.argv.index("--junit-xml") + 1]).write_text("<testsuite/>")
        return says(returncode=0)

    mypy = Mypy(programs=FakePrograms(answers={"mypy": answer}))
    analysis = await mypy.analyze(
        stamped(base=FILES, head={**FILES, "pkg/a.py": "x = 2\n"}, cache=None)
    )
    assert analysis.base is None
    assert any(note.startswith("the base could not be type-checked") for note in analysis.notes)


@pytest.mark.anyio
async def test_what_mypy_broke_on_before_is_no_damaged_cache(
    stamped: Changes, tmp_path: Path
) -> None:
    """To forget the cache costs a cold run of the whole project."""
    trees = []

    def answer(command: Command) -> Completed:
        trees.append(Path(command.cwd).name)
        kept = Path(command.argv[command.argv.index("--cache-dir") + 1], "3.12")
        kept.mkdir(exist_ok=True)
        if Path(command.cwd, "pkg/a.py").read_text().startswith("x"):
            return says(stderr="pkg/a.py:1: error: INTERNAL ERROR -- Please\n", returncode=2)
        Path(command.argv[command.argv.index("--junit-xml") + 1]).write_text("<testsuite/>")
        return says(returncode=0)

    mypy = Mypy(programs=FakePrograms(answers={"mypy": answer}))
    head = {**FILES, "pkg/a.py": "x = 2\n"}
    analysis = await mypy.analyze(stamped(base=FILES, head=head, cache=str(tmp_path)))
    assert trees == ["base", "0", "head", "1"]  # a number is a copy without the file
    (gap,) = analysis.coverage.not_reviewed
    assert (gap.path, gap.reason) == ("pkg/a.py", "mypy breaks on it")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("table", "severity"), [("", Severity.WARNING), ('files = ["pkg", "tests"]', Severity.ERROR)]
)
async def test_tests_block_only_where_the_project_has_them_checked(
    stamped: Changes, programs: Sandbox, table: str, severity: Severity
) -> None:
    base = {
        **FILES,
        "tests/test_a.py": "",
        "pyproject.toml": f"[tool.mypy]\nstrict = true\n{table}\n",
    }
    head = {**base, "tests/test_a.py": "def test_a():\n    pass\n"}
    analysis = await Mypy(programs=programs).analyze(stamped(base=base, head=head, cache=None))
    assert [(each.rule, each.severity) for each in analysis.head] == [("no-untyped-def", severity)]
