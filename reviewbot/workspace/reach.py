"""Three ways to the commits: they are here, they are fetched, or their files are all there is."""

from dataclasses import dataclass
from pathlib import Path

from reviewbot.process import Programs
from reviewbot.workspace.fetch import Remote, fetched_repository
from reviewbot.workspace.planted import Planted, plant
from reviewbot.workspace.repository import open_repository
from reviewbot.workspace.selection import Request, Selection, select, select_planted
from reviewbot.workspace.store import Store, create_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Two sides, and our own git directory that holds them.

    Attributes:
        root: absolute path of the user's working tree, or empty without one.
        store: reads both sides.
        selection: which they are.
    """

    root: str
    store: Store
    selection: Selection


async def reach(
    request: Request, *, own: Path, programs: Programs, program: str, home: str | None
) -> Reached:
    """Find the commits of a request, wherever they are.

    Args:
        request: what to review.
        own: a private folder for git directories of our own.
        programs: who starts git.
        program: absolute path of git.
        home: the user's home; of git's settings there only the ignore rules count.

    Raises:
        UsageError: the request cannot be met; the hint says what to do.
        ToolError: git is missing, failed, or reaches nothing.
    """
    reaching = _Reaching(request=request, own=own, programs=programs, program=program)
    if request.planted is not None:
        return await reaching.planted(request.planted)
    if request.remote is not None:
        return await reaching.fetched(request.remote)
    return await reaching.present(home)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reaching:
    request: Request
    own: Path
    programs: Programs
    program: str

    async def present(self, home: str | None) -> Reached:
        """The repository of the request's path."""
        repository = await open_repository(
            self.request.path, programs=self.programs, program=self.program, home=home
        )
        store = create_store(self.own / "store", repository)
        selection = await select(self.request, repository, store)
        return Reached(root=repository.root, store=store, selection=selection)

    async def fetched(self, remote: Remote) -> Reached:
        """The same when it has the commits, else what the forge hands out."""
        repository = await fetched_repository(
            remote,
            checkout=self.request.path,
            folder=self.own / "fetched",
            programs=self.programs,
            program=self.program,
        )
        store = create_store(self.own / "store", repository)
        selection = await select(self.request, repository, store)
        return Reached(root=repository.root, store=store, selection=selection)

    async def planted(self, planted: Planted) -> Reached:
        """Two trees of the files that are given."""
        repository, sides = await plant(
            planted, folder=self.own / "planted", programs=self.programs, program=self.program
        )
        store = create_store(self.own / "store", repository)
        selection = select_planted(self.request, planted, sides)
        return Reached(root="", store=store, selection=selection)
