"""Which functions and classes a source text defines, and which one a line is in."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LARGEST = 1 << 20
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A function or class of a module.

    Attributes:
        name: dotted from the module, e.g. ``Client.send``.
        first_line: its first decorator's line, or its own.
        body_line: the first line of its body; the lines before it are its signature.
        last_line: inclusive.
        is_class: whether it is a class.
    """

    name: str
    first_line: int
    body_line: int
    last_line: int
    is_class: bool


def parse_module(text: str) -> ast.Module | None:
    """The syntax tree of a module, or None when it cannot be had.

    The parser answers hostile text with any of these errors; a text above 1 MiB is not tried.
    """
    if len(text) > _LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def definitions(text: str) -> tuple[Definition, ...]:
    """All functions and classes of a module, outer ones before what they hold."""
    tree = parse_module(text)
    return () if tree is None else tuple(_walk(tree))


def enclosing(found: Sequence[Definition], line: int) -> str:
    """The dotted name of the innermost definition around a line, or an empty string."""
    around = [each for each in found if each.first_line <= line <= each.last_line]
    return around[-1].name if around else ""


def _walk(tree: ast.Module) -> Iterator[Definition]:
    stack: list[tuple[str, ast.AST]] = [("", node) for node in reversed(tree.body)]
    while stack:
        prefix, node = stack.pop()
        if isinstance(node, _Scope):
            prefix = f"{prefix}{node.name}."
            yield _definition(prefix[:-1], node)
        children = (
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case)
        )
        stack.extend((prefix, child) for child in reversed(list(children)))


def _definition(name: str, node: _Scope) -> Definition:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return Definition(
        name=name,
        first_line=first,
        body_line=node.body[0].lineno,
        last_line=node.end_lineno or node.lineno,
        is_class=isinstance(node, ast.ClassDef),
    )
