"""What a program printed, read strictly: everything but its documented shape is an error."""

import json
from typing import Any, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from reviewbot.errors import ToolGarbled

Shape = TypeVar("Shape")


def parse_json(printed: bytes, shape: TypeAdapter[Shape], *, tool: str) -> Shape:
    """The value that a tool printed as JSON.

    Lone surrogates, which a message may quote from hostile source, become question marks.

    Raises:
        ToolGarbled: no JSON, NaN, nested too deeply, or another shape.
    """
    try:
        value: Any = json.loads(printed, parse_constant=_refuse)
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return shape.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ToolGarbled(f"{tool}: unexpected output at {where}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise ToolGarbled(f"{tool} printed no valid JSON ({len(printed)} bytes)") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
