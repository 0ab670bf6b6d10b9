"""Reading the tree of an expression or template: what may stand there, what it asks, its type."""

from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Any, Literal

from jinja2 import nodes

from reviewbot.dag.annotation import classes, text
from reviewbot.dag.declare import allowed
from reviewbot.dag.declare.attributes import attribute_of, element_of, item_of, union
from reviewbot.dag.declare.comparison import compared
from reviewbot.dag.declare.grammar import FORMS, GIVES, LOOP, READS, SELECTS, Loop, Scope
from reviewbot.dag.error import GraphError, nearest


class Inference:
    """One reading of one tree.

    `scope` are the names that may be asked and their annotations. `names` collects those that were
    asked, in order.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: dict[str, None] = {}
        self._wrong: list[str] = []
        self._line = 1

    def check(self) -> None:
        """Say what is wrong.

        Raises:
            GraphError: with everything that was found.
        """
        if self._wrong:
            raise GraphError(dict.fromkeys(self._wrong), phase="declare")

    def _say(self, what: str) -> None:
        place = f" (line {self._line} of it)" if self._line > 1 else ""
        self._wrong.append(f"{what}{place}")

    def statement(self, tree: nodes.Node, inner: Scope = MappingProxyType({})) -> None:
        """Read a part of a template; `inner` are the names of the loops around it."""
        self._line = tree.lineno
        match tree:
            case nodes.Template(body=body):
                self._statements(body, inner)
            case nodes.Output(nodes=parts):
                for part in parts:
                    if not isinstance(part, nodes.TemplateData):
                        self._printed(part, inner)
            case nodes.If():
                self.expression(tree.test, inner)
                self._statements((*tree.body, *tree.elif_, *tree.else_), inner)
            case nodes.For(recursive=False):
                self._loop(tree, inner)
            case _:
                self._refuse(tree)

    def _statements(self, trees: Iterable[nodes.Node], inner: Scope) -> None:
        for tree in trees:
            self.statement(tree, inner)

    def _loop(self, tree: nodes.For, inner: Scope) -> None:
        element = element_of(self.expression(tree.iter, inner))
        names = (
            [tree.target]
            if isinstance(tree.target, nodes.Name)
            else [*tree.target.iter_child_nodes()]
        )
        found: dict[str, Any] = {}
        for name in names:
            if not isinstance(name, nodes.Name) or name.name.startswith("_"):
                self._refuse(name)
            else:
                found[name.name] = element if len(names) == 1 else Any
        within = {**inner, "loop": Loop, **found}
        if tree.test is not None:
            self.expression(tree.test, within)
        self._statements(tree.body, within)
        self._statements(tree.else_, inner)

    def _printed(self, tree: nodes.Expr, inner: Scope) -> None:
        given = self.expression(tree, inner)
        known = classes(given)
        if known and not any(issubclass(one, str | int | float) for one in known):
            self._say(f"a template prints text and numbers, not {text(given)}")

    def expression(self, tree: nodes.Node, inner: Scope = MappingProxyType({})) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912 - one case per form
        """The annotation of what an expression gives."""
        self._line = tree.lineno
        match tree:
            case nodes.Name(name=name):
                return self._name(name, inner)
            case nodes.Const(value=value):
                return Literal[value] if isinstance(value, str | int) else type(value)
            case nodes.List(items=items):
                return self._list(items)
            case nodes.Getattr(node=of, attr=name):
                return self._attribute(self.expression(of, inner), name)
            case nodes.Getitem(node=of, arg=place):
                return self._item(self.expression(of, inner), place, inner)
            case nodes.Filter(node=nodes.Expr() as of):
                return self._filter(tree, of, inner)
            case nodes.Test():
                self._named("test", tree.name, allowed.TESTS)
                self._all(tree, inner)
                return bool
            case nodes.Compare(expr=left, ops=pairs):
                self._compare(left, pairs, inner)
                return bool
            case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
                return union((self.expression(left, inner), self.expression(right, inner)))
            case nodes.Not(node=of):
                self.expression(of, inner)
                return bool
            case nodes.CondExpr(test=test, expr1=one, expr2=nodes.Expr() as other):
                self.expression(test, inner)
                return union((self.expression(one, inner), self.expression(other, inner)))
            case nodes.CondExpr():
                self._say("an `if` in an expression needs an `else`")
                return Any
            case nodes.Concat(nodes=parts):
                for part in parts:
                    self._printed(part, inner)
                return str
            case (
                nodes.Add()
                | nodes.Sub()
                | nodes.Mul()
                | nodes.Div()
                | nodes.FloorDiv()
                | nodes.Mod()
            ):
                return self._calculated(tree, inner)
            case nodes.Neg(node=of) | nodes.Pos(node=of):
                return _plain(self.expression(of, inner))
        return self._refuse(tree)

    def _name(self, name: str, inner: Scope) -> Any:  # noqa: ANN401 - an annotation
        if name in inner:
            return inner[name]
        if name not in self.scope:
            self._say(f"unknown name {name!r}{nearest(name, self.scope)}")
            return Any
        self.names[name] = None
        return self.scope[name]

    def _list(self, items: Iterable[nodes.Expr]) -> Any:  # noqa: ANN401 - an annotation
        found = [one.value for one in items if isinstance(one, nodes.Const)]
        if len(found) != len(tuple(items)):
            self._say("a list may hold texts and numbers only")
            return list
        return list[Literal[tuple(found)]] if found else list  # type: ignore[misc] # made at run time

    def _attribute(self, of: Any, name: str) -> Any:  # noqa: ANN401 - annotations
        if name.startswith("_"):
            self._say(f"{name!r} is private")
            return Any
        if of is Loop:
            return self._of_loop(name)
        try:
            return attribute_of(of, name)
        except LookupError as error:
            self._say(str(error.args[0]))
            return Any

    def _of_loop(self, name: str) -> Any:  # noqa: ANN401 - an annotation
        if name not in LOOP:
            self._say(f"a loop has no {name!r}{nearest(name, LOOP)}")
        return LOOP.get(name, Any)

    def _item(self, of: Any, place: nodes.Expr, inner: Scope) -> Any:  # noqa: ANN401 - annotations
        if isinstance(place, nodes.Slice):
            for part in place.iter_child_nodes():
                self.expression(part, inner)
            return of
        self.expression(place, inner)
        key = place.value if isinstance(place, nodes.Const) else None
        if isinstance(key, str) and key.startswith("_"):
            return self._attribute(of, key)
        try:
            return item_of(of, key)
        except LookupError as error:
            self._say(str(error.args[0]))
            return Any

    def _filter(self, tree: nodes.Filter, of: nodes.Expr, inner: Scope) -> Any:  # noqa: ANN401 - an annotation
        self._named("filter", tree.name, allowed.FILTERS)
        given = self.expression(of, inner)
        for part in (*tree.args, *tree.kwargs):
            self.expression(part.value if isinstance(part, nodes.Keyword) else part, inner)
        if tree.dyn_args is not None or tree.dyn_kwargs is not None:
            self._say(f"write out what the filter {tree.name!r} is given")
        self._applied(tree)
        element = element_of(given)
        for path in _attributes(tree):
            element = self._path(element, path)
        return GIVES.get(tree.name, Any)

    def _applied(self, tree: nodes.Filter) -> None:
        """Whether the filter or test that is applied to each part is one that may be."""
        if tree.name not in allowed.OF_EACH:
            return
        place = 1 if tree.name in SELECTS else 0
        what, known = ("filter", allowed.FILTERS) if tree.name == "map" else ("test", allowed.TESTS)
        for one in tree.args[place : place + 1]:
            if isinstance(one, nodes.Const):
                self._named(what, str(one.value), known)
            else:
                self._say(f"write out which {what} is applied by {tree.name!r}")

    def _path(self, of: Any, path: str) -> Any:  # noqa: ANN401 - annotations
        for name in path.split("."):
            of = Any if name.isdigit() else self._attribute(of, name)
        return of

    def _compare(self, left: nodes.Expr, pairs: Iterable[nodes.Operand], inner: Scope) -> None:
        one = self.expression(left, inner)
        for pair in pairs:
            other = self.expression(pair.expr, inner)
            wrong = compared(one, pair.op, other)
            if wrong:
                self._say(wrong)
            one = other

    def _calculated(self, tree: Any, inner: Scope) -> Any:  # noqa: ANN401 - an annotation
        sides = [_plain(self.expression(side, inner)) for side in (tree.left, tree.right)]
        if isinstance(tree, nodes.Add) and sides == [str, str]:
            return str
        for side in sides:
            known = classes(side)
            if known and not any(issubclass(one, int | float) for one in known):
                self._say(f"only numbers are calculated with, not {text(side)}")
                return Any
        if any(side not in {int, float} for side in sides):
            return Any
        return float if isinstance(tree, nodes.Div) or float in sides else int

    def _all(self, tree: nodes.Node, inner: Scope) -> None:
        for part in tree.iter_child_nodes():
            self.expression(part.value if isinstance(part, nodes.Keyword) else part, inner)

    def _named(self, what: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            self._say(f"unknown {what} {name!r}{nearest(name, known)}")

    def _refuse(self, tree: nodes.Node) -> Any:  # noqa: ANN401 - nobody knows its type
        what = FORMS.get(type(tree), type(tree).__name__.lower())
        self._say(f"{what} is not allowed here")
        return Any


def _attributes(tree: nodes.Filter) -> Iterable[str]:
    """The attribute paths that a filter is told to read, as far as they are written out."""
    named = [one.value for one in tree.kwargs if one.key == "attribute"]
    if tree.name in SELECTS:
        named += tree.args[:1]
    if tree.name not in READS | SELECTS:
        return ()
    return [
        one.value for one in named if isinstance(one, nodes.Const) and isinstance(one.value, str)
    ]


def _plain(annotation: Any) -> Any:  # noqa: ANN401 - an annotation
    """The class of a constant, any other annotation as it is."""
    known = classes(annotation)
    return known[0] if known and known[0] in {int, str, bool} else annotation
