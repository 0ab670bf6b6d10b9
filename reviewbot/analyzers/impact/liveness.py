"""Which tests can run which code: a method needs its class, and somebody who says its name.

The symbol graph alone takes a class as one: who uses a class is reached by every method of it.
Here a method that nobody's name reaches stays asleep. This is rapid type analysis (Bacon and
Sweeney, OOPSLA 1996) by names instead of types: a set of tests per symbol, as the bits of one
number, that grows until nothing changes.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.analyzers.impact.graph import Graph
from reviewbot.analyzers.impact.names import ANY, EFFECTS, Node
from reviewbot.analyzers.impact.summary import Summary, Symbol

_HARMLESS = frozenset(
    {
        *("object", "Exception", "ValueError", "RuntimeError", "TypeError", "KeyError"),
        *("ABC", "abc.ABC", "Generic", "typing.Generic", "Protocol", "typing.Protocol"),
    }
)
"""Bases that call no method of a subclass but by the protocols of the language."""


class Liveness:
    """For every symbol the test files, of those asked about, that may run it."""

    def __init__(
        self, graph: Graph, summaries: Mapping[str, Summary], tests: Iterable[str]
    ) -> None:
        """Spread the given test files from their own symbols to all they may run."""
        self._summaries = summaries
        self._tests = tuple(tests)
        self._forward = graph.forward()
        self._said = _Said(graph, summaries)
        self._methods: dict[Node, list[tuple[Node, str]]] = defaultdict(list)
        self._named: dict[str, list[tuple[Node, Node]]] = defaultdict(list)
        for owner, node, name in _methods(summaries):
            self._methods[owner].append((node, name))
            self._named[name].append((owner, node))
        self._always = _called_by_others(graph, summaries, self._said)
        self._live: dict[Node, int] = defaultdict(int)
        self._names: dict[str, int] = defaultdict(int)
        self._waiting: dict[Node, int] = {}
        self._found: dict[Node, tuple[Node, ...]] = {}
        self._spread()

    def tests(self, nodes: Iterable[Node]) -> frozenset[str]:
        """The test files that may run any of the nodes."""
        bits = 0
        for node in nodes:
            bits |= self._live.get(node, 0)
        return frozenset(test for place, test in enumerate(self._tests) if bits >> place & 1)

    def _spread(self) -> None:
        """In waves, so that a node gathers bits before it passes them on."""
        for place, test in enumerate(self._tests):
            for name in (EFFECTS, *self._summaries[test].symbols):
                self._wake((test, name), 1 << place)
        while self._waiting:
            wave, self._waiting = self._waiting, {}
            self._pass_on(wave)

    def _wake(self, node: Node, bits: int) -> None:
        new = bits & ~self._live[node]
        if new:
            self._live[node] |= new
            self._waiting[node] = self._waiting.get(node, 0) | new

    def _pass_on(self, wave: Mapping[Node, int]) -> None:
        """What ``_wake`` does to what a node runs is written out: this is where the time goes."""
        live, waiting = self._live, self._waiting
        for node, bits in wave.items():
            for after in self._after(node):
                if new := bits & ~live[after]:
                    live[after] |= new
                    waiting[after] = waiting.get(after, 0) | new
            for method, name in self._methods.get(node, ()):
                self._wake(method, bits if method in self._always else bits & self._names[name])
            self._say(node, bits)

    def _say(self, node: Node, bits: int) -> None:
        names = self._names
        for name in self._said.by(node):
            if new := bits & ~names[name]:
                names[name] |= new
                for owner, method in self._named[name]:
                    self._wake(method, new & self._live[owner])

    def _after(self, node: Node) -> tuple[Node, ...]:
        if node not in self._found:
            self._found[node] = tuple(self._runs(node))
        return self._found[node]

    def _runs(self, node: Node) -> Iterator[Node]:
        """What a symbol may run without saying a method's name."""
        path, name = node
        own = f"{name}."
        if name != EFFECTS:
            yield (path, EFFECTS)
        if name == ANY and path in self._summaries:
            for each in self._summaries[path].symbols:
                if "." not in each:
                    yield (path, each)
        for after in self._forward.get(node, ()):
            if after[0] != path or not after[1].startswith(own):
                yield after


