"""Price the index of the test selection beside ``ast.parse`` on the same files.

Usage: ``python -m benchmarks.impact_index CLONES PROJECT... [--json FILE]``, where ``CLONES`` holds
one clone per project, by its name.
"""

import argparse
import ast
import json
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import anyio

from benchmarks.impact import git, tree_of
from reviewbot.analyzers.impact import select
from reviewbot.analyzers.impact.configuration import Configuration
from reviewbot.analyzers.impact.index import Index
from reviewbot.analyzers.impact.store import Store
from reviewbot.process import Command, Completed, Sandbox
from reviewbot.review.analysis import Change, Tree, Trust
from reviewbot.review.diff import Diff, FileDiff, FileStatus


class Metered:
    """The sandbox, adding up what its programs cost."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self.cpu_seconds = 0.0

    @property
    def notes(self) -> tuple[str, ...]:
        """As the sandbox has them."""
        return self._sandbox.notes

    async def run(self, command: Command) -> Completed:
        """Run it and remember its price."""
        done = await self._sandbox.run(command)
        self.cpu_seconds += done.cpu_seconds
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds on the newest commit of a project: ``ast.parse`` alone, and the two indexes."""

    project: str
    megabytes: float
    parse: float
    cold: float
    warm: float
    select: float


def cost(project: str, clone: Path) -> Cost:
    """Index all Python files of the newest commit twice, then select for its largest module."""
    with tempfile.TemporaryDirectory(prefix="impact-") as folder:
        Path(folder).chmod(0o755)
        tree = tree_of(clone, git(clone, "rev-parse", "HEAD").strip(), Path(folder, "head"))
        paths = sorted(path for path in tree.files if path.endswith(".py"))
        sources = [Path(tree.root, path).read_bytes() for path in paths]
        cache = str(Path(folder, "cache"))
        is_test = Configuration().is_test
        _, path = max((len(s), p) for s, p in zip(sources, paths, strict=True) if not is_test(p))
        one = FileDiff(status=FileStatus.ADDED, path=path, old_path=None)
        change = Change(
            diff=Diff(files=(one,)), head=tree, base=tree, trust=Trust.UNTRUSTED, cache=cache
        )
        return Cost(
            project=project,
            megabytes=sum(map(len, sources)) / 1e6,
            parse=_cpu(lambda _: _parse(sources)),
            cold=_cpu(lambda programs: _index(programs, cache, tree, paths)),
            warm=_cpu(lambda programs: _index(programs, cache, tree, paths)),
            select=_cpu(lambda programs: anyio.run(select, change, programs)),
        )


def _index(programs: Metered, cache: str, tree: Tree, paths: Sequence[str]) -> None:
    anyio.run(Index(programs=programs, store=Store(cache)).summaries, tree, paths)


def _parse(sources: Sequence[bytes]) -> None:
    warnings.simplefilter("ignore")
    for source in sources:
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            ast.parse(source)


def _cpu(work: Callable[[Metered], object]) -> float:
    programs = Metered()
    start = time.process_time()
    work(programs)
    return time.process_time() - start + programs.cpu_seconds


def cost_table(costs: Sequence[Cost]) -> Iterator[str]:
    """One line per project."""
    yield f"{'project':24}    MB  parse   cold  ratio   warm  select (CPU s)"
    for each in costs:
        yield (
            f"{each.project:24} {each.megabytes:5.1f} {each.parse:6.2f} {each.cold:6.2f}"
            f" {each.cold / each.parse:6.2f} {each.warm:6.2f} {each.select:6.2f}"
        )


def main() -> None:
    """Measure, print the table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("clones", type=Path)
    parser.add_argument("projects", nargs="+")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    costs = [cost(project, asked.clones / project) for project in asked.projects]
    print("\n".join(cost_table(costs)))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) for each in costs], indent=1))


if __name__ == "__main__":
    main()
