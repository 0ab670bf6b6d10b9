"""What the project's own files say about its tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reviewbot.analyzers.impact.configuration import Configuration, read_configuration


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_a.py", True),
        ("pkg/a_test.py", True),
        ("app/tests.py", True),
        ("tests/conftest.py", False),
        ("pkg/contest.py", False),
        ("tests/test_a.txt", False),
    ],
)
def test_the_usual_names_are_test_files(path: str, *, expected: bool) -> None:
    assert Configuration().is_test(path) is expected


_TOML = "python_files = ['check_*.py']\ntestpaths = ['checks']\n"


@pytest.mark.parametrize(
    "files",
    [
        {"pytest.ini": "[pytest]\npython_files = check_*.py\ntestpaths = checks\n"},
        {"tox.ini": "[pytest]\npython_files = check_*.py\ntestpaths = checks\n"},
        {"setup.cfg": "[tool:pytest]\npython_files = check_*.py\ntestpaths = ./checks/\n"},
        {"pyproject.toml": f"[tool.pytest.ini_options]\n{_TOML}"},
        {"pyproject.toml": f"[tool.pytest]\n{_TOML}"},
        {
            "pytest.ini": "[pytest]\npython_files = check_*.py\ntestpaths = checks\n",
            "tox.ini": "[pytest]\npython_files = other_*.py\n",
        },
    ],
    ids=["pytest.ini", "tox.ini", "setup.cfg", "ini_options", "tool.pytest", "first wins"],
)
def test_the_projects_own_names_are_taken_from_where_pytest_looks(
    tmp_path: Path, files: Mapping[str, str]
) -> None:
    found = read_configuration(_written(tmp_path, files))
    assert found.is_test("checks/check_a.py")
    assert not found.is_test("other/check_a.py")
    assert not found.is_test("checks/test_a.py")


@pytest.mark.parametrize("text", ["[", "\0", "[tool]\npytest = 3\n", "[tool.pytest"])
def test_a_broken_file_counts_as_absent(tmp_path: Path, text: str) -> None:
    files = dict.fromkeys(("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini"), text)
    assert read_configuration(_written(tmp_path, files)) == Configuration()


def test_scripts_and_groups_stand_for_what_is_behind_them(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project.scripts]\ntool = "a.b:main"\n'
        '[project.entry-points."a.plugins"]\none = "a.one"\ntwo = "a.two:Two"\n'
        '[tool.poetry.scripts]\nold = "a.c:main"\n',
        "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    cfg = a.d:main\n",
    }
    assert read_configuration(_written(tmp_path, files)).aliases == {
        "tool": ("a.b:main",),
        "old": ("a.c:main",),
        "a.plugins": ("a.one", "a.two:Two"),
        "console_scripts": ("a.d:main",),
        "cfg": ("a.d:main",),
    }


def test_doctests_are_seen_in_the_options(tmp_path: Path) -> None:
    files = {"pytest.ini": "[pytest]\naddopts = -q --doctest-modules\n"}
    assert read_configuration(_written(tmp_path, files)).doctests


def _written(folder: Path, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    return str(folder)
