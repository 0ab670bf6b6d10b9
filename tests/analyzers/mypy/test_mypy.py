from collections.abc import Callable, Mapping

import pytest

from reviewbot.analyzers.mypy import Mypy
from reviewbot.review.analysis import Analysis, Change
from reviewbot.review.finding import Confidence, Finding, Severity

pytestmark = pytest.mark.anyio

Changes = Callable[..., Change]

PACKAGE = {
    "pkg/__init__.py": "",
    "pkg/a.py": "def f(x: int) -> int:\n    return x\n",
    "pkg/b.py": "from pkg.a import f\n\ny: int = f(1)\n",
}
BREAKING = "def f(x: str) -> str:\n    return x\n"
BROKEN = [("pkg/b.py", 3, "assignment"), ("pkg/b.py", 3, "arg-type")]


def places(findings: tuple[Finding, ...] | None) -> list[tuple[str, int | None, str]]:
    assert findings is not None
    return [(each.path, each.line, each.rule) for each in findings]


def reasons(analysis: Analysis) -> Mapping[str | None, str]:
    return {gap.path: gap.reason for gap in analysis.coverage.not_reviewed}


@pytest.mark.feature("A04")
async def test_a_changed_signature_breaks_an_untouched_file(mypy: Mypy, stamped: Changes) -> None:
    analysis = await mypy.analyze(stamped(base=PACKAGE, head={**PACKAGE, "pkg/a.py": BREAKING}))
    assert places(analysis.head) == BROKEN
    assert analysis.base == ()
    assert analysis.coverage.analyzed == ("pkg/a.py",)
    assert analysis.coverage.not_reviewed == ()
    assert analysis.head[0].severity is Severity.ERROR
    assert analysis.head[0].source == "y: int = f(1)"
    assert [each.location.column for each in analysis.head] == [10, 12]


async def test_findings_that_were_there_before_are_on_both_sides(
    mypy: Mypy, stamped: Changes
) -> None:
    old = {**PACKAGE, "pkg/c.py": 'x: int = ""\n'}
    analysis = await mypy.analyze(stamped(base=old, head={**old, "pkg/a.py": BREAKING}))
    assert analysis.base is not None
    assert places(analysis.base) == [("pkg/c.py", 1, "assignment")]
    assert set(analysis.base) < set(analysis.head)


@pytest.mark.feature("A14")
async def test_without_an_environment_missing_packages_are_no_findings_and_a_note_says_so(
    mypy: Mypy, stamped: Changes
) -> None:
    code = (
        "import numpy\nimport requests\nfrom pkg.gone import x\n"
        "class A(numpy.ndarray): ...\ny: int = ''\n"
    )
    settings = {"pyproject.toml": "[tool.mypy]\nstrict = true\n"}
    head = {**PACKAGE, **settings, "pkg/c.py": code}
    analysis = await mypy.analyze(stamped(base={**PACKAGE, **settings}, head=head))
    assert places(analysis.head) == [
        ("pkg/c.py", 3, "import-not-found"),
        ("pkg/c.py", 5, "assignment"),
    ]
    assert {each.confidence for each in analysis.head} == {Confidence.MEDIUM}
    assert "degraded: dependencies not installed (none was made)" in analysis.notes


@pytest.mark.feature("A14")
@pytest.mark.parametrize(
    ("imported", "is_foreign"),
    [
        ("import json, os.path as p  # both are there\n", False),
        ('"""\nfrom the start\nimport it all\n"""\n', False),
        ("from pkg.a import f\nfrom . import b\n", False),
        ("import os, requests\n", True),
        ("def f() -> None:\n    from numpy.linalg import (\n        norm,\n    )\n", True),
    ],
)
async def test_what_unknown_types_bring_is_left_out_only_where_a_package_is_missing(
    mypy: Mypy, stamped: Changes, imported: str, *, is_foreign: bool
) -> None:
    settings = "[tool.mypy]\nwarn_unused_ignores = true\nignore_missing_imports = true\n"
    base = {**PACKAGE, "pyproject.toml": settings, "pkg/c.py": imported}
    head = {**base, "pkg/d.py": "x: int = 1  # type: ignore[assignment]\n"}
    analysis = await mypy.analyze(stamped(base=base, head=head))
    unused = [each.path for each in analysis.head if each.rule == "unused-ignore"]
    assert unused == ([] if is_foreign else ["pkg/d.py"])


