"""Threats A3, A4, A6, A7 and T1: no file, however odd, is passed over in silence by any tool."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reviewbot.analyzers.bandit import Bandit
from reviewbot.analyzers.patterns import Patterns
from reviewbot.analyzers.ruff import Ruff, RuffSecurity
from reviewbot.process import Programs, Sandbox
from reviewbot.review.analysis import Analyzer
from tests.analyzers.conftest import MakeChange
from tests.analyzers.odd_files import ODD_FILES, PLANTED

pytestmark = pytest.mark.anyio

Make = Callable[[Programs], Analyzer]

TOOLS: Mapping[str, tuple[Make, str]] = {
    "ruff": (lambda programs: Ruff(programs=programs), "F401"),
    "bandit": (lambda programs: Bandit(programs=programs), "B102"),
    "ruff-security": (lambda programs: RuffSecurity(programs=programs), "S102"),
    "patterns": (lambda programs: Patterns(programs=programs), "code-from-data"),
}
EVERY_TOOL = pytest.mark.parametrize(("make", "rule"), TOOLS.values(), ids=TOOLS)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@EVERY_TOOL
async def test_a6_a7_each_odd_file_is_shown_or_said_to_be_unread(
    change: MakeChange, programs: Sandbox, make: Make, rule: str
) -> None:
    made = change(head={**ODD_FILES, "good.py": PLANTED})
    analysis = await make(programs).analyze(made)
    coverage = analysis.coverage
    unread = [str(gap.path) for gap in coverage.not_reviewed]
    assert sorted([*coverage.analyzed, *unread]) == sorted(made.head.files)
    shown = {each.path for each in analysis.head if each.rule == rule}
    assert set(coverage.analyzed) <= shown
    assert "good.py" in shown
    assert {"utf_7.py", "escape.py", "rot13.py"} <= set(unread)
    assert all(gap.reason for gap in coverage.not_reviewed)


@EVERY_TOOL
async def test_t1_no_file_name_is_an_option(
    change: MakeChange, programs: Sandbox, make: Make, rule: str
) -> None:
    names = {
        *("@a.py", "-r.py", "--config=x.py", "a b.py", "new\nline.py", "ü.py", "[a].py", "a*.py"),
        *("-/a.py", "$HOME.py", "a\\b.py", "'a\".py", "a.pyi"),
    }
    analysis = await make(programs).analyze(change(head=dict.fromkeys(names, PLANTED)))
    assert {each.path for each in analysis.head if each.rule == rule} == names
    assert set(analysis.coverage.analyzed) == names


@EVERY_TOOL
async def test_a_name_that_is_no_text_is_said_to_be_unread(
    change: MakeChange, programs: Sandbox, make: Make, rule: str
) -> None:
    made = change(head={"a\udcff.py": PLANTED, "good.py": PLANTED})
    analysis = await make(programs).analyze(made)
    assert [each.path for each in analysis.head if each.rule == rule] == ["good.py"]
    assert [gap.path for gap in analysis.coverage.not_reviewed] == ["a\udcff.py"]


@EVERY_TOOL
async def test_a4_no_module_of_the_tree_is_imported(
    change: MakeChange, programs: Sandbox, make: Make, rule: str
) -> None:
    outside = change()
    trap = f"import pathlib\npathlib.Path({outside.base.root!r}, 'sprung').touch()\n"
    names = ("ruff", "bandit", "json", "ast", "re", "typing", "sitecustomize", "usercustomize")
    head = {f"{name}.py": trap for name in names} | {"good.py": PLANTED}
    made = change(head=head)
    analysis = await make(programs).analyze(made)
    assert "good.py" in {each.path for each in analysis.head if each.rule == rule}
    assert not _exists(outside.base.root, "sprung")


def _exists(root: str, path: str) -> bool:
    return Path(root, path).exists()


@pytest.mark.parametrize(("make", "rule"), [TOOLS["ruff"], TOOLS["patterns"]])
async def test_thousands_of_files_fit(
    change: MakeChange, programs: Sandbox, make: Make, rule: str
) -> None:
    names = [f"a_directory_with_a_long_name/and_another_one/module_{n:04}.py" for n in range(3_000)]
    analysis = await make(programs).analyze(change(head=dict.fromkeys(names, PLANTED)))
    assert {each.path for each in analysis.head if each.rule == rule} == set(names)
