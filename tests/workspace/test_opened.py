import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

from reviewbot.process import Command, Completed, Sandbox
from reviewbot.workspace.folders import memory_for
from reviewbot.workspace.opened import open_change
from reviewbot.workspace.selection import Request
from reviewbot.workspace.sources import TreeSources
from tests.fakes.repository import Repository

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Places:
    """Where changes are opened during a test: usual files, and trees in memory."""

    disk: Path
    memory: Path

    def left(self) -> list[Path]:
        """What is in either of them."""
        return [*self.disk.iterdir(), *self.memory.iterdir()]


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    made = Places(disk=tmp_path / "disk", memory=tmp_path / "memory")
    made.disk.mkdir()
    made.memory.mkdir()
    before = tempfile.tempdir
    tempfile.tempdir = str(made.disk)
    yield made
    tempfile.tempdir = before


def modes(folder: Path) -> set[int]:
    """Permissions of a folder and of all folders in it."""
    return {each.stat().st_mode & 0o777 for each in (folder, *folder.rglob("*")) if each.is_dir()}


class SlowAt:
    """Programs of the machine, of which one git command never ends."""

    def __init__(self, command: str) -> None:
        self.real = Sandbox()
        self.command = command
        self.reached = anyio.Event()

    @property
    def notes(self) -> tuple[str, ...]:
        return self.real.notes

    async def run(self, command: Command) -> Completed:
        if self.command in command.argv:
            self.reached.set()
            await anyio.sleep_forever()
        return await self.real.run(command)


@pytest.fixture
def request_(repo: Repository) -> Request:
    repo.commit({"pkg/a.py": "x = 1\n"})
    repo.write({"pkg/a.py": "x = 2\n"})
    return Request(path=str(repo.root))


async def test_nothing_is_left_afterwards(places: Places, request_: Request) -> None:
    async with open_change(request_, programs=Sandbox(), memory=str(places.memory)) as found:
        assert TreeSources(found.change).head("pkg/a.py") == "x = 2\n"
        assert Path(found.change.head.root).is_relative_to(places.memory)
    assert places.left() == []


async def test_without_memory_trees_stand_on_disk(places: Places, request_: Request) -> None:
    async with open_change(request_, programs=Sandbox(), memory="/nowhere") as found:
        assert Path(found.change.head.root).is_relative_to(places.disk)
    assert places.left() == []


async def test_nothing_is_left_after_an_error(places: Places, request_: Request) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_change(request_, programs=Sandbox(), memory=str(places.memory)):
            raise ZeroDivisionError
    assert places.left() == []


@pytest.mark.parametrize("command", ["ls-files", "diff-tree", "ls-tree", "--batch"])
async def test_nothing_is_left_after_a_cancellation(
    places: Places, request_: Request, command: str
) -> None:
    programs = SlowAt(command)

    async def work() -> None:
        async with open_change(request_, programs=programs, memory=str(places.memory)):
            pytest.fail("it cannot be opened")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            group.start_soon(work)
            await programs.reached.wait()
            group.cancel_scope.cancel()
    assert places.left() == []


async def test_others_can_read_the_trees_but_not_find_them(
    places: Places, request_: Request
) -> None:
    async with open_change(request_, programs=Sandbox(), memory=str(places.memory)) as found:
        head = Path(found.change.head.root)
        assert all(each.stat().st_mode & 0o044 == 0 for each in places.left())
        assert all(each.stat().st_mode & 0o077 == 0 for each in places.disk.iterdir())
        assert head.parent.stat().st_mode & 0o044 == 0
        assert modes(head) == {0o755}


@pytest.mark.parametrize(
    ("size", "fits"), [(0, True), (64 << 20, True), (129 << 20, False)], ids=str
)
def test_only_small_trees_stand_in_memory(tmp_path: Path, size: int, *, fits: bool) -> None:
    assert memory_for(size, str(tmp_path)) == (str(tmp_path) if fits else None)
