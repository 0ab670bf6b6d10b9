"""Which settings are in force, and what they allow."""

from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository


@pytest.mark.parametrize(("setup", "told"), [("auto", "no virtual environment"), ("none", "none")])
def test_no_environment_is_looked_at_when_the_settings_want_none(
    setup: str, told: str, tmp_path: Path
) -> None:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n", ".reviewbot.yml": f"setup: {setup}\n"})
    made.commit({"a.py": "x = 2\n"})

    ended = Workbench.create(tmp_path / "bin").run(
        "review", str(made.root), "--only", "types", "--format", "json", "--quiet"
    )

    assert [note for note in ended.report["notes"] if "degraded" in note and told in note] != []


def test_a_named_settings_file_wins(tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n", ".reviewbot.yml": "analyses: {lint: false}\n"})
    made.commit({"a.py": "import os\n"})
    (tmp_path / "own.yml").write_text("version: 1\n")

    ended = Workbench.create(tmp_path / "bin").run(
        *("review", str(made.root), "--only", "lint", "--format", "json", "--quiet"),
        *("--config", str(tmp_path / "own.yml")),
    )

    assert ended.node("lint")["status"] == "succeeded"
