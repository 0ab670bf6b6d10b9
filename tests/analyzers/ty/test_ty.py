from collections.abc import Callable, Iterator, Mapping

import pytest

from reviewbot.analyzers.ty import Ty
from reviewbot.errors import ToolCrashed
from reviewbot.process import Sandbox
from reviewbot.process.folders import readable_folder
from reviewbot.review.analysis import Analysis, Change, Environment
from reviewbot.review.finding import Confidence, Finding, Severity

pytestmark = pytest.mark.anyio

Changes = Callable[..., Change]

PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/a.py": "def f(x: int) -> int:\n    return x\n",
    "pkg/b.py": "from pkg.a import f\n\ny: int = f(1)\n",
}
BREAKING = "def f(x: str) -> str:\n    return x\n"
BROKEN = {("pkg/b.py", 3, "invalid-argument-type"), ("pkg/b.py", 3, "invalid-assignment")}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One loop is enough here: the processes are tested on both."""
    return "asyncio"


@pytest.fixture
def ty(programs: Sandbox) -> Ty:
    return Ty(programs=programs)


def places(findings: tuple[Finding, ...] | None) -> set[tuple[str, int | None, str]]:
    assert findings is not None
    return {(each.path, each.line, each.rule) for each in findings}


def reasons(analysis: Analysis) -> Mapping[str | None, str]:
    return {gap.path: gap.reason for gap in analysis.coverage.not_reviewed}


async def test_it_answers_both_sides_and_says_that_it_is_the_backup(
    ty: Ty, change: Changes
) -> None:
    old = {**PACKAGE, "pkg/c.py": 'x: int = ""\n'}
    analysis = await ty.analyze(change(base=old, head={**old, "pkg/a.py": BREAKING}))
    existing = {("pkg/c.py", 1, "invalid-assignment")}
    assert places(analysis.base) == existing
    assert places(analysis.head) == BROKEN | existing
    assert {each.severity for each in analysis.head} == {Severity.ERROR}
    assert {each.confidence for each in analysis.head} == {Confidence.MEDIUM}
    assert analysis.coverage.analyzed == ("pkg/a.py",)
    assert analysis.notes[0] == "types: checked by ty as a backup, with its own rules"


@pytest.mark.feature("A14")
async def test_missing_packages_are_no_findings_but_missing_own_modules_are(
    ty: Ty, change: Changes
) -> None:
    code = "import numpy\nimport requests.adapters\nfrom pkg.gone import x\n"
    analysis = await ty.analyze(change(base=PACKAGE, head={**PACKAGE, "pkg/c.py": code}))
    assert {(each.path, each.line) for each in analysis.head} == {("pkg/c.py", 3)}
    assert "degraded: dependencies not installed (none was made)" in analysis.notes


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": '[tool.ty.rules]\nall = "ignore"\n'},
        {"pyproject.toml": "[tool.ty\n"},
        {"ty.toml": '[rules]\nall = "ignore"\n[src]\nexclude = ["**"]\n'},
        {".gitignore": "*\n", ".ignore": "*\n"},
        {"typing.py": "", "json.py": "raise SystemExit\n"},
    ],
    ids=["rules", "broken", "ty.toml", "ignore files", "shadows"],
)
async def test_a2_a4_nothing_in_the_tree_silences_it(
    ty: Ty, change: Changes, files: Mapping[str, str]
) -> None:
    base = {**PACKAGE, **files}
    analysis = await ty.analyze(change(base=base, head={**base, "pkg/a.py": BREAKING}))
    assert places(analysis.head) & BROKEN


@pytest.mark.parametrize(
    "content",
    ["def f(:\n", b"x = '\xe9'\n", b"# coding: utf-7\nx = 1\n", b"x\0 = 1\n", b"\xff\xfex\0"],
    ids=["syntax", "latin-1", "utf-7", "nul", "utf-16"],
)
async def test_a6_a_file_it_cannot_read_is_listed_and_the_rest_is_checked(
    ty: Ty, change: Changes, content: str | bytes
) -> None:
    base = {**PACKAGE, "pkg/bad.py": 'x: int = ""\n'}
    head = {**PACKAGE, "pkg/a.py": BREAKING, "pkg/bad.py": content}
    analysis = await ty.analyze(change(base=base, head=head))
    assert places(analysis.head) == BROKEN
    assert analysis.base == ()
    assert analysis.coverage.analyzed == ("pkg/a.py",)
    assert reasons(analysis)["pkg/bad.py"]


async def test_a7_a_bomb_costs_that_file_only(ty: Ty, change: Changes) -> None:
    bomb = "x = " + "+".join(["1"] * 60_000) + "\n"
    head = {**PACKAGE, "pkg/a.py": BREAKING, "bomb.py": bomb}
    analysis = await ty.analyze(change(base=PACKAGE, head=head))
    assert places(analysis.head) >= BROKEN
    assert {*analysis.coverage.analyzed, *reasons(analysis)} == {"pkg/a.py", "bomb.py"}


@pytest.mark.parametrize("name", ["@a.py", "-r.py", "--fix.py", "a b.py", "a\nb.py", "ä.py"])
async def test_odd_file_names_are_files(ty: Ty, change: Changes, name: str) -> None:
    head = {**PACKAGE, name: 'x: int = ""\n'}
    analysis = await ty.analyze(change(base=PACKAGE, head=head))
    assert places(analysis.head) == {(name, 1, "invalid-assignment")}
    assert analysis.coverage.analyzed == (name,)


async def test_a_new_file_is_not_blamed_for_a_package_that_was_never_there(
    ty: Ty, change: Changes, installed: Environment
) -> None:
    old = {**PACKAGE, "pkg/old.py": "import there\nimport never\n"}
    new = {"pkg/new.py": "import never.more\nimport there\nimport other\n"}
    analysis = await ty.analyze(change(base=old, head={**old, **new}, environment=installed))
    assert places(analysis.base) == set()
    assert {(each.path, each.line) for each in analysis.head} == {("pkg/new.py", 3)}
    assert "degraded: not installed: never" in analysis.notes


@pytest.fixture
def installed() -> Iterator[Environment]:
    """A virtual environment with one package, as far as ty looks (PEP 405)."""
    with readable_folder() as folder:
        packages = folder / "lib/python3.12/site-packages"
        packages.mkdir(parents=True)
        (packages / "there.py").touch()
        (folder / "pyvenv.cfg").write_text(f"home = {folder}\nversion_info = 3.12.0\n")
        yield Environment(
            python=str(folder), version="3.12", site_packages=(str(packages),), origin="made up"
        )


async def test_an_environment_that_is_none_is_an_error_of_the_tool(ty: Ty, change: Changes) -> None:
    environment = Environment(
        python="/nowhere/bin/python", version="3.12", site_packages=(), origin="made up"
    )
    head = {**PACKAGE, "pkg/a.py": BREAKING}
    with pytest.raises(ToolCrashed, match="ty"):
        await ty.analyze(change(base=PACKAGE, head=head, environment=environment))


async def test_a_change_without_python_is_not_checked(ty: Ty, change: Changes) -> None:
    analysis = await ty.analyze(change(base=PACKAGE, head={**PACKAGE, "README.md": "x"}))
    assert analysis.head == analysis.base == ()
    assert analysis.notes == ("types: no Python file changed",)