class _Said:
    """Which method names each symbol says, as an attribute, a word or a part of a string."""

    def __init__(self, graph: Graph, summaries: Mapping[str, Summary]) -> None:
        self._known = {name for _, _, name in _methods(summaries)}
        self._forwards = sorted(self._known)
        self._backwards = sorted(name[::-1] for name in self._known)
        self._parts: dict[str, tuple[str, ...]] = {}
        self._by: dict[Node, frozenset[str]] = {}
        for path, summary in summaries.items():
            foreign = graph.names.foreign(path)
            for name, symbol in summary.symbols.items():
                self._by[path, name] = self._names(symbol, foreign)
        self.anywhere = frozenset().union(*self._by.values())

    def by(self, node: Node) -> frozenset[str]:
        """The method names that a symbol says."""
        return self._by.get(node, frozenset())

    def _names(self, symbol: Symbol, foreign: frozenset[str]) -> frozenset[str]:
        """All but what a foreign module holds: ``subprocess.run`` is no ``run`` of ours."""
        words = set(symbol.words)
        for chain in symbol.chains:
            root, *rest = chain.split(".")
            words.update(rest[1:] if root in foreign else rest)
        for text in symbol.dotted:
            words.update(text.replace(":", ".").split("."))
        found = words & self._known
        for word in words - found:
            if "_" in {word[:1], word[-1:]}:
                found.update(self._completed(word))
        return frozenset(found)

    def _completed(self, part: str) -> tuple[str, ...]:
        """The names that a part of one may grow into: ``getattr(self, "visit_" + kind)``."""
        if part not in self._parts:
            before = part.endswith("_")
            found = _starting(self._forwards, part) if before else _ending(self._backwards, part)
            self._parts[part] = tuple(found)
        return self._parts[part]


def _starting(names: Sequence[str], part: str) -> Iterator[str]:
    """The sorted names that start with a part."""
    for place in range(bisect_left(names, part), len(names)):
        if not names[place].startswith(part):
            return
        yield names[place]


def _ending(backwards: Sequence[str], part: str) -> Iterator[str]:
    return (name[::-1] for name in _starting(backwards, part[::-1]))


def _methods(summaries: Mapping[str, Summary]) -> Iterator[tuple[Node, Node, str]]:
    """Class, method and the method's own name."""
    for path, summary in summaries.items():
        for each in summary.symbols:
            owner, _, name = each.partition(".")
            if name:
                yield (path, owner), (path, each), name


def _called_by_others(
    graph: Graph, summaries: Mapping[str, Summary], said: _Said
) -> frozenset[Node]:
    """Methods that live with their class: nobody here need say their name.

    Those of the language (``__enter__``), those that a decorator hands to somebody, those of a
    class with a base from elsewhere, and those whose name nobody says at all: somebody must.
    """
    foreign = _foreign(graph, summaries)
    found = set()
    for owner, node, name in _methods(summaries):
        special = name.startswith("_") and name.endswith("_")
        decorated = node[1] in summaries[node[0]].decorated
        if special or decorated or owner in foreign or name not in said.anywhere:
            found.add(node)
    return frozenset(found)


def _foreign(graph: Graph, summaries: Mapping[str, Summary]) -> frozenset[Node]:
    """Classes with a base, direct or not, that is not of this tree and may call their methods."""
    bases: dict[Node, set[Node]] = {}
    found: set[Node] = set()
    for path, summary in summaries.items():
        for name, chains in summary.classes.items():
            bases[path, name] = set()
            for chain in chains:
                targets = graph.names.targets(path, chain)
                ours = {each for each in targets if each[1] in summaries[each[0]].classes}
                bases[path, name] |= ours
                if not ours and chain not in _HARMLESS:
                    found.add((path, name))
    size = -1
    while size != len(found):
        size = len(found)
        found |= {each for each, above in bases.items() if not found.isdisjoint(above)}
    return frozenset(found)
