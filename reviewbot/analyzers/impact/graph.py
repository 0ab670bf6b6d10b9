"""Who depends on whom: from every symbol to the symbols that may behave differently with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname

from reviewbot.analyzers.impact.modules import Modules
from reviewbot.analyzers.impact.names import ANY, EFFECTS, MAIN, Names, Node
from reviewbot.analyzers.impact.summary import Summary, Symbol

_CONFTEST = "conftest.py"
_HOOK = "pytest_"
_LOADERS = frozenset(
    {
        *("-m", "executable", "subprocess", "Popen", "system", "check_output", "check_call"),
        *("pexpect", "runpy", "script_runner", "pytester", "testdir", "entry_points"),
        *("iter_entry_points", "load_entry_point", "stevedore"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A node that the change reaches.

    Attributes:
        distance: number of steps from the nearest changed symbol.
        before: the node it was reached from; None for a changed symbol.
    """

    distance: int
    before: Node | None


class Graph:
    """The reverse edges of a tree: node → the nodes that depend on it."""

    def __init__(
        self,
        summaries: Mapping[str, Summary],
        *,
        tests: Iterable[str],
        aliases: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Build all edges.

        Args:
            summaries: of every Python file.
            tests: paths of the test files.
            aliases: a word → the dotted names it stands for (console scripts, plugin groups).
        """
        self._summaries = summaries
        self._tests = tuple(tests)
        self.names = Names(Modules(summaries), summaries)
        self._aliases = {**dict(_programs(summaries)), **aliases}
        self._edges: dict[Node, list[Node]] = defaultdict(list)
        for path, summary in summaries.items():
            self._file(path, summary)
        self._fixtures()

    def reach(self, changed: Iterable[Node]) -> dict[Node, Reached]:
        """Everything the changed nodes reach, breadth first; of equal ways the first by name."""
        found = {node: Reached(distance=0, before=None) for node in sorted(changed)}
        wave = list(found)
        while wave:
            following: list[Node] = []
            for node in wave:
                for after in self._after(node):
                    if after not in found:
                        step = after[1] != ANY
                        found[after] = Reached(distance=found[node].distance + step, before=node)
                        following.append(after)
            wave = following
        return found

    def forward(self) -> dict[Node, list[Node]]:
        """The edges as the code has them: node → what it depends on."""
        found: dict[Node, list[Node]] = defaultdict(list)
        for node, dependents in self._edges.items():
            for each in dependents:
                found[each].append(node)
        return found

    def importers(self, path: str) -> set[str]:
        """The files that import a file, directly or through others."""
        loaded_by: dict[str, list[str]] = defaultdict(list)
        for each in self._summaries:
            for loaded in self.names.imported(each):
                loaded_by[loaded].append(each)
        found, stack = set[str](), [path]
        while stack:
            for importer in loaded_by[stack.pop()]:
                if importer not in found:
                    found.add(importer)
                    stack.append(importer)
        return found

    def broken(self, changed: Iterable[Node]) -> set[str]:
        """The files that import a name which the change took away: they no longer load."""
        gone = {
            (path, name)
            for path, name in changed
            if name not in {ANY, EFFECTS, MAIN} and not self.names.has(path, name)
        }
        return {
            path
            for path, summary in self._summaries.items()
            if gone
            for binding in summary.imports
            if binding.top and not gone.isdisjoint(self.names.targets(path, binding.name))
        }

    def _after(self, node: Node) -> Iterator[Node]:
        yield from self._edges.get(node, ())
        if node[1] != ANY:
            yield (node[0], ANY)

    def _depends(self, node: Node, on: Iterable[Node]) -> None:
        for each in on:
            if each != node:
                self._edges[each].append(node)

    def _file(self, path: str, summary: Summary) -> None:
        if summary.unknown:
            for loaded in self.names.imported(path):
                self._depends((path, EFFECTS), [(loaded, ANY)])
        for name, symbol in summary.symbols.items():
            owner = name.partition(".")[0]
            self._depends((path, name), self._mentioned(path, symbol))
            if owner != name:
                self._depends((path, owner), [(path, name)])
        for chain, registered in summary.registrations:
            self._register(path, chain, registered)

    def _mentioned(self, path: str, symbol: Symbol) -> set[Node]:
        found: set[Node] = set()
        for chain in symbol.chains:
            found.update(self.names.targets(path, chain))
        dotted = [*symbol.dotted]
        for word in (*symbol.words, *symbol.dotted) if self._may_load(symbol) else ():
            dotted.extend(self._aliases.get(word, ()))
        for text in dotted:
            found.update(self.names.dotted(path, text))
        return found

    def _may_load(self, symbol: Symbol) -> bool:
        """Whether code starts programs or loads plugins, so that a plain word may be one."""
        if not self._aliases:
            return False
        return not _LOADERS.isdisjoint((*".".join(symbol.chains).split("."), *symbol.words))

    def _register(self, path: str, chain: str, registered: Iterable[str]) -> None:
        """``@registry.add`` on f, or ``registry.add(f)``: who uses the registry depends on f."""
        owner = chain.rpartition(".")[0]
        owners = self.names.targets(path, owner)
        registries = {node for node in owners if node[1] in self._summaries[node[0]].symbols}
        for file, name in self.names.targets(path, chain):
            registries |= self._containers(file, name)
        found = [node for each in registered for node in self.names.targets(path, each)]
        for registry in registries:
            self._depends(registry, found)

    def _containers(self, file: str, name: str) -> set[Node]:
        summary = self._summaries[file]
        symbol = summary.symbols.get(name, Symbol())
        return {(file, each) for each in summary.containers if each in symbol.chains}

    def _fixtures(self) -> None:
        wanted = self._requests()
        for path, summary in self._summaries.items():
            everywhere = basename(path) != _CONFTEST and path not in self._tests
            below = "" if everywhere else dirname(path) if basename(path) == _CONFTEST else path
            for symbol, name, autouse in summary.fixtures:
                users = [node for node in wanted.get(name, ()) if _under(node[0], below)]
                if autouse:
                    users += [(test, EFFECTS) for test in self._tests if _under(test, below)]
                for user in users:
                    self._depends(user, [(path, symbol)])
            if basename(path) == _CONFTEST:
                self._hooks(path, summary)

    def _hooks(self, path: str, summary: Summary) -> None:
        hooks = [name for name in summary.symbols if name.startswith(_HOOK) or name == EFFECTS]
        for test in self._tests:
            if _under(test, dirname(path)):
                self._depends((test, EFFECTS), [(path, name) for name in hooks])

    def _requests(self) -> dict[str, list[Node]]:
        """Fixture name → the symbols that ask for it by parameter or by a string."""
        fixtures = {name for each in self._summaries.values() for _, name, _ in each.fixtures}
        wanted: dict[str, list[Node]] = defaultdict(list)
        for path, summary in self._summaries.items():
            for name, symbol in summary.symbols.items():
                for asked in fixtures.intersection((*symbol.parameters, *symbol.words)):
                    wanted[asked].append((path, name))
        return wanted


def _programs(summaries: Mapping[str, Summary]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Packages that ``python -m`` starts: their name → their ``__main__``."""
    for path in summaries:
        folder, name = dirname(path), basename(path)
        if name == "__main__.py" and folder:
            dotted = folder.removeprefix("src/").replace("/", ".")
            yield dotted, (f"{dotted}.__main__",)


def _under(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")
