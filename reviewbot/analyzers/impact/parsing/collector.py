"""One pass over the syntax tree of a module: what it binds, and what each binding mentions."""

import ast
import re
from collections.abc import Iterable
from typing import Any

from .shapes import (
    chain,
    fixture,
    header,
    inner,
    is_container,
    is_docstring,
    is_main,
    unpacked,
)

EFFECTS = "<effects>"
MAIN = "<main>"
_ATTRIBUTES = 4
_LONGEST_WORD = 60
_LONGEST_DOTTED = 160
_DOTTED = re.compile(r"(?:[A-Za-z_][\w-]* *= *)?[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)+(?: *\[.*\])?")
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_PLAIN = frozenset(
    {
        *("property", "cached_property", "functools.cached_property", "staticmethod"),
        *("classmethod", "abstractmethod", "abc.abstractmethod", "override", "typing.override"),
    }
)
"""Decorators that register nothing: the method is called by its name or not at all."""
_LEAVES = frozenset({type(None), str, ast.Load, ast.Store, ast.Del})


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


class Collector:
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
            elif isinstance(statement, ast.If) and is_main(statement):
                self._walk([statement], self._mentions(MAIN))
            elif isinstance(statement, _COMPOUND) or type(statement).__name__ == "TryStar":
                self._compound(statement)
            else:
                self._plain(statement)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._walk([node], self._mentions(node.name))
        self._decorated(node)
        for decorator in node.decorator_list:
            if "fixture" in chain(decorator).rpartition(".")[2]:
                self.fixtures.append([node.name, *fixture(decorator, node.name)])

    def _class(self, node: ast.ClassDef) -> None:
        self.classes[node.name] = [chain(base) for base in node.bases]
        own = self._mentions(node.name)
        self._walk([*node.decorator_list, *node.bases, *node.keywords], own)
        self._decorated(node)
        for statement in node.body:
            if isinstance(statement, _FUNCTION):
                self._walk([statement], self._mentions(f"{node.name}.{statement.name}"))
                if not {chain(each) for each in statement.decorator_list} <= _PLAIN:
                    self.decorated.add(f"{node.name}.{statement.name}")
                for decorator in statement.decorator_list:
                    if "fixture" in chain(decorator).rpartition(".")[2]:
                        name, autouse = fixture(decorator, statement.name)
                        self.fixtures.append([node.name, name, autouse])
            elif not is_docstring(statement):
                self._walk([statement], own)

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        chains = [chain(decorator) for decorator in node.decorator_list]
        self.registrations.extend([chain, [node.name]] for chain in chains if chain)

    def _compound(self, statement: ast.stmt) -> None:
        effects = self._mentions(EFFECTS)
        self._walk(header(statement), effects)
        if isinstance(statement, ast.For | ast.AsyncFor):
            self._assign([statement.target], statement.iter)
        for each in inner(statement):
            self._block(each)

    def _plain(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            self._assign(statement.targets, statement.value)
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            self._assign([statement.target], statement.value)
            self._walk([getattr(statement, "annotation", None)], self._mentions(EFFECTS))
        elif not is_docstring(statement):
            self._walk([statement], self._mentions(EFFECTS))
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                self._register(chain(statement.value.func), [statement.value])

    def _assign(self, targets: Iterable[ast.expr], value: ast.expr | None) -> None:
        for target in unpacked(targets):
            if isinstance(target, ast.Name):
                self._walk([value], self._mentions(target.id))
                if is_container(value):
                    self.containers.append(target.id)
            else:
                self._walk([target, value], self._mentions(EFFECTS))
                self._register(chain(target), [target, value])

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

    def _walk(self, nodes: Iterable[Any], found: Mentions) -> None:  # noqa: C901, PLR0912 - the hot loop: a call per node would double its cost
        """Collect mentions without recursion: depth of the code must not matter."""
        stack = list(nodes)
        found.nodes += stack
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is ast.Load:
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
    elif len(text) < _LONGEST_DOTTED and ("." in text or ":" in text) and _DOTTED.fullmatch(text):
        found.dotted.add(text)
