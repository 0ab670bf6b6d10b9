"""The image of the action: how large it is, and how long until its first analyzer starts.

    python -m benchmarks.image [IMAGE] [--base BASE] [--repeat 7] [--json FILE]

IMAGE stands on a local engine (``nox -s container`` builds ``reviewbot:checked``). Compressed is
what a runner loads: all layers through gzip; those of BASE, the image it was built on, are shown
apart. A start is a ``docker run`` of a review of a small repository:

- first analyzer: from the command to the start of the first analysis, at most (what the container
  takes to go away counts too), the page cache warm as it is after a pull
- container: the same command with an interpreter that ends at once, for comparison
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PYTHON = ("--entrypoint", "/usr/local/bin/python")
REVIEW = ("-I", "-m", "reviewbot", "review", "--format", "json", "--quiet")
GOAL_BYTES, GOAL_SECONDS = 250_000_000, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One image; bytes and medians of seconds.

    Attributes:
        compressed: all layers, gzip -6.
        base: of these, the base's; 0 when it is not known.
        container: of a start that does nothing.
        first_analyzer: of a start until an analysis begins.
        slowest: the worst of these.
        review: the whole command.
    """

    image: str
    compressed: int
    base: int
    container: float
    first_analyzer: float
    slowest: float
    review: float


def main() -> None:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image", nargs="?", default="reviewbot:checked")
    parser.add_argument("--base")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        row = measure(arguments.image, arguments.base, _repository(Path(folder)), arguments.repeat)
    _print(row)
    if arguments.json:
        arguments.json.write_text(json.dumps(asdict(row), indent=1), encoding="utf-8")


def measure(image: str, base: str | None, repository: Path, repeat: int) -> Row:
    """Size and starts of an image."""
    nothing, firsts, wholes = [], [], []
    for _ in range(repeat):
        nothing.append(_timed(image, repository, ("-I", "-c", ""))[0])
        whole, printed = _timed(image, repository, REVIEW)
        report: dict[str, Any] = json.loads(printed)
        begun = min(row["started"] for row in report["nodes"])
        wholes.append(whole)
        firsts.append(whole - report["seconds"] + begun)
    return Row(
        image=image,
        compressed=_compressed(image),
        base=_compressed(base) if base else 0,
        container=statistics.median(nothing),
        first_analyzer=statistics.median(firsts),
        slowest=max(firsts),
        review=statistics.median(wholes),
    )


def _timed(image: str, repository: Path, arguments: tuple[str, ...]) -> tuple[float, bytes]:
    mounted = ("--volume", f"{repository}:/workspace", "--workdir", "/workspace")
    started = time.monotonic()
    command = ["docker", "run", "--rm", "--network=none", "--env", "CI=true", *mounted, *PYTHON]
    ended = subprocess.run([*command, image, *arguments], capture_output=True, check=True)
    return time.monotonic() - started, ended.stdout


def _compressed(image: str) -> int:
    packed, size = zlib.compressobj(level=6), 0
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
        assert saved.stdout is not None  # noqa: S101 - asked for above
        while data := saved.stdout.read(1 << 20):
            size += len(packed.compress(data))
    return size + len(packed.flush())


def _repository(folder: Path) -> Path:
    """Two commits of one file."""

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)

    git("init", "-q", "-b", "main")
    for text in ("x: int = 1\n", "import os\n\nx: int = 'one'\n"):
        (folder / "shop.py").write_text(text, encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "change")
    return folder


def _print(row: Row) -> None:
    print(f"{row.image}")
    print(f"  compressed      {row.compressed / 1e6:6.1f} MB  (goal {GOAL_BYTES / 1e6:.0f})")
    if row.base:
        print(f"    of these base {row.base / 1e6:6.1f} MB")
    print(f"  container       {row.container:6.2f} s")
    print(f"  first analyzer  {row.first_analyzer:6.2f} s   (goal {GOAL_SECONDS:.0f})")
    print(f"    slowest       {row.slowest:6.2f} s")
    print(f"  whole review    {row.review:6.2f} s")


if __name__ == "__main__":
    main()
