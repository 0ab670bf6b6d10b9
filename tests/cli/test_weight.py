"""The command line is light: what a command does not need is not loaded."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.workbench import Workbench
from tests.fakes.repository import Repository

HEAVY = ("anthropic", "openai", "github", "daft")


def cpu(*arguments: str) -> float:
    """CPU seconds of a Python with these arguments: the best of five."""
    return min(_cpu(arguments) for _ in range(5))


def _cpu(arguments: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.feature("U17")
@pytest.mark.parametrize("command", [(), ("review",)], ids=["reviewbot", "reviewbot review"])
def test_help_costs_little_more_than_starting_python(command: tuple[str, ...]) -> None:
    """The factor is 0.25 s on a machine that starts Python in 20 ms."""
    assert cpu("-m", "reviewbot", *command, "--help") < 12 * cpu("-c", "")


@pytest.mark.feature("U17")
def test_neither_help_nor_a_local_review_loads_a_forge_a_model_or_a_cluster(
    tmp_path: Path,
) -> None:
    bench = Workbench.create(tmp_path / "bin")
    decoys = tmp_path / "decoys"
    decoys.mkdir()
    for name in HEAVY:
        (decoys / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')\n")
    made = Repository.create(tmp_path / "repository")
    made.commit({"a.py": "x = 1\n"})

    # An interpreter looks in its working directory first.
    told = bench.run("--help", cwd=decoys)
    ended = bench.run("review", str(made.root), "--format", "json", "--quiet", cwd=decoys)

    assert (told.code, told.err) == (0, "")
    assert (ended.code, ended.err) == (0, "")
