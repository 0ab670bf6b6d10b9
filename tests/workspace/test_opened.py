import tempfile
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from reviewbot.process import Command, Completed, Sandbox
from reviewbot.workspace.opened import open_change
from reviewbot.workspace.selection import Request
from reviewbot.workspace.sources import TreeSources
from tests.fakes.repository import Repository

pytestmark = pytest.mark.anyio


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where changes are opened during a test."""
    before = tempfile.tempdir
    (tmp_path / "temporary").mkdir()
    tempfile.tempdir = str(tmp_path / "temporary")
    yield tmp_path / "temporary"
    tempfile.tempdir = before


def left(folder: Path) -> list[Path]:
    """What is in a folder."""
    return list(folder.iterdir())


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


async def test_nothing_is_left_afterwards(temporary: Path, request_: Request) -> None:
    async with open_change(request_, programs=Sandbox()) as found:
        assert TreeSources(found.change).head("pkg/a.py") == "x = 2\n"
        assert Path(found.change.head.root).is_relative_to(temporary)
    assert left(temporary) == []


async def test_nothing_is_left_after_an_error(temporary: Path, request_: Request) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_change(request_, programs=Sandbox()):
            raise ZeroDivisionError
    assert left(temporary) == []


@pytest.mark.parametrize("command", ["ls-files", "diff-tree", "ls-tree", "--batch"])
async def test_nothing_is_left_after_a_cancellation(
    temporary: Path, request_: Request, command: str
) -> None:
    programs = SlowAt(command)

    async def work() -> None:
        async with open_change(request_, programs=programs):
            pytest.fail("it cannot be opened")

    with anyio.fail_after(10):
        async with anyio.create_task_group() as group:
            group.start_soon(work)
            await programs.reached.wait()
            group.cancel_scope.cancel()
    assert left(temporary) == []


async def test_others_can_read_the_trees_but_not_find_them(
    temporary: Path, request_: Request
) -> None:
    async with open_change(request_, programs=Sandbox()) as found:
        (folder,) = left(temporary)
        assert folder.stat().st_mode & 0o044 == 0
        assert (folder / "private").stat().st_mode & 0o077 == 0
        assert Path(found.change.head.root).parent.stat().st_mode & 0o044 == 0
