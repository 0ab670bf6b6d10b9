"""A program of its own: reads Python files, prints what each one defines and refers to.

Run by path with ``python -I -S`` so that hostile source meets a process that can be killed and
imports nothing but the standard library. One request on stdin, one JSON line per file on stdout::

    {"root": "/tree", "files": [["pkg/a.py", false], ["pkg/b.py", true]], "docstrings": false}
    {"summary": {...}, "digests": {"f": ["9c1e…"]}}

It parses and never imports or executes what it reads.
"""

import ast
import hashlib
import json
import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

LARGEST = 1 << 20
EFFECTS = "<effects>"
MAIN = "<main>"
_ATTRIBUTES = 4
_LONGEST_WORD = 60
_LONGEST_DOTTED = 160
_DOTTED = re.compile(r"(?:[A-Za-z_][\w-]* *= *)?[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)+(?: *\[.*\])?")
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import|import[ \t]+([\w.]+))", re.MULTILINE
)
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_CONTAINERS = frozenset({"dict", "list", "set", "OrderedDict", "defaultdict", "deque"})
_PLAIN = frozenset(
    {
        *("property", "cached_property", "functools.cached_property", "staticmethod"),
        *("classmethod", "abstractmethod", "abc.abstractmethod", "override", "typing.override"),
    }
)
"""Decorators that register nothing: the method is called by its name or not at all."""
_LEAVES = frozenset({type(None), str, ast.Load, ast.Store, ast.Del})
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError, OSError)


class Mentions:
    """What a piece of code refers to: chains rooted at a name, dotted strings, other words."""

    __slots__ = ("chains", "dotted", "nodes", "parameters", "words")

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.chains: set[str] = set()
        self.dotted: set[str] = set()
        self.words: set[str] = set()
        self.parameters: set[str] = set()

    def listed(self) -> list[list[str]]:
        """The four sets, sorted: chains, dotted strings, words, parameters."""
        return [sorted(s) for s in (self.chains, self.dotted, self.words, self.parameters)]


