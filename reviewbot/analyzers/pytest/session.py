"""Run tests in a private copy of one tree with the project's own interpreter."""

import os
import shutil
import stat
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio
from anyio.to_thread import run_sync

from reviewbot.analyzers.pytest.junit import LARGEST, Case, parse_report
from reviewbot.errors import ToolCrashed, ToolTimedOut
from reviewbot.process import Command, Limits, Programs
from reviewbot.process.folders import readable_folder
from reviewbot.review.analysis import Environment, Tree

_CONFIGURATIONS = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
_FLAGS = ("-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", "--maxfail=0")
_LONGEST = 512 << 10
_MEMORY = 16 << 30
_ROOTS = ("", "src", "lib", "python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a run.

    Attributes:
        cases: the tests that ended, in order.
        stopped: whether the time was up before all did.
    """

    cases: tuple[Case, ...]
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A copy of a tree, ready to run tests in.

    Attributes:
        folder: absolute path of a directory with the copy in ``tree``.
        configuration: the file that pytest is told to read; ``/dev/null`` for none.
        network: whether the tests may open sockets; many talk to a server of their own.
    """

    programs: Programs
    environment: Environment
    folder: str
    configuration: str
    network: bool

    @property
    def tree(self) -> str:
        """Absolute path of the copy."""
        return str(Path(self.folder, "tree"))

    async def run(self, selectors: Sequence[str], *, until: float) -> Ran:
        """Run test files or node ids, in this order, until a time of the event loop's clock.

        Raises:
            ToolError: pytest cannot be started, or leaves no result although it had the time.
        """
        cases: list[Case] = []
        for chunk in _chunks(selectors):
            seconds = until - anyio.current_time()
            if seconds <= 0:
                return Ran(cases=tuple(cases), stopped=True)
            ran = await self._run(chunk, seconds)
            cases += ran.cases
            if ran.stopped:
                return Ran(cases=tuple(cases), stopped=True)
        return Ran(cases=tuple(cases))

    async def _run(self, selectors: Sequence[str], seconds: float) -> Ran:
        results = Path(self.folder, "results")
        report = results / "junit.xml"
        await run_sync(partial(report.unlink, missing_ok=True))
        command = Command(
            argv=(
                self.environment.python,
                *("-m", "pytest", *_FLAGS, "-c", self.configuration, f"--rootdir={self.tree}"),
                *("-o", "junit_family=xunit1", f"--junit-xml={report}", "--"),
                *(f"./{each}" for each in selectors),
            ),
            cwd=self.tree,
            environment=_environment(self.tree),
            writable=(self.tree, str(results)),
            limits=Limits(seconds=seconds, memory=_MEMORY, processes=1024),
            interrupt_first=True,
            network=self.network,
        )
        stopped, ended = False, ""
        try:
            done = await self.programs.run(command)
            ended = f"exit {done.returncode}: {_tail(done.stdout or done.stderr)}"
        except ToolTimedOut:
            stopped = True
        data = await run_sync(_read, report)
        if data is None and not stopped:
            raise ToolCrashed(f"pytest left no result ({ended})")
        return Ran(cases=parse_report(data) if data else (), stopped=stopped)


@asynccontextmanager
async def session(
    tree: Tree, rules: Tree, *, environment: Environment, programs: Programs, network: bool
) -> AsyncIterator[Session]:
    """A private, writable copy of a tree under the test configuration of another; gone afterwards.

    Args:
        tree: the code and its tests.
        rules: whose test configuration counts.
        environment: the project's.
        programs: starts everything.
        network: whether the tests may open sockets.
    """
    stack = ExitStack()
    folder = stack.enter_context(readable_folder())
    try:
        await run_sync(_prepare, folder, tree, rules)
        yield Session(
            programs=programs,
            environment=environment,
            folder=str(folder),
            configuration=_configuration(rules),
            network=network,
        )
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(stack.close)


def _prepare(folder: Path, tree: Tree, rules: Tree) -> None:
    (folder / "results").mkdir()
    copy = folder / "tree"
    shutil.copytree(tree.root, copy, symlinks=True)
    for name in _CONFIGURATIONS:
        (copy / name).unlink(missing_ok=True)
        if name in rules.files:
            shutil.copyfile(Path(rules.root, name), copy / name)


def _configuration(rules: Tree) -> str:
    """The first file that pytest itself would take."""
    sections = {
        "tox.ini": "[pytest]",
        "setup.cfg": "[tool:pytest]",
        "pyproject.toml": "tool.pytest",
    }
    for name in _CONFIGURATIONS:
        if name in rules.files:
            text = Path(rules.root, name).read_text("utf-8", "replace")
            if sections.get(name, "") in text:
                return f"./{name}"
    return "/dev/null"


def _environment(tree: str) -> Mapping[str, str]:
    """The copy comes before everything installed: an editable install points at the original.

    ``PYTHONSAFEPATH`` is lifted: a test may start a script that imports its neighbours.
    """
    roots = [str(Path(tree, each)) for each in _ROOTS if Path(tree, each).is_dir()]
    return {"PYTHONPATH": os.pathsep.join(_outermost(roots)), "PYTHONSAFEPATH": ""}


def _outermost(roots: Sequence[str]) -> list[str]:
    """A folder that is a package itself is no place to import from."""
    found = [root for root in roots if not Path(root, "__init__.py").exists()]
    return [*found[1:], *found[:1]]


def _read(report: Path) -> bytes | None:
    """The result file, if it is a regular one; at most one byte more than is allowed."""
    try:
        number = os.open(report, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(number, "rb") as file:  # noqa: PTH123 - opened by number, so that no link is followed
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return None
        return file.read(LARGEST + 1)


def _chunks(selectors: Sequence[str]) -> Iterator[list[str]]:
    """The selectors in order, in parts that fit a command line."""
    chunk: list[str] = []
    size = 0
    for each in selectors:
        size += len(each) + 9
        if chunk and size > _LONGEST:
            yield chunk
            chunk, size = [], len(each) + 9
        chunk.append(each)
    if chunk:
        yield chunk


def _tail(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"
