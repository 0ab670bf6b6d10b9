"""A trace as JSON text; what is empty is left out."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any


def written(document: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - any document
    """The document as JSON of plain ASCII, which no terminal, log or page can misread."""
    return json.dumps(plain(document), indent=indent, allow_nan=False)


def plain(value: Any) -> Any:  # noqa: ANN401 - a document is made of any plain values
    """Mappings, lists, texts and numbers; dataclasses without what is empty by default."""
    if is_dataclass(value) and not isinstance(value, type):
        given = ((part, getattr(value, part.name)) for part in fields(value))
        return {part.name: plain(one) for part, one in given if _is_told(part, one)}
    if isinstance(value, Mapping):
        return {_text(str(name)): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return _number(value)
    return _text(value) if isinstance(value, str) else value


def _is_told(part: "Field[Any]", value: object) -> bool:
    # Every field that has a default and may be empty is empty by default.
    is_required = part.default is MISSING and part.default_factory is MISSING
    return is_required or not (
        value is None
        or value is False
        or value == ""
        or (isinstance(value, tuple | Mapping) and not value)
    )


def _number(value: float) -> float:
    # JSON knows neither infinity nor NaN; a reader gets the largest number there is, or none.
    if math.isfinite(value):
        return value
    return 0.0 if math.isnan(value) else math.copysign(sys.float_info.max, value)


def _text(said: str) -> str:
    # An undecodable byte of a path is a lone surrogate, which no JSON reader has to accept.
    return said.encode("utf-8", "backslashreplace").decode()
