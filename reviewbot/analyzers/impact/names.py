"""What a name in one file stands for in the whole program."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewbot.analyzers.impact.modules import Modules
from reviewbot.analyzers.impact.summary import Binding, Summary

Node = tuple[str, str]
"""A path and a symbol of that file, ``ANY`` or ``EFFECTS``."""

ANY = "*"
"""Some symbol of the file, it is not known which."""

EFFECTS = "<effects>"
"""The statements of a module that bind no name."""

MAIN = "<main>"
"""What stands under ``if __name__ == "__main__"``."""

_GETATTR = "__getattr__"
_Seen = frozenset[tuple[str, str]]


class Names:
    """Resolves chains such as ``pkg.api.send`` through imports, re-exports and sub-modules."""

    def __init__(self, modules: Modules, summaries: Mapping[str, Summary]) -> None:
        """Index the bindings of all files by name."""
        self.modules = modules
        self._summaries = summaries
        self._known: dict[tuple[str, str], tuple[Node, ...]] = {}
        self._bindings: dict[str, dict[str, list[Binding]]] = {}
        self._stars: dict[str, list[str]] = {}
        self._roots: dict[str, set[str]] = {}
        for path, summary in summaries.items():
            by_name: dict[str, list[Binding]] = defaultdict(list)
            for binding in summary.imports:
                by_name[binding.name].append(binding)
            self._bindings[path] = by_name
        for path, by_name in self._bindings.items():
            stems = (self._module(path, binding) for binding in by_name.pop(ANY, ()))
            self._stars[path] = [
                self.modules.files[stem] for stem in stems if stem in self.modules.files
            ]
            if not (self._stars[path] or summaries[path].unknown):
                self._roots[path] = {*by_name, *summaries[path].symbols}

    def targets(self, path: str, chain: str) -> tuple[Node, ...]:
        """The nodes that a chain in a file reaches; every re-export on the way is one of them."""
        key = (path, chain)
        if key not in self._known:
            root, *rest = chain.split(".")
            if path in self._roots and root not in self._roots[path]:
                return ()  # a local name or a builtin, as most are
            if path in self._roots and root not in self._bindings[path]:
                return ((path, root),)  # a symbol of the file itself, as most of the others
            found = self._named(path, root, rest, frozenset())
            self._known[key] = tuple(dict.fromkeys(found))
        return self._known[key]

    def dotted(self, path: str, text: str) -> tuple[Node, ...]:
        """The nodes that a string such as ``pkg.mod:name`` means: longest module, then symbol."""
        parts = text.partition("=")[2].strip() if "=" in text else text
        names = parts.partition("[")[0].strip().replace(":", ".").split(".")
        for length in range(len(names), 0, -1):
            stem = self.modules.find(".".join(names[:length]), path)
            if stem is not None:
                rest = names[length:]
                if length == 1 and rest and not self.has(self.modules.files.get(stem), rest[0]):
                    return ()
                return tuple(self._inside(stem, rest, frozenset()))
        return ()

    def foreign(self, path: str) -> frozenset[str]:
        """The names that a file binds to modules from elsewhere, and to nothing else."""
        found = frozenset(
            name
            for name, bindings in self._bindings[path].items()
            if all(each.attribute is None and self._module(path, each) is None for each in bindings)
        )
        return found.difference(self._summaries[path].symbols)

    def imported(self, path: str) -> Iterator[str]:
        """The files that a file's imports load."""
        for binding in self._summaries[path].imports:
            stem = self._module(path, binding)
            if stem is None:
                continue
            below = self.modules.inside(stem, binding.attribute or "")
            for each in (stem, below):
                if each in self.modules.files:
                    yield self.modules.files[each]

    def _module(self, path: str, binding: Binding) -> str | None:
        if binding.level:
            return self.modules.relative(path, binding.level, binding.module)
        return self.modules.find(binding.module, path)

    def _named(self, path: str, name: str, rest: Sequence[str], seen: _Seen) -> Iterator[Node]:
        if (path, name) in seen:
            return
        seen |= {(path, name)}
        summary = self._summaries[path]
        bindings = self._bindings[path].get(name, ())
        if summary.unknown:
            yield (path, ANY)
        elif bindings or name in summary.symbols:
            yield (path, name)
        else:
            for source in self._stars[path]:
                if self.has(source, name):
                    yield from self._named(source, name, rest, seen)
        for binding in bindings:
            yield from self._bound(path, binding, rest, seen)

    def _bound(
        self, path: str, binding: Binding, rest: Sequence[str], seen: _Seen
    ) -> Iterator[Node]:
        if binding.attribute is None and not binding.aliased:
            stem = self.modules.find(binding.name, path)
        else:
            stem = self._module(path, binding)
        if stem is not None:
            parts = rest if binding.attribute is None else (binding.attribute, *rest)
            yield from self._inside(stem, parts, seen)

    def _inside(self, stem: str, parts: Sequence[str], seen: _Seen) -> Iterator[Node]:
        file = self.modules.files.get(stem)
        if not parts:
            if file is not None:
                yield (file, ANY)
            return
        name, *rest = parts
        below = self.modules.inside(stem, name)
        if below is not None:
            yield from self._inside(below, rest, seen)
        if file is not None:
            if self.has(file, name):
                yield from self._named(file, name, rest, seen)
            elif below is None:
                yield from self._missing(file, name)

    def _missing(self, file: str, name: str) -> Iterable[Node]:
        """A name that the file does not bind: it may have been deleted, or be made on demand."""
        if _GETATTR in self._summaries[file].symbols:
            return ((file, name), (file, _GETATTR))
        return ((file, name),)

    def has(self, file: str | None, name: str) -> bool:
        """Whether a file binds a name, itself or by ``import *``."""
        stack, seen = [file], set()
        while stack:
            each = stack.pop()
            if each is None or each in seen:
                continue
            seen.add(each)
            summary = self._summaries[each]
            if summary.unknown or name in summary.symbols or name in self._bindings[each]:
                return True
            stack.extend(self._stars[each])
        return False
