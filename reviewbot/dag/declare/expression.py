"""Expressions and templates as callables: checked when made, equal when their texts are."""

import inspect
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Template
from jinja2.exceptions import TemplateError

from reviewbot.dag.condition import Condition
from reviewbot.dag.declare.grammar import Scope
from reviewbot.dag.declare.inference import Inference
from reviewbot.dag.declare.sandbox import SANDBOX, evaluated, rendered
from reviewbot.dag.error import GraphError

LONGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A calculation over named values: `lint.count > 0 and change.added_lines > 20`.

    Calling it gives the value; what it needs is in its signature. `gives` is the annotation of the
    value as far as the types of the names tell.
    """

    text: str
    names: tuple[str, ...]
    gives: Any = field(default=Any, compare=False)
    compiled: Template = field(compare=False, repr=False)

    def __call__(self, **inputs: Any) -> Any:  # noqa: ANN401 - whatever it gives
        """Calculate it.

        Raises:
            TemplateError: it reads something that is not there, or no plain value.
            OverflowError: it asks for too much.
        """
        return evaluated(self.compiled, inputs)

    @property
    def __name__(self) -> str:
        return self.text

    @property
    def __signature__(self) -> inspect.Signature:
        return _signature(self.names, self.gives)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A template: text with expressions in it. Calling it gives the rendered text.

    What the values hold is never read as a template.
    """

    text: str
    names: tuple[str, ...]
    compiled: Template = field(compare=False, repr=False)

    def __call__(self, **inputs: Any) -> str:  # noqa: ANN401 - any values
        """Render it.

        Raises:
            TemplateError: it reads something that is not there, or no plain value.
            TypeError: it prints something that is neither text nor number.
            OverflowError: the text is too long, or takes too many steps.
        """
        return rendered(self.compiled, inputs)

    @property
    def __signature__(self) -> inspect.Signature:
        return _signature(self.names, str)


def _signature(names: Iterable[str], gives: Any) -> inspect.Signature:  # noqa: ANN401 - annotation
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, kind, annotation=Any) for name in names]
    return inspect.Signature(parameters, return_annotation=gives)


def expression(text: str, scope: Scope) -> Expression:
    """The expression of a text; `scope` are the names it may use, with their annotations.

    Raises:
        GraphError: it is none, or asks for something that cannot be; lists every problem.
    """
    with _understood(text):
        tree = SANDBOX.parse_expression(text)
        reading = Inference(scope)
        gives = reading.expression(tree)
        reading.check()
        compiled = SANDBOX.expression(tree)
    return Expression(text=text, names=tuple(reading.names), gives=gives, compiled=compiled)


def condition(text: str, scope: Scope) -> Condition:
    """The condition that an expression holds.

    Raises:
        GraphError: as `expression`.
    """
    return Condition.of(expression(text, scope), text)


def template(text: str, scope: Scope) -> Text:
    """The template of a text; `scope` as in `expression`.

    Raises:
        GraphError: as `expression`.
    """
    with _understood(text):
        tree = SANDBOX.parse(text)
        reading = Inference(scope)
        reading.statement(tree)
        reading.check()
        compiled = SANDBOX.template(tree)
    return Text(text=text, names=tuple(reading.names), compiled=compiled)


@contextmanager
def _understood(text: str) -> Iterator[None]:
    if len(text) > LONGEST:
        raise GraphError([f"longer than {LONGEST:,} characters"], phase="declare")
    try:
        yield
    except (RecursionError, MemoryError) as error:
        raise GraphError(["too deeply nested"], phase="declare") from error
    except GraphError:
        raise
    except (TemplateError, ArithmeticError, SyntaxError, ValueError) as error:
        why = error.message if isinstance(error, TemplateError) else error
        line = getattr(error, "lineno", None) or 1
        place = f" (line {line} of it)" if isinstance(error, TemplateError) and line > 1 else ""
        raise GraphError([f"not understood: {why}{place}"], phase="declare") from error
