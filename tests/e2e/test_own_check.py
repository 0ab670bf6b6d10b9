"""An analysis of one's own, from the settings to the printed review."""

from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

SETTINGS = 'analyses:\n  todos: {use: todo, paths: ["*.py", "*.md"]}\n'


@pytest.mark.feature("E24")
def test_a_check_takes_part_like_any_other(tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "# TODO old\n", ".reviewbot.yml": SETTINGS})
    made.commit({"a.py": "# TODO old\n# FIXME new\n", "b.md": "<!-- TODO -->\n"})

    ended = Workbench.create(tmp_path / "bin").run(
        *("review", str(made.root), "--only", "todos", "--format", "json", "--quiet")
    )

    rows = [each for each in ended.report["findings"] if each["change"] == "introduced"]
    found = [(each["path"], each["line"], each["rule"]) for each in rows]
    assert found == [("a.py", 2, "fixme"), ("b.md", 1, "todo")]
    assert ended.node("todos")["tool_version"].startswith("todo reviewbot ")
    assert ended.node("lint")["status"] == "skipped"


def test_a_check_that_is_not_installed_is_named_with_its_place(tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n", ".reviewbot.yml": "analyses:\n  naming: {use: naming}\n"})

    ended = Workbench.create(tmp_path / "bin").run("review", str(made.root), "--quiet")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "reviewbot: .reviewbot.yml:2: no check 'naming' is installed; "
        "beside reviewbot there are: todo\n"
    )
