"""Where expressions and templates of strangers are evaluated: no calls, no privates, no floods.

Jinja's sandbox is the second wall. The first is a list of what may stand in a text at all: a text
with anything else is refused when it is loaded. What is left is bounded by the size of the text and
of the values it is given.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reviewbot.dag.declare import allowed
from reviewbot.dag.declare.allowed import LONGEST_TEXT

_MOST_STEPS = 100_000
_MOST_BITS = 1_024
_STEPS = "_steps"
_RESULT = "_result"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with values only: attributes are read, never called, and nothing grows without end."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self) -> None:
        # nosec B701: what is rendered is text; who makes HTML of it escapes it there
        super().__init__(undefined=StrictUndefined, autoescape=False, finalize=allowed.shown)
        self.globals.clear()
        self.filters = {**allowed.FILTERS, "_each": _each, "_concat": _concat}
        self.tests = dict(allowed.TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - any value
        """A public attribute, or the item of a mapping, that is a plain value."""
        if attribute.startswith("_"):
            raise SecurityError(f"{attribute!r} is private")
        if isinstance(obj, Mapping):
            return self._item(obj, attribute)
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)
        return self._plain(obj, attribute, value)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - any value
        """An item by key or place; filters that are given attribute names come here too."""
        if isinstance(argument, str) and not isinstance(obj, Mapping):
            return self.getattr(obj, argument)
        return self._item(obj, argument)

    def _item(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - any value
        try:
            value = obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)
        return self._plain(obj, str(argument), value)

    def _plain(self, obj: Any, attribute: str, value: Any) -> Any:  # noqa: ANN401 - any value
        if callable(value) or isinstance(value, ModuleType):
            raise SecurityError(f"{attribute!r} of {type(obj).__name__} is no plain value")
        if isinstance(obj, Mapping) or self.is_safe_attribute(obj, attribute, value):
            return value
        raise SecurityError(f"{attribute!r} of {type(obj).__name__} is not to be read")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - any values
        """Arithmetic on numbers, and joining of short texts."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return allowed.bounded(left + right)
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            both = f"{type(left).__name__} {operator} {type(right).__name__}"
            raise TypeError(f"only numbers are calculated with, and texts are joined: {both}")
        if isinstance(left, int) and isinstance(right, int):
            _check_bits(left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, *_arguments: Any, **_named: Any) -> NoReturn:  # noqa: ANN401 - whatever
        """Refuse.

        Raises:
            SecurityError: always.
        """
        raise SecurityError("nothing is called from an expression")

    def expression(self, tree: nodes.Expr) -> Template:
        """A checked expression as something that can be evaluated."""
        body = [nodes.Assign(nodes.Name(_RESULT, "store"), guarded(tree), lineno=1)]
        return self._compiled(nodes.Template(body, lineno=1))

    def template(self, tree: nodes.Template) -> Template:
        """A checked template as something that can be rendered."""
        return self._compiled(guarded(tree))

    def _compiled(self, tree: nodes.Template) -> Template:
        tree.set_environment(self)
        return self.from_string(tree)

    def parse_expression(self, text: str) -> nodes.Expr:
        """The tree of an expression."""
        parser = Parser(self, text, state="variable")
        found = parser.parse_expression()
        if not parser.stream.eos:
            parser.fail("something follows the expression", parser.stream.current.lineno)
        return found


def _check_bits(left: int, right: int) -> None:
    if left.bit_length() + right.bit_length() > _MOST_BITS:
        raise OverflowError(f"a number of more than {_MOST_BITS:,} bits")


@dataclass(slots=True)
class _Steps:
    """How many turns the loops of one evaluation have made."""

    count: int = 0


@pass_context
def _each(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    """The values of a loop, counted with those of all loops of this evaluation."""
    steps = context[_STEPS]
    for value in values:
        steps.count += 1
        if steps.count > _MOST_STEPS:
            raise OverflowError(f"more than {_MOST_STEPS:,} steps")
        yield value


def _concat(values: Iterable[Any]) -> str:
    return allowed.bounded("".join(map(allowed.shown, values)))


def evaluated(expression: Template, inputs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value
    """The value of an expression.

    Raises:
        UndefinedError: it reads something that is not there.
        SecurityError: it reads something that is no plain value.
        OverflowError: it asks for too much.
    """
    context = expression.new_context({**inputs, _STEPS: _Steps()})
    for _ in expression.root_render_func(context):
        pass
    value = context.vars[_RESULT]
    if isinstance(value, StrictUndefined):
        str(value)  # says what is not there
    return value


def rendered(template: Template, inputs: Mapping[str, Any]) -> str:
    """The text of a template.

    Raises:
        UndefinedError, SecurityError, OverflowError: as `evaluated`; a text may also be too long.
    """
    pieces: list[str] = []
    length = 0
    for piece in template.root_render_func(template.new_context({**inputs, _STEPS: _Steps()})):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_TEXT:
            raise OverflowError(f"a text of more than {LONGEST_TEXT:,} characters")
    return "".join(pieces)


def guarded(tree: Any) -> Any:  # noqa: ANN401 - the same kind of tree
    """The tree with every loop counted and every joining of texts bounded."""
    for loop in tree.find_all(nodes.For):
        loop.iter = _filtered(loop.iter, "_each")
    if isinstance(tree, nodes.Concat):
        return guarded(_filtered(nodes.List(tree.nodes, lineno=tree.lineno), "_concat"))
    for node in tree.find_all(nodes.Node):
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, _joined(value))
            elif isinstance(value, list):
                value[:] = [_joined(one) if isinstance(one, nodes.Concat) else one for one in value]
    return tree


def _joined(concat: nodes.Concat) -> nodes.Filter:
    return _filtered(nodes.List(concat.nodes, lineno=concat.lineno), "_concat")


def _filtered(tree: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(tree, name, [], [], None, None, lineno=tree.lineno)


SANDBOX = Sandbox()
