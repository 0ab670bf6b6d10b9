"""The filters and tests that expressions and templates may use; each gives no more than it gets."""

from collections.abc import Callable, Iterable, Mapping
from math import fsum
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, cast

from jinja2 import Environment, Undefined, filters, tests
from jinja2.runtime import Context

LONGEST_TEXT = 1 << 18
_PLACES = 30


def bounded(text: str) -> str:
    """The text, if it is not too long.

    Raises:
        OverflowError: it is.
    """
    if len(text) > LONGEST_TEXT:
        raise OverflowError(f"a text of more than {LONGEST_TEXT:,} characters")
    return text


def join(
    environment: Environment, values: Iterable[Any], between: str = "", attribute: str | None = None
) -> str:
    """The values as one text, with `between` between them."""
    read = filters.make_attrgetter(environment, attribute) if attribute else _itself
    parts: list[str] = []
    length = 0
    for value in values:
        parts.append(shown(read(value)))
        length += len(parts[-1]) + len(between)
        if length > LONGEST_TEXT:
            raise OverflowError(f"a text of more than {LONGEST_TEXT:,} characters")
    return between.join(parts)


def shown(value: Any) -> str:  # noqa: ANN401 - whatever an expression gives
    """A value as a template prints it: text and numbers; anything else has to be read first.

    Raises:
        TypeError: it is something with parts; naming those is up to the template.
    """
    if isinstance(value, str | int | float | PurePath):
        return bounded(str(value))
    if isinstance(value, Undefined):
        str(value)  # says what is not there
    raise TypeError(f"a template prints text and numbers, not a {type(value).__name__}")


def _itself(value: Any) -> Any:  # noqa: ANN401 - any value
    return value


def total(environment: Environment, values: Iterable[Any], attribute: str | None = None) -> Any:  # noqa: ANN401 - int or float
    """The sum of numbers; exact for integers."""
    read = filters.make_attrgetter(environment, attribute) if attribute else _itself
    numbers = [_number(read(value)) for value in values]
    return sum(numbers) if all(isinstance(one, int) for one in numbers) else fsum(numbers)


def _number(value: Any) -> float:  # noqa: ANN401 - checked here
    if not isinstance(value, int | float):
        raise TypeError(f"{type(value).__name__} is no number")
    return value


def _gathered(lazy: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """A filter that gives its values at once: a generator would be true even when it is empty."""

    def gather(context: Context, /, *args: object, **kwargs: object) -> tuple[Any, ...]:
        return tuple(lazy(context, *args, **kwargs))

    return gather


def unique(
    environment: Environment,
    values: Iterable[Any],
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - as Jinja has it
    attribute: str | None = None,
) -> tuple[Any, ...]:
    """The values without repetitions, in order."""
    return tuple(filters.do_unique(environment, values, case_sensitive, attribute))


def rounded(number: float, places: int = 0) -> float:
    """The number with so many places after the point, at most 30."""
    return round(number, max(-_PLACES, min(places, _PLACES)))


def trim(text: str) -> str:
    """The text without white space at both ends."""
    return text.strip()


def length(values: Any) -> int:  # noqa: ANN401 - whatever has a length
    """How many there are."""
    return len(values)


OF_VALUES: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "abs": abs,
        "capitalize": str.capitalize,
        "count": length,
        "default": filters.do_default,
        "float": float,
        "int": int,
        "length": length,
        "lower": str.lower,
        "round": rounded,
        "string": shown,
        "title": str.title,
        "trim": trim,
        "upper": str.upper,
    }
)
"""Filters of a value."""

OF_PARTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "first": filters.do_first,
        "join": join,
        "last": filters.do_last,
        "max": filters.do_max,
        "min": filters.do_min,
        "sort": filters.do_sort,
        "sum": total,
        "unique": unique,
    }
)
"""Filters that read attributes of a value's parts, and get the environment for that."""

OF_EACH: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "map": _gathered(filters.do_map),
        "reject": _gathered(filters.do_reject),
        "rejectattr": _gathered(filters.do_rejectattr),
        "select": _gathered(filters.do_select),
        "selectattr": _gathered(filters.do_selectattr),
    }
)
"""Filters that apply others to each part, and get the context for that."""

FILTERS = frozenset({*OF_VALUES, *OF_PARTS, *OF_EACH})

TESTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        name: cast("Callable[..., Any]", tests.TESTS[name])
        for name in (
            *("defined", "undefined", "none", "true", "false", "boolean", "number", "integer"),
            *("float", "string", "mapping", "sequence", "iterable", "odd", "even", "divisibleby"),
            *("in", "eq", "ne", "lt", "le", "gt", "ge", "==", "!=", "<", "<=", ">", ">="),
        )
    }
)