async def test_a_deleted_module_breaks_those_who_import_it(mypy: Mypy, stamped: Changes) -> None:
    head = {path: text for path, text in PACKAGE.items() if path != "pkg/a.py"}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head=head))
    assert places(analysis.head) == [("pkg/b.py", 1, "import-not-found")]


async def test_a_change_without_python_is_not_checked(mypy: Mypy, stamped: Changes) -> None:
    analysis = await mypy.analyze(stamped(base=PACKAGE, head={**PACKAGE, "README.md": "x"}))
    assert analysis.head == analysis.base == ()
    assert analysis.coverage.analyzed == ()
    assert analysis.notes == ("types: no Python file and no mypy configuration changed",)


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        ("pkg/bad.py", "def f(:\n", "Expected a parameter"),
        ("pkg/bad.py", b"x = '\xe9'\n", "Cannot decode file"),
        ("pkg/bad.py", b"# coding: rot13\nx: int = ''\n", "encoding rot13"),
        ("pkg/bad.py", "x = " + "+".join(["1"] * 60_000) + "\n", "it crashes mypy"),
        ("typing.py", "x = 1\n", "shadows library module"),
    ],
    ids=["syntax", "latin-1", "rot13", "bomb", "shadow"],
)
async def test_a6_a7_a_hostile_file_costs_that_file_only(
    mypy: Mypy, stamped: Changes, path: str, content: str | bytes, words: str
) -> None:
    base = {**PACKAGE, "pkg/bad.py": 'x: int = ""\n'} if path == "pkg/bad.py" else PACKAGE
    head = {**PACKAGE, "pkg/a.py": BREAKING, path: content}
    analysis = await mypy.analyze(stamped(base=base, head=head))
    assert places(analysis.head) == BROKEN
    assert analysis.base == ()
    assert "pkg/a.py" in analysis.coverage.analyzed
    assert path not in analysis.coverage.analyzed
    assert words in reasons(analysis)[path]


async def test_who_imports_a_broken_file_is_checked_and_its_old_findings_are_not_fixed(
    mypy: Mypy, stamped: Changes
) -> None:
    base = {**PACKAGE, "pkg/c.py": 'x: int = ""\n', "pkg/d.py": "from pkg.c import x\nz = x + x\n"}
    head = {**base, "pkg/c.py": "x: int = (\n"}
    analysis = await mypy.analyze(stamped(base=base, head=head))
    assert analysis.head == analysis.base == ()
    assert list(reasons(analysis)) == ["pkg/c.py"]


async def test_a_file_that_was_broken_before_is_checked_now_and_said(
    mypy: Mypy, stamped: Changes
) -> None:
    base = {**PACKAGE, "pkg/c.py": "x: int = (\n"}
    analysis = await mypy.analyze(stamped(base=base, head={**base, "pkg/c.py": 'x: int = ""\n'}))
    assert places(analysis.head) == [("pkg/c.py", 1, "assignment")]
    assert any(note.startswith("pkg/c.py before the change:") for note in analysis.notes)


async def test_an_edit_of_equal_size_is_seen_on_both_sides(mypy: Mypy, stamped: Changes) -> None:
    base = {**PACKAGE, "pkg/c.py": "x: int = 11\n"}
    head = {**PACKAGE, "pkg/c.py": 'x: int = ""\n'}
    forth = await mypy.analyze(stamped(base=base, head=head, cache=None))
    back = await mypy.analyze(stamped(base=head, head=base, cache=None))
    assert places(forth.head) == places(back.base) == [("pkg/c.py", 1, "assignment")]
    assert forth.base == back.head == ()


