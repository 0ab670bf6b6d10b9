import ast
import subprocess
from pathlib import Path

import mypy.pyinfo
import pytest

from reviewbot.analyzers.mypy.excluded import excluded
from reviewbot.analyzers.mypy.packages import environment_digest, package_options
from reviewbot.review.analysis import Environment


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    site = tmp_path / "it's a site"
    for path in ("lib_a", "lib_a-1.0.dist-info"):
        (site / path).mkdir(parents=True)
    return Environment(python="", version="3.12", site_packages=(str(site),), origin="test")


def asked(options: tuple[str, ...]) -> object:
    """What mypy gets when it asks an interpreter, in its own words (mypy/modulefinder.py)."""
    name, program = options
    assert name == "--python-executable"
    command = [program, mypy.pyinfo.__file__, "getsearchdirs"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return ast.literal_eval(done.stdout)


def test_mypy_understands_the_answer(environment: Environment, tmp_path: Path) -> None:
    options = package_options(environment, directory=str(tmp_path), own=())
    sites = list(environment.site_packages)
    assert asked(options) == (sites, sites)


def test_mypy_still_asks_that_way() -> None:
    source = Path(mypy.pyinfo.__file__).with_name("modulefinder.py").read_text()
    assert '[python_executable, pyinfo.__file__, "getsearchdirs"]' in source
    assert "sys_path, site_packages = ast.literal_eval(" in source


def test_editable_installs_resolve_but_not_the_project_itself(
    environment: Environment, tmp_path: Path
) -> None:
    site = Path(environment.site_packages[0])
    for name in ("other/other", "own/pkg"):
        (tmp_path / name).mkdir(parents=True)
    lines = f"# comment\nimport evil\n{tmp_path / 'other'}\n{tmp_path / 'own'}\n/nowhere\n"
    (site / "editable.pth").write_text(lines)
    options = package_options(environment, directory=str(tmp_path), own={"pkg"})
    assert asked(options) == ([str(site), str(tmp_path / "other")], [str(site)])


def test_without_an_environment_ours_is_not_used(tmp_path: Path) -> None:
    assert package_options(None, directory=str(tmp_path), own=()) == ("--no-site-packages",)


def test_another_version_of_a_package_is_another_environment(environment: Environment) -> None:
    before = environment_digest(environment)
    site = Path(environment.site_packages[0])
    (site / "lib_a-1.0.dist-info").rename(site / "lib_a-1.1.dist-info")
    assert environment_digest(environment) != before != environment_digest(None)


@pytest.mark.parametrize(
    ("pattern", "gone"),
    [
        ("^docs/", ["docs/a.py", "docs/b/c.py"]),
        (r"/b/", ["docs/b/c.py"]),
        (r"b/$", ["docs/b/c.py"]),
        (r"a\.py$", ["a.py", "docs/a.py"]),
        ("^$", []),
        ("nothing", []),
    ],
)
def test_a_pattern_is_searched_in_directories_and_files(pattern: str, gone: list[str]) -> None:
    assert excluded([pattern], ["a.py", "docs/a.py", "docs/b/c.py"]) == gone
