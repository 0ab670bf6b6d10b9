"""A project's own virtual environment, with a test runner and nothing else of ours in it."""

import sysconfig
import venv
from pathlib import Path

# pytest and all that it needs. Our own environment would do, at four times the start: pytest loads
# every plug-in that is installed.
_RUNNER = ("pytest", "py.py", "_pytest", "pluggy", "iniconfig", "packaging", "pygments")


def with_pytest(folder: Path) -> Path:
    """Make an environment that holds pytest and return its site-packages."""
    venv.create(folder)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    ours = Path(sysconfig.get_path("purelib"))
    for path in (*map(ours.joinpath, _RUNNER), *ours.glob("pytest-*.dist-info")):
        (packages / path.name).symlink_to(path)
    return packages
