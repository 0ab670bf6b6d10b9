"""What shape a piece of a syntax tree has."""

import ast
from collections.abc import Iterable, Iterator

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_CONTAINERS = frozenset({"dict", "list", "set", "OrderedDict", "defaultdict", "deque"})


def chain(node: ast.AST | None) -> str:
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


def fixture(decorator: ast.expr, function: str) -> tuple[str, bool]:
    """The name of a pytest fixture, and whether every test has it."""
    name, autouse = function, False
    for keyword in getattr(decorator, "keywords", ()):
        value = getattr(keyword.value, "value", None)
        if keyword.arg == "name" and isinstance(value, str):
            name = value
        elif keyword.arg == "autouse":
            autouse = value is not False
    return name, autouse


def is_main(node: ast.If) -> bool:
    """Whether it is ``if __name__ == "__main__"``."""
    compared = node.test
    return isinstance(compared, ast.Compare) and getattr(compared.left, "id", "") == "__name__"


def is_container(value: ast.expr | None) -> bool:
    """Whether it makes a list, dict or set that others may fill."""
    if isinstance(value, ast.Call):
        return chain(value.func).rpartition(".")[2] in _CONTAINERS
    return isinstance(value, ast.Dict | ast.List | ast.Set)


def unpacked(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """The single targets in ``a, (b, *c) = …``."""
    stack = list(targets)
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Tuple | ast.List):
            stack.extend(target.elts)
        elif isinstance(target, ast.Starred):
            stack.append(target.value)
        else:
            yield target


def is_docstring(node: ast.AST) -> bool:
    """Whether it is a constant alone: a docstring, or ``...``."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def header(statement: ast.stmt) -> list[ast.AST]:
    """What a compound statement evaluates itself: its test, iterable, items or subject."""
    found: list[ast.AST] = []
    for field, value in vars(statement).items():
        if field not in _BLOCKS:
            values = value if isinstance(value, list) else [value]
            found.extend(each for each in values if isinstance(each, ast.AST))
    return found


def inner(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement, part by part."""
    for field in _BLOCKS:
        for each in getattr(statement, field, ()):
            if isinstance(each, ast.stmt):
                yield [each]
            else:
                yield each.body