class Summary:
    """What one module binds and refers to; built in one pass over its syntax tree."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: list[list[Any]] = []
        self.symbols: dict[str, Mentions] = {}
        self.classes: dict[str, list[str]] = {}
        self.decorated: set[str] = set()
        self.fixtures: list[list[Any]] = []
        self.registrations: list[list[Any]] = []
        self.containers: list[str] = []
        self._block(tree.body)

    def listed(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return {
            "imports": self.imports,
            "symbols": {name: found.listed() for name, found in self.symbols.items()},
            "classes": self.classes,
            "decorated": sorted(self.decorated),
            "fixtures": self.fixtures,
            "registrations": self.registrations,
            "containers": self.containers,
        }

    def _mentions(self, name: str) -> Mentions:
        return self.symbols.setdefault(name, Mentions())

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, _FUNCTION):
                self._function(statement)
            elif isinstance(statement, ast.ClassDef):
                self._class(statement)
            elif isinstance(statement, ast.Import | ast.ImportFrom):
                self._import(statement, top=True)
            elif isinstance(statement, ast.If) and _is_main(statement):
                self._walk([statement], self._mentions(MAIN))
            elif isinstance(statement, _COMPOUND) or type(statement).__name__ == "TryStar":
                self._compound(statement)
            else:
                self._plain(statement)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._walk([node], self._mentions(node.name))
        self._decorated(node)
        for decorator in node.decorator_list:
            if "fixture" in _chain(decorator).rpartition(".")[2]:
                self.fixtures.append([node.name, *_fixture(decorator, node.name)])

    def _class(self, node: ast.ClassDef) -> None:
        self.classes[node.name] = [_chain(base) for base in node.bases]
        own = self._mentions(node.name)
        self._walk([*node.decorator_list, *node.bases, *node.keywords], own)
        self._decorated(node)
        for statement in node.body:
            if isinstance(statement, _FUNCTION):
                self._walk([statement], self._mentions(f"{node.name}.{statement.name}"))
                if not {_chain(each) for each in statement.decorator_list} <= _PLAIN:
                    self.decorated.add(f"{node.name}.{statement.name}")
                for decorator in statement.decorator_list:
                    if "fixture" in _chain(decorator).rpartition(".")[2]:
                        name, autouse = _fixture(decorator, statement.name)
                        self.fixtures.append([node.name, name, autouse])
            elif not _is_docstring(statement):
                self._walk([statement], own)

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        chains = [_chain(decorator) for decorator in node.decorator_list]
        self.registrations.extend([chain, [node.name]] for chain in chains if chain)

    def _compound(self, statement: ast.stmt) -> None:
        effects = self._mentions(EFFECTS)
        self._walk(_header(statement), effects)
        if isinstance(statement, ast.For | ast.AsyncFor):
            self._assign([statement.target], statement.iter)
        for each in _inner(statement):
            self._block(each)

    def _plain(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement.targets, statement.value)
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            self._assign([statement.target], statement.value)
            self._walk([getattr(statement, "annotation", None)], self._mentions(EFFECTS))
        elif not _is_docstring(statement):
            self._walk([statement], self._mentions(EFFECTS))
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                self._register(_chain(statement.value.func), [statement.value])

    def _assign(self, targets: Iterable[ast.expr], value: ast.expr | None) -> None:
        for target in _unpacked(targets):
            if isinstance(target, ast.Name):
                self._walk([value], self._mentions(target.id))
                if _is_container(value):
                    self.containers.append(target.id)
            else:
                self._walk([target, value], self._mentions(EFFECTS))
                self._register(_chain(target), [target, value])

    def _register(self, chain: str, nodes: list[Any]) -> None:
        if "." in chain:
            found = Mentions()
            self._walk(nodes, found)
            self.registrations.append([chain, sorted(found.chains)])

    def _import(self, node: ast.Import | ast.ImportFrom, *, top: bool) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                self.imports.append([bound, alias.name, None, 0, top, bool(alias.asname)])
        else:
            for alias in node.names:
                bound = alias.asname or alias.name
                self.imports.append([bound, node.module or "", alias.name, node.level, top, True])

    def _walk(self, nodes: Iterable[Any], found: Mentions) -> None:  # noqa: C901 - the hot loop: a call per node would double its cost
        """Collect mentions without recursion: depth of the code must not matter."""
        stack = list(nodes)
        found.nodes += stack
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                found.chains.add(node.id)
            elif kind is ast.Attribute:
                self._attribute(node, stack, found)
            elif kind is ast.Constant:
                if type(node.value) is str:
                    _string(node.value, found)
            elif kind in _LEAVES:
                continue
            elif kind is ast.arg:
                found.parameters.add(node.arg)
                stack.append(node.annotation)
            elif kind is ast.Import or kind is ast.ImportFrom:
                self._import(node, top=False)
            else:
                for value in vars(node).values():
                    if type(value) is list:
                        stack.extend(value)
                    elif isinstance(value, ast.AST):
                        stack.append(value)

    @staticmethod
    def _attribute(node: ast.Attribute, stack: list[Any], found: Mentions) -> None:
        parts = [node.attr]
        value = node.value
        while type(value) is ast.Attribute:
            parts.append(value.attr)
            value = value.value
        if type(value) is ast.Name:
            parts.append(value.id)
            found.chains.add(".".join(parts[: -_ATTRIBUTES - 2 : -1]))
            found.words.update(parts[: -_ATTRIBUTES - 1])
        else:
            found.words.update(parts)
            stack.append(value)


def _string(text: str, found: Mentions) -> None:
    if len(text) < _LONGEST_WORD and (text.isidentifier() or text == "-m"):
        found.words.add(text)
    elif len(text) < _LONGEST_DOTTED and _DOTTED.fullmatch(text):
        found.dotted.add(text)


def _chain(node: ast.AST | None) -> str:
    """``a.b.c`` for a name with attributes, called or subscripted or not; else an empty string."""
    parts: list[str] = []
    while node is not None:
        if isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = getattr(node, "func", None) or getattr(node, "value", None)
        if not isinstance(node, ast.AST):
            return ""
    return ""


def _fixture(decorator: ast.expr, function: str) -> tuple[str, bool]:
    name, autouse = function, False
    for keyword in getattr(decorator, "keywords", ()):
        value = getattr(keyword.value, "value", None)
        if keyword.arg == "name" and isinstance(value, str):
            name = value
        elif keyword.arg == "autouse":
            autouse = value is not False
    return name, autouse


def _is_main(node: ast.If) -> bool:
    compared = node.test
    return isinstance(compared, ast.Compare) and getattr(compared.left, "id", "") == "__name__"


def _is_container(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return _chain(value.func).rpartition(".")[2] in _CONTAINERS
    return isinstance(value, ast.Dict | ast.List | ast.Set)


def _unpacked(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    stack = list(targets)
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Tuple | ast.List):
            stack.extend(target.elts)
        elif isinstance(target, ast.Starred):
            stack.append(target.value)
        else:
            yield target


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _header(statement: ast.stmt) -> list[ast.AST]:
    """What a compound statement evaluates itself: its test, iterable, items or subject."""
    found: list[ast.AST] = []
    for field, value in vars(statement).items():
        if field not in _BLOCKS:
            values = value if isinstance(value, list) else [value]
            found.extend(each for each in values if isinstance(each, ast.AST))
    return found


def _inner(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in _BLOCKS:
        for each in getattr(statement, field, ()):
            if isinstance(each, ast.stmt):
                yield [each]
            else:
                yield each.body


def digests(summary: Summary, *, docstrings: bool) -> dict[str, list[str]]:
    """Symbol → a hash per statement that binds it, blind to layout and comments.

    Args:
        summary: of the module.
        docstrings: whether a changed docstring counts (a project that runs doctests).

    Raises:
        RecursionError: code too deep to be written out.
    """
    found: dict[str, list[str]] = {}
    for name, mentions in summary.symbols.items():
        found[name] = [_digest(node, docstrings=docstrings) for node in mentions.nodes if node]
    for bound, *rest, top, _named in summary.imports:
        if top:
            found.setdefault(bound, []).append(repr(rest))
    return found


def _digest(node: ast.AST, *, docstrings: bool) -> str:
    if not docstrings:
        for each in ast.walk(node):
            body = getattr(each, "body", None)
            if isinstance(body, list) and body and _is_docstring(body[0]):
                body[0] = ast.Pass()
    return hashlib.sha256(ast.dump(node).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def summarize(source: bytes, *, wants_digests: bool, docstrings: bool = False) -> dict[str, Any]:
    """The JSON value for one file; ``unknown`` says why it could not be parsed.

    An unknown file still lists what it seems to import, read line by line.
    """
    try:
        if len(source) > LARGEST:
            raise ValueError("larger than 1 MiB")
        summary = Summary(ast.parse(source))
        answer: dict[str, Any] = {"summary": summary.listed()}
        if wants_digests:
            answer["digests"] = digests(summary, docstrings=docstrings)
    except _UNREADABLE as error:
        why = f"{type(error).__name__}: {error}"
        return {"summary": {"unknown": why, "imports": _guess(source)}}
    return answer


def _guess(source: bytes) -> list[list[Any]]:
    found = _IMPORT.findall(source[:LARGEST].decode("utf-8", "replace"))
    names = {(len(dots), part or name) for dots, part, name in found}
    return [[name, name, None, level, True, True] for level, name in sorted(names)]


def main() -> None:
    """Answer the request on stdin."""
    warnings.simplefilter("ignore")
    request = json.load(sys.stdin)
    for path, wants_digests in request["files"]:
        try:
            with open(os.path.join(request["root"], path), "rb") as file:  # noqa: PTH118, PTH123 - pathlib costs a third of the start
                source = file.read(LARGEST + 1)
        except OSError as error:
            source, answer = b"", {"summary": {"unknown": str(error), "imports": []}}
        else:
            answer = summarize(
                source, wants_digests=wants_digests, docstrings=request["docstrings"]
            )
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