@pytest.mark.parametrize(
    "name", ["@a.py", "-r.py", "--junit-xml=x.py", "a b.py", "a\nb.py", "a\x0cb.py", "ä.py"]
)
async def test_odd_file_names_are_files(mypy: Mypy, stamped: Changes, name: str) -> None:
    head = {**PACKAGE, name: 'x: int = ""\n'}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head=head))
    assert places(analysis.head) == [(name, 1, "assignment")]
    assert analysis.coverage.analyzed == (name,)


async def test_a_column_on_a_line_with_other_letters_is_left_out(
    mypy: Mypy, stamped: Changes
) -> None:
    head = {**PACKAGE, "pkg/c.py": "é = 1; x: int = ''\n"}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head=head))
    assert [each.location.column for each in analysis.head] == [None]


async def test_a_source_beside_its_stub_is_not_called_checked(mypy: Mypy, stamped: Changes) -> None:
    head = {**PACKAGE, "pkg/a.py": BREAKING, "pkg/a.pyi": "def f(x: int) -> int: ...\n"}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head=head))
    assert places(analysis.head) == [("pkg/a.pyi", None, "suppression")]
    assert analysis.coverage.analyzed == ("pkg/a.pyi",)
    assert reasons(analysis) == {"pkg/a.py": "its stub pkg/a.pyi is checked instead"}


LAYOUTS = {
    "flat scripts": {"a.py": "x: int = ''\n", "b.py": "import a\ny: str = a.x\n"},
    "src": {"src/p/__init__.py": "x: int = ''\n", "src/p/b.py": "from p import x\ny: str = x\n"},
    "namespace in src": {
        "src/ns/p/__init__.py": "x: int = ''\n",
        "src/ns/p/b.py": "from ns.p import x\ny: str = x\n",
    },
    "two packages": {
        "p/__init__.py": "x: int = ''\n",
        "q/__init__.py": "import p\ny: str = p.x\n",
    },
    "tests outside of packages, one name twice": {
        "p/__init__.py": "x: int = ''\n",
        "tests/one/test_p.py": "from p import x\ny: str = x\n",
        "tests/two/test_p.py": "",
    },
    "a root that is a package": {
        "__init__.py": "x: int = ''\n",
        "b.py": "y: str = 1\n",
    },
    "names that are no identifiers": {
        "my-tool/a.py": "x: int = ''\n",
        "my-tool/0b.py": "y: str = 1\n",
        "other-tool/a.py": "",
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_every_layout_is_checked_and_every_file_accounted_for(
    mypy: Mypy, stamped: Changes, layout: str
) -> None:
    head = LAYOUTS[layout]
    analysis = await mypy.analyze(stamped(base={}, head=head))
    assert {each.message for each in analysis.head} >= {
        'Incompatible types in assignment (expression has type "str", variable has type "int")',
        'Incompatible types in assignment (expression has type "int", variable has type "str")',
    }
    assert len(analysis.head) == 2
    assert sorted(analysis.coverage.analyzed) == sorted(head)


async def test_many_files_are_checked(mypy: Mypy, stamped: Changes) -> None:
    many = {f"pkg/{'long' * 20}_{number}.py": "" for number in range(3_000)}
    last = max(many)
    analysis = await mypy.analyze(stamped(base=PACKAGE, head={**PACKAGE, **many, last: "1 + ''\n"}))
    assert places(analysis.head) == [(last, 1, "operator")]
    assert len(analysis.coverage.analyzed) == 3_000


async def test_notes_alone_are_an_answer(mypy: Mypy, stamped: Changes) -> None:
    settings = {**PACKAGE, "mypy.ini": "[mypy]\n", "pkg/b.py": ""}
    unchecked = "def g():\n    x: int = ''\n"
    analysis = await mypy.analyze(stamped(base=settings, head={**settings, "pkg/a.py": unchecked}))
    assert places(analysis.head) == [("pkg/a.py", 2, "annotation-unchecked")]
    assert analysis.head[0].severity is Severity.NOTE
