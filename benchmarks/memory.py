"""How much memory reviewbot itself takes on a large repository, and how long a look at it costs.

    python -m benchmarks.memory [--files 3000]

A repository of so many Python files in packages that import one another is made, one signature is
changed, and the change is reviewed. The peak is the high-water mark of reviewbot's own process
(``VmHWM``); the tools it starts are measured apart.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL_MIB = 150
MODULE = '''"""Module {number} of package {package}."""

from pkg{before}.mod{other} import area{other} as before


def area{number}(width: float, height: float) -> float:
    """Return an area."""
    return before(width, height) + width * height


class Shape{number}:
    """A shape."""

    def __init__(self, width: float) -> None:
        self.width = width

    def size(self) -> float:
        """Return its size."""
        return area{number}(self.width, 2.0)
'''


def main() -> None:
    """Make the repository, review it cold and warm, print the peaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3000)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder, "repository")
        make(repository, files)
        print(f"{files} Python files; goal {GOAL_MIB} MiB for reviewbot itself")
        print(f"{'run':<8}{'seconds':>9}{'reviewbot MiB':>15}{'largest tool MiB':>18}")
        for name in ("cold", "warm"):
            seconds, own, tools = measured(repository, Path(folder))
            print(f"{name:<8}{seconds:>9.1f}{own:>15.0f}{tools:>18.0f}")


def make(root: Path, files: int) -> None:
    """Two commits: a program of packages of 100 modules each, and a changed signature."""
    for number in range(files):
        package, before, other = number // 100, max(number - 1, 0) // 100, max(number - 1, 0)
        text = MODULE.format(number=number, package=package, before=before, other=other)
        if number == 0:
            text = text.replace("from pkg0.mod0 import area0 as before", "before = max")
        path = root / f"pkg{package}" / f"mod{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    git(root, "init", "-q", "-b", "main")
    commit(root)
    first = root / "pkg0" / "mod7.py"
    first.write_text(first.read_text().replace("height: float)", "height: float, *, unit: str)"))
    commit(root)


def commit(root: Path) -> None:
    """Record everything."""
    git(root, "add", "--all")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "change")


def git(root: Path, *arguments: str) -> None:
    """Run git or fail."""
    subprocess.run(["git", "-C", str(root), *arguments], check=True)


def measured(repository: Path, home: Path) -> tuple[float, float, float]:
    """Wall seconds, peak MiB of reviewbot's own process, peak MiB of the largest tool."""
    command = [sys.executable, "-m", "reviewbot", "review", str(repository)]
    arguments = ["--base", "HEAD~1", "--head", "HEAD", "--quiet", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}  # noqa: TID251 - a benchmark is a front door
    started, own = time.perf_counter(), 0.0
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.DEVNULL, env=environment
    ) as process:
        while process.poll() is None:
            own = max(own, peak(process.pid))
            time.sleep(0.01)
    tools = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - started, own, tools


def peak(pid: int) -> float:
    """High-water mark of a process in MiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


if __name__ == "__main__":
    main()
