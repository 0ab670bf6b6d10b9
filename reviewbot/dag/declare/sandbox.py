"""Where expressions and templates of strangers are evaluated: no calls, no privates, no floods.

Jinja's sandbox is the second wall. The first is a list of what may stand in a text at all: a text
with anything else is refused when it is loaded. What is left is bounded by the size of the text and
of the values it is given.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reviewbot.dag.declare import allowed
from reviewbot.dag.declare.allowed import LONGEST_TEXT
from reviewbot.dag.declare.work import FILTERS, TESTS, WORK, Work, guarded

MOST_BITS = 1_024
_RESULT = "_result"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with values only: attributes are read, never called, and nothing grows without end."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self) -> None:
        # No escaping: what is rendered is text; who makes HTML of it escapes it there.
        super().__init__(undefined=StrictUndefined, autoescape=False, finalize=allowed.shown)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)

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
            context[WORK].add(len(left) + len(right))
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
    if left.bit_length() + right.bit_length() > MOST_BITS:
        raise OverflowError(f"a number of more than {MOST_BITS:,} bits")


def evaluated(expression: Template, inputs: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value
    """The value of an expression.

    Raises:
        UndefinedError: it reads something that is not there.
        SecurityError: it reads something that is no plain value.
        OverflowError: it asks for too much.
    """
    context = expression.new_context({**inputs, WORK: Work()})
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
    for piece in template.root_render_func(template.new_context({**inputs, WORK: Work()})):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST_TEXT:
            raise OverflowError(f"a text of more than {LONGEST_TEXT:,} characters")
    return "".join(pieces)


SANDBOX = Sandbox()
