import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reviewbot.analyzers.mypy import Mypy
from reviewbot.analyzers.mypy.cache import cache_directory
from reviewbot.errors import ToolTimedOut
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.analysis import Analysis, Change

pytestmark = pytest.mark.anyio

Changes = Callable[..., Change]

FIRST = {"pkg/__init__.py": "", "pkg/a.py": "x: int = 11\n", "pkg/b.py": "from pkg.a import x\n"}
SECOND = {**FIRST, "pkg/a.py": 'x: int = ""\n'}
THIRD = {**SECOND, "pkg/b.py": "from pkg.a import x\ny: str = x\n"}


class Counting:
    """The real door, and how often mypy went through it."""

    def __init__(self, programs: Sandbox) -> None:
        self._programs = programs
        self.runs = 0

    @property
    def notes(self) -> tuple[str, ...]:
        return self._programs.notes

    async def run(self, command: Command) -> Completed:
        self.runs += command.name == "mypy"
        return await self._programs.run(command)


@pytest.fixture
def counting(programs: Sandbox) -> Counting:
    return Counting(programs)


def said(analysis: Analysis) -> Analysis:
    return replace(analysis, seconds={})


def forget_findings(cache: str) -> None:
    for file in Path(cache).glob("findings/*"):
        file.unlink()


@pytest.mark.feature("S06")
async def test_a_commit_is_checked_once(
    counting: Counting, stamped: Changes, world_readable: Path
) -> None:
    mypy, cache = Mypy(programs=counting), str(world_readable / "cache")
    first = await mypy.analyze(stamped(base=FIRST, head=SECOND, cache=cache))
    assert counting.runs == 2
    second = await mypy.analyze(stamped(base=FIRST, head=SECOND, cache=cache))
    assert counting.runs == 2
    assert said(second) == said(first)
    await mypy.analyze(stamped(base=FIRST, head=THIRD, cache=cache))
    assert counting.runs == 3


@pytest.mark.feature("S06")
async def test_what_a_settings_file_says_is_part_of_the_key(
    counting: Counting, stamped: Changes, world_readable: Path
) -> None:
    mypy, cache = Mypy(programs=counting), str(world_readable / "cache")
    await mypy.analyze(stamped(base=FIRST, head=SECOND, cache=cache))
    strict = {"mypy.ini": "[mypy]\nstrict = True\n"}
    await mypy.analyze(stamped(base={**FIRST, **strict}, head={**SECOND, **strict}, cache=cache))
    assert counting.runs == 4
    assert len(list((world_readable / "cache/mypy").glob("*.lock"))) == 2


async def test_a_working_tree_is_checked_every_time(
    counting: Counting, stamped: Changes, world_readable: Path
) -> None:
    mypy, cache = Mypy(programs=counting), str(world_readable / "cache")
    for _ in range(2):
        made = stamped(base=FIRST, head=SECOND, cache=cache)
        await mypy.analyze(replace(made, head=replace(made.head, commit=None)))
    assert counting.runs == 3


@pytest.mark.feature("S06")
async def test_warm_is_cold(mypy: Mypy, stamped: Changes, world_readable: Path) -> None:
    cache = str(world_readable / "cache")
    steps = [(FIRST, SECOND), (SECOND, THIRD), (THIRD, FIRST), (FIRST, THIRD)]
    for base, head in steps:
        forget_findings(cache)
        warm = await mypy.analyze(stamped(base=base, head=head, cache=cache))
        cold = await mypy.analyze(stamped(base=base, head=head, cache=None))
        assert said(warm) == said(cold)


async def test_a_moved_package_keeps_its_findings(mypy: Mypy, stamped: Changes) -> None:
    moved = {f"src/{path}": text for path, text in SECOND.items()}
    analysis = await mypy.analyze(stamped(base=SECOND, head=moved, cache=None))
    assert [each.path for each in analysis.head] == ["src/pkg/a.py"]
    assert analysis.base is not None
    assert [each.path for each in analysis.base] == ["pkg/a.py"]


async def test_two_files_of_one_module_name_are_not_mixed_up(
    mypy: Mypy, stamped: Changes, world_readable: Path
) -> None:
    cache = str(world_readable / "cache")
    tests = {"tests/a/conftest.py": "x: int = ''\n", "tests/b/conftest.py": "x: int = ''\n"}
    for path in tests:
        base = {**FIRST, **tests, path: ""}
        analysis = await mypy.analyze(stamped(base=base, head={**FIRST, **tests}, cache=cache))
        assert [each.path for each in analysis.head] == [path]


@pytest.mark.parametrize("damage", ["random", "truncated", "gone"])
async def test_a_damaged_cache_costs_time_only(
    mypy: Mypy, stamped: Changes, world_readable: Path, damage: str
) -> None:
    cache = world_readable / "cache"
    before = await mypy.analyze(stamped(base=FIRST, head=SECOND, cache=str(cache)))
    for file in cache.glob("mypy/*/*/*.db"):
        if damage == "gone":
            file.unlink()
        else:
            file.write_bytes(os.urandom(3_000) if damage == "random" else file.read_bytes()[:9_000])
    forget_findings(str(cache))
    after = await mypy.analyze(stamped(base=FIRST, head=SECOND, cache=str(cache)))
    assert said(after) == said(before)


def test_a_cache_in_use_is_left_to_who_has_it(tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    with cache_directory(kept, "key", work=str(tmp_path / "1")):
        (tmp_path / "1/file").write_text("first")
        with cache_directory(kept, "key", work=str(tmp_path / "2")):
            (tmp_path / "2/file").write_text("second")
    with cache_directory(kept, "key", work=str(tmp_path / "3")):
        assert (tmp_path / "3/file").read_text() == "first"
    with cache_directory(kept, "other", work=str(tmp_path / "4")):
        assert list((tmp_path / "4").iterdir()) == []


def half_done(kept: str, work: Path) -> None:
    with cache_directory(kept, "key", work=str(work)):
        (work / "half").touch()
        raise ToolTimedOut("killed")


def test_a_run_that_fails_keeps_nothing(tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    with pytest.raises(ToolTimedOut):
        half_done(kept, tmp_path / "1")
    with cache_directory(kept, "key", work=str(tmp_path / "2")):
        assert list((tmp_path / "2").iterdir()) == []


def test_nothing_is_kept_when_there_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for number, kept in enumerate((None, str(tmp_path / "file/below"))):
        work = tmp_path / str(number)
        with cache_directory(kept, "key", work=str(work)):
            assert list(work.iterdir()) == []


def test_caches_of_old_settings_are_removed(tmp_path: Path) -> None:
    for number in range(20):
        with cache_directory(str(tmp_path), f"key{number}", work=str(tmp_path / str(number))):
            (tmp_path / str(number) / "file").touch()
    left = {path.name for path in tmp_path.glob("mypy/*") if path.is_dir()}
    assert "key19" in left
    assert len(left) <= 7
