"""Where programs are found."""

import sys
from pathlib import Path

import pytest

from reviewbot.errors import ToolMissing
from reviewbot.process import find_program


def test_the_script_beside_our_interpreter_comes_first() -> None:
    assert find_program("ruff") == str(Path(sys.executable).parent / "ruff")


def test_programs_of_the_system_are_found_where_systems_have_them() -> None:
    assert find_program("sh") in {"/usr/local/bin/sh", "/usr/bin/sh", "/bin/sh"}


@pytest.mark.parametrize("name", ["no-such-program", "", "."])
def test_a_missing_program_says_where_it_was_looked_for(name: str) -> None:
    with pytest.raises(ToolMissing, match="/usr/bin"):
        find_program(name)


def test_the_search_path_of_the_caller_is_never_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    planted = tmp_path / "planted-program"
    planted.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing):
        find_program("planted-program")
