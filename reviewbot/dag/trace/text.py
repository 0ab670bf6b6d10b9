"""A trace as JSON text; what is empty is left out."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any


def written(document: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - any document
    """The document as JSON of plain ASCII, which no terminal, log or page can misread."""
    return json.dumps(plain(document), indent=indent, allow_nan=False)


def plain(value: Any) -> Any:  # noqa: ANN401 - a document is made of any plain values
    """Mappings, lists, texts and numbers; dataclasses without what is empty by default."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_text(str(name)): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    found = {}
    kind: Any = type(value)  # mypy holds that type[Any] cannot be hashed
    for name, is_required in _parts(kind):
        one = getattr(value, name)
        # Every field that has a default and may be empty is empty by default.
        if is_required or not (one is None or one is False or one in ("", (), {})):
            found[name] = plain(one)
    return found


@cache
def _parts(kind: type) -> tuple[tuple[str, bool], ...]:
    """The fields of a dataclass, and whether each must be given."""
    return tuple(
        (part.name, part.default is MISSING and part.default_factory is MISSING)
        for part in fields(kind)
    )


def _number(value: float) -> float:
    # JSON knows neither infinity nor NaN; a reader gets the largest number there is, or none.
    if math.isfinite(value):
        return value
    return 0.0 if math.isnan(value) else math.copysign(sys.float_info.max, value)


def _text(said: str) -> str:
    # An undecodable byte of a path is a lone surrogate, which no JSON reader has to accept.
    return said if said.isascii() else said.encode("utf-8", "backslashreplace").decode()
