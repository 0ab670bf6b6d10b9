"""What a program printed, read strictly: everything but its documented shape is an error."""

import json
from typing import Any, NoReturn, TypeVar

from reviewbot.analyzers.answers.shape import Misshapen, shaped
from reviewbot.errors import ToolGarbled

Shape = TypeVar("Shape")


def parse_json(printed: bytes, shape: type[Shape], *, tool: str) -> Shape:
    """The value that a tool printed as JSON, in a shape that ``shaped`` knows.

    Lone surrogates, which a message may quote from hostile source, become question marks.

    Raises:
        ToolGarbled: no JSON, not UTF-8, NaN, nested too deeply, or another shape.
    """
    try:
        return shaped(_clean(printed.decode()), shape)
    except Misshapen as error:
        where = ".".join(error.where)
        raise ToolGarbled(f"{tool}: unexpected output at {where}: {error.why}") from error
    except (ValueError, RecursionError) as error:
        raise ToolGarbled(f"{tool} printed no valid JSON ({len(printed)} bytes)") from error


def _clean(text: str) -> Any:  # noqa: ANN401 - JSON
    value = json.loads(text, parse_constant=_refuse)
    if "\\u" not in text:  # only an escape can say a surrogate
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
