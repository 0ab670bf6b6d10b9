"""The names that statements bind: imports, variables, class attributes and ``self.x``."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from reviewbot.review.symbols import parse_module

STAR = "*"
_Import = ast.Import | ast.ImportFrom
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A name that a statement binds.

    Attributes:
        name: dotted from the module, e.g. ``Client.timeout``; ``*`` for a star import.
        first_line: of the statement, or of the one imported name.
        last_line: inclusive.
    """

    name: str
    first_line: int
    last_line: int


def bindings(text: str) -> tuple[Binding, ...]:
    """What a module binds beside its definitions, in order; local variables are left out."""
    tree = parse_module(text)
    return () if tree is None else tuple(_walk(tree))


def _walk(tree: ast.Module) -> Iterator[Binding]:
    stack: list[tuple[str, bool, ast.AST]] = [("", False, each) for each in reversed(tree.body)]
    while stack:
        prefix, local, node = stack.pop()
        yield from _bound(node, prefix, local=local)
        if isinstance(node, ast.ClassDef):
            prefix, local = f"{prefix}{node.name}.", False
        elif isinstance(node, _Function):
            local = True
        children = (
            each
            for each in ast.iter_child_nodes(node)
            if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case)
        )
        stack.extend((prefix, local, each) for each in reversed(list(children)))


def _bound(node: ast.AST, prefix: str, *, local: bool) -> Iterator[Binding]:
    if isinstance(node, _Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            yield _binding(f"{prefix}{name}" if name != STAR else STAR, alias)
    for target in _targets(node):
        name = _own_name(target, prefix, local=local)
        if name and isinstance(node, ast.stmt):
            yield _binding(name, node)


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    stack: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        stack = list(reversed(node.targets))
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For):
        stack = [node.target]
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Tuple | ast.List):
            stack.extend(reversed(target.elts))
        else:
            yield target


def _own_name(target: ast.expr, prefix: str, *, local: bool) -> str:
    """The dotted name of a target: a variable outside functions, or an attribute of ``self``."""
    if isinstance(target, ast.Name):
        return "" if local else f"{prefix}{target.id}"
    of_self = (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and target.value.id == "self"
    )
    return f"{prefix}{target.attr}" if of_self and isinstance(target, ast.Attribute) else ""


def _binding(name: str, node: ast.stmt | ast.alias) -> Binding:
    return Binding(name=name, first_line=node.lineno, last_line=node.end_lineno or node.lineno)
