import sys
import venv
from pathlib import Path

import pytest

from reviewbot.workspace.environment import find_environment


def built(folder: Path, settings: str = "version = 3.12.1\n", packages: str = "3.12") -> Path:
    """A folder with the layout of a virtual environment; its python is no program."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / "pyvenv.cfg").write_text(settings)
    (folder / "lib" / f"python{packages}" / "site-packages").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
@pytest.mark.parametrize("key", ["version", "version_info"])
def test_the_usual_folders_are_found(tmp_path: Path, name: str, key: str) -> None:
    folder = built(tmp_path / name, f"home = /usr/bin\n{key} = 3.12.1.final.0\n")
    found, why = find_environment(str(tmp_path))
    assert found is not None
    assert why == ""
    assert (found.python, found.version) == (str(folder / "bin/python"), "3.12")
    assert found.site_packages == (str(folder / "lib/python3.12/site-packages"),)
    assert found.origin == name


def test_a_real_environment_is_read_without_being_run(tmp_path: Path) -> None:
    venv.create(tmp_path / ".venv", symlinks=True)
    found, _ = find_environment(str(tmp_path))
    assert found is not None
    assert found.version == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert all(Path(each).is_dir() for each in found.site_packages)


def test_the_active_environment_comes_first(tmp_path: Path) -> None:
    built(tmp_path / "repo" / ".venv")
    active = built(tmp_path / "elsewhere")
    found, _ = find_environment(str(tmp_path / "repo"), active=str(active), own="/our/own")
    assert found is not None
    assert found.origin == "VIRTUAL_ENV"


@pytest.mark.parametrize(("place", "is_found"), [("outside", False), ("repo/tools", True)])
def test_our_own_environment_is_the_projects_only_inside_it(
    tmp_path: Path, place: str, *, is_found: bool
) -> None:
    (tmp_path / "repo").mkdir()
    own = str(built(tmp_path / place))
    found, _ = find_environment(str(tmp_path / "repo"), active=own, own=own)
    assert (found is not None) is is_found


def test_nothing_found_says_where_it_looked(tmp_path: Path) -> None:
    assert find_environment(str(tmp_path)) == (
        None,
        "no virtual environment found: .venv, venv, env",
    )


def test_a_broken_environment_says_what_is_wrong(tmp_path: Path) -> None:
    folder = built(tmp_path / ".venv")
    (folder / "lib/python3.12").rename(tmp_path / "away")
    found, reason = find_environment(str(tmp_path))
    assert found is None
    assert "no site-packages for Python 3.12" in reason


def test_one_whose_interpreter_is_elsewhere_still_has_its_packages(tmp_path: Path) -> None:
    (built(tmp_path / ".venv") / "bin/python").unlink()
    found, why = find_environment(str(tmp_path))
    assert why == ""
    assert found is not None
    assert found.python == ""
    assert [Path(each).name for each in found.site_packages] == ["site-packages"]


def test_a_broken_environment_does_not_hide_a_good_one(tmp_path: Path) -> None:
    (built(tmp_path / ".venv") / "bin/python").unlink()
    built(tmp_path / "venv")
    found, why = find_environment(str(tmp_path))
    assert found is not None
    assert (found.origin, why) == ("venv", "")
