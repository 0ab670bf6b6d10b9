import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from mypy.options import PER_MODULE_OPTIONS

from reviewbot.analyzers.mypy import Mypy
from reviewbot.analyzers.mypy.configuration import DEFAULT, Configuration, read_configuration
from reviewbot.analyzers.mypy.options import GLOBAL, OURS, PER_MODULE, is_allowed
from reviewbot.review.analysis import Change, Tree

Changes = Callable[..., Change]

PACKAGE = {"pkg/__init__.py": "", "pkg/a.py": "def f(x):\n    return x\n"}

SAME = {
    "mypy.ini": (
        "[mypy]\nstrict = True\npython_version = 3.12\nmypy_path = $MYPY_CONFIG_FILE_DIR/src,lib\n"
        "disable_error_code = misc,\n  import-untyped\n"
        "[mypy-a.*,b]\nignore_errors = True\n"
    ),
    "setup.cfg": (
        "[metadata]\nname = x\n[mypy]\nstrict = True\npython_version = 3.12\nmypy_path = src:lib\n"
        "disable_error_code = misc,import-untyped\n"
        "[mypy-a.*]\nignore_errors = True\n[mypy-b]\nignore_errors = True\n"
    ),
    "pyproject.toml": (
        "[tool.mypy]\nstrict = true\npython_version = 3.12\nmypy_path = './src:lib/'\n"
        "disable_error_code = ['misc', 'import-untyped']\n"
        "[[tool.mypy.overrides]]\nmodule = ['a.*', 'b']\nignore_errors = true\n"
    ),
}


def tree(directory: Path, files: Mapping[str, str]) -> Tree:
    for path, text in files.items():
        (directory / path).write_text(text)
    return Tree(root=str(directory), commit=None, files=dict.fromkeys(files, ""))


def read(directory: Path, files: Mapping[str, str]) -> Configuration:
    return read_configuration(tree(directory, files))


@pytest.mark.parametrize("file", SAME)
def test_each_file_says_the_same_in_its_own_words(tmp_path: Path, file: str) -> None:
    found = read(tmp_path, {file: SAME[file]})
    assert found.path == file
    assert found.notes == ()
    assert str(found.options["strict"]) in {"True", "true"}
    assert found.options["python_version"] == "3.12"
    assert found.options["mypy_path"] == ["src", "lib"]
    assert set(found.modules) == {"a.*", "b"}
    table = tomllib.loads(found.written())["tool"]["mypy"]
    assert [each["module"] for each in table["overrides"]] == ["a.*", "b"]


def test_the_first_file_with_a_section_counts(tmp_path: Path) -> None:
    assert read(tmp_path, SAME).path == "mypy.ini"
    only = {"pyproject.toml": "[project]\n", "setup.cfg": SAME["setup.cfg"]}
    assert read(tmp_path, only).path == "setup.cfg"
    assert read(tmp_path, {"pyproject.toml": "[project]\n"}) == DEFAULT


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("mypy.ini", "[mypy\n"),
        ("mypy.ini", "strict = True\n"),
        ("mypy.ini", "[mypy]\nx = 1\nx = 2\n"),
        ("pyproject.toml", "[tool.mypy\n"),
        ("pyproject.toml", f"x = {'[' * 5_000}\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_the_next_one_counts(
    tmp_path: Path, file: str, text: str
) -> None:
    found = read(tmp_path, {file: text, "setup.cfg": "[mypy]\nstrict = True\n"})
    assert found.path == "setup.cfg"
    assert len(found.notes) == 1
    assert file in found.notes[0]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("plugins = pydantic.mypy", "plugins"),
        ("no_such_option = 1", "no_such_option"),
        ("shadow_file = a b", "shadow_file"),
        ("custom_typeshed_dir = /x", "custom_typeshed_dir"),
        ("html_report = /x", "html_report"),
        ("mypy_path = /etc", "mypy_path = /etc"),
        ("mypy_path = ../up", "mypy_path = ../up"),
        ("mypy_path = $HOME", "mypy_path = $HOME"),
        ("python_version = 2.7", "python_version = 2.7"),
    ],
)
def test_what_is_dropped_is_said(tmp_path: Path, line: str, note: str) -> None:
    found = read(tmp_path, {"mypy.ini": f"[mypy]\n{line}\n"})
    assert found.notes == (f"mypy: left out of mypy.ini: {note}",)
    assert found.options == {}


@pytest.mark.parametrize(
    ("said", "meant"), [("3.8", "3.10"), ("3.1", "3.10"), ("3.13", "3.13"), ("3.10", "3.10")]
)
def test_a_version_mypy_no_longer_knows_is_raised(tmp_path: Path, said: str, meant: str) -> None:
    found = read(tmp_path, {"pyproject.toml": f"[tool.mypy]\npython_version = {said}\n"})
    assert found.options["python_version"] == meant


