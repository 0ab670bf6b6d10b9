"""Single values of a document, and the short forms in which they may be written."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeAlias

from annotated_types import Ge, Gt
from pydantic import BeforeValidator, Field, Strict

from reviewbot.dag.declare.duration import parse_duration
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.retry import Jitter


def short(spell: Callable[[Any], Any], plain: Any) -> BeforeValidator:  # noqa: ANN401 - a type
    """A short form: `spell` gives the long one, `plain` is the type of what may be written."""
    return BeforeValidator(spell, json_schema_input_type=plain)


def keyed(key: str) -> Callable[[Any], Any]:
    """A text stands for a mapping that holds it under `key`."""

    def spell(given: Any) -> Any:  # noqa: ANN401 - whatever was written
        return {key: given} if isinstance(given, str) else given

    return spell


def _limit(given: Any) -> float:  # noqa: ANN401 - whatever was written
    return math.inf if given == "none" else parse_duration(given)


def _spaced(given: Any) -> Any:  # noqa: ANN401 - whatever was written
    """`needs_replan` and `needs replan` are one name."""
    return given.replace("_", " ").replace("-", " ") if isinstance(given, str) else given


def _spoken(words: Iterable[str]) -> Any:  # noqa: ANN401 - a type
    """A text that is one of these, whichever way its words are joined."""
    joined = sorted({one.replace(" ", mark) for one in words for mark in " _-"})
    return Annotated[str, Field(json_schema_extra={"enum": [*joined]})]


Name: TypeAlias = Annotated[str, Strict(), Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$")]
Word: TypeAlias = Annotated[str, Strict(), Field(min_length=1)]
Flag: TypeAlias = Annotated[bool, Strict()]
Whole: TypeAlias = Annotated[int, Strict()]
Count: TypeAlias = Annotated[int, Strict(), Ge(1)]
Amount: TypeAlias = Annotated[float, Strict(), Ge(0)]
Factor: TypeAlias = Annotated[float, Strict(), Ge(1)]
Seconds: TypeAlias = Annotated[float, short(parse_duration, str | float)]
Limit: TypeAlias = Annotated[float, Gt(0), short(_limit, str | float)]
Kind: TypeAlias = Annotated[FailureKind, short(_spaced, _spoken(FailureKind))]
Answer: TypeAlias = Annotated[Route, short(_spaced, _spoken(Route))]
Spread: TypeAlias = Jitter
Amounts: TypeAlias = Mapping[Word, Amount]
