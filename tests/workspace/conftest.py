"""Real repositories, and changes opened in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from reviewbot.process import Programs, Sandbox
from reviewbot.workspace.opened import OpenedChange, open_change
from reviewbot.workspace.selection import Request
from tests.fakes.github.fixture import github_server, hub  # noqa: F401 - fixtures
from tests.fakes.repository import Repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository.create(tmp_path / "repo")


@contextmanager
def opened(
    repo: Repository | Path,
    *,
    cache: str | None = None,
    home: str | None = None,
    programs: Programs | None = None,
    **asked: str | bool | None,
) -> Iterator[OpenedChange]:
    """Open a change from code that is not async; keyword arguments are those of Request."""
    path = repo.root if isinstance(repo, Repository) else repo
    request = Request(**{"path": str(path), **asked})  # type: ignore[arg-type] # checked when run
    change = open_change(request, programs=programs or Sandbox(), cache=cache, home=home)
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(change) as it,
    ):
        yield it


def contents(root: str) -> dict[str, str]:
    """Path → text of every file below a directory."""
    found = (each for each in Path(root).rglob("*") if each.is_file())
    return {
        str(each.relative_to(root)): each.read_bytes().decode("utf-8", "surrogateescape")
        for each in found
    }