def test_how_mypy_prints_is_ours_and_no_difference(tmp_path: Path) -> None:
    plain = read(tmp_path, {"mypy.ini": "[mypy]\nstrict = True\n"})
    noisy = read(tmp_path, {"mypy.ini": "[mypy]\nstrict = True\npretty = True\ncache_dir = /x\n"})
    assert noisy == plain
    assert noisy.notes == ()


def test_the_lists_are_those_of_the_installed_mypy() -> None:
    left_out = {"debug_cache", "mypyc", "enabled_error_codes", "disabled_error_codes"}
    missing = {each for each in PER_MODULE_OPTIONS - left_out if not is_allowed(each, PER_MODULE)}
    assert missing == set()
    assert not GLOBAL & OURS


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("no_implicit_optional", True),
        ("allow_untyped_defs", True),
        ("disallow_redefinition", True),
        ("no_plugins", False),
        ("allow_plugins", False),
    ],
)
def test_opposites_of_allowed_keys_are_allowed(*, key: str, allowed: bool) -> None:
    assert is_allowed(key, PER_MODULE) is allowed


@pytest.mark.anyio
async def test_a_changed_configuration_is_charged_to_no_line(mypy: Mypy, stamped: Changes) -> None:
    strict = {"mypy.ini": "[mypy]\nstrict = True\n"}
    analysis = await mypy.analyze(stamped(base=PACKAGE, head={**PACKAGE, **strict}))
    assert analysis.head == analysis.base == ()
    assert [each.rule for each in analysis.configured] == ["no-untyped-def"]
    assert analysis.configuration == "mypy.ini"


@pytest.mark.anyio
async def test_a_configuration_that_breaks_is_a_note(mypy: Mypy, stamped: Changes) -> None:
    base = {**PACKAGE, "mypy.ini": "[mypy]\nstrict = True\n"}
    analysis = await mypy.analyze(stamped(base=base, head={**base, "mypy.ini": "[mypy\n"}))
    assert [each.rule for each in analysis.head] == ["no-untyped-def"]
    assert any(note.startswith("after the change, mypy: mypy.ini") for note in analysis.notes)


@pytest.mark.anyio
async def test_what_mypy_does_not_like_about_an_option_is_said(
    mypy: Mypy, stamped: Changes
) -> None:
    base = {**PACKAGE, "mypy.ini": "[mypy]\nwarn_unreachable = perhaps\n"}
    head = {**base, "pkg/a.py": "x = 1\n"}
    analysis = await mypy.analyze(stamped(base=base, head=head))
    assert "mypy: [mypy]: warn_unreachable: Not a boolean: perhaps" in analysis.notes


@pytest.mark.anyio
async def test_excluded_files_are_called_excluded(mypy: Mypy, stamped: Changes) -> None:
    base = {**PACKAGE, "mypy.ini": "[mypy]\nexclude = (?x)(\n  ^pkg/gen/\n  | ^old/\n  )\n"}
    new = {"pkg/gen/a.py": "x: int = ''\n", "old/b.py": "x: int = ''\n", "c.py": "x: int = ''\n"}
    analysis = await mypy.analyze(stamped(base=base, head={**base, **new}))
    assert [each.path for each in analysis.head] == ["c.py"]
    assert analysis.coverage.analyzed == ("c.py",)
    assert analysis.coverage.excluded == ("old/b.py", "pkg/gen/a.py")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "line", ["files = one", "files = o*/*.py", "packages = one", "modules = one.a"]
)
async def test_the_targets_of_the_configuration_are_checked_and_the_changed_files(
    mypy: Mypy, stamped: Changes, line: str
) -> None:
    base = {
        "mypy.ini": f"[mypy]\n{line}\n",
        "one/__init__.py": "",
        "one/a.py": "x: int = ''\n",
        "two/__init__.py": "",
        "two/a.py": "x: int = ''\n",
        "two/b.py": "",
    }
    analysis = await mypy.analyze(stamped(base=base, head={**base, "two/b.py": "x: int = ''\n"}))
    assert [each.path for each in analysis.head] == ["one/a.py", "two/b.py"]


@pytest.mark.anyio
async def test_a_deprecated_option_is_a_note_and_does_not_garble_the_findings(
    mypy: Mypy, stamped: Changes
) -> None:
    base = {**PACKAGE, "mypy.ini": "[mypy]\nstrict_concatenate = True\n"}
    analysis = await mypy.analyze(stamped(base=base, head={**base, "pkg/b.py": "x: int = ''\n"}))
    assert [each.path for each in analysis.head] == ["pkg/b.py"]
    said = "mypy: --strict-concatenate is deprecated; use --extra-checks instead"
    assert said in analysis.notes
