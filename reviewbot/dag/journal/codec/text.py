"""Values as JSON text and back: what a row of a journal holds."""

import json
from typing import Any

from reviewbot.dag.journal.codec.shape import CodecError, Json, Shape

LARGEST = 64 * 1024 * 1024
"""Characters of one value, written or read: a journal is no place for files."""


def encoded(value: Any, shape: Shape) -> Json:  # noqa: ANN401 - any value of the shape
    """The value as JSON data.

    Raises:
        CodecError: it cannot be written; the text names the place.
    """
    try:
        return shape.write(value)
    except CodecError as error:
        error.root = type(value).__name__
        raise
    except RecursionError:
        raise CodecError("is nested too deeply or contains itself", type(value).__name__) from None


def decoded(data: Json, shape: Shape) -> Any:  # noqa: ANN401 - any value of the shape
    """The value of which `encoded` made this data; it may come from anybody.

    Raises:
        CodecError: it is not data of such a value.
    """
    try:
        return shape.read(data)
    except RecursionError:
        raise CodecError("is nested too deeply") from None


def dumped(data: Json, root: str = "") -> str:
    """The data as ASCII text.

    Raises:
        CodecError: it is too long, or nested too deeply.
    """
    try:
        text = json.dumps(data, separators=(",", ":"))
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise CodecError(f"cannot be text: {error}", root) from None
    if len(text) > LARGEST:
        raise CodecError(f"takes {len(text):,} characters, at most {LARGEST:,} are kept", root)
    return text


def loaded(text: str) -> Json:
    """The data of a text.

    Raises:
        CodecError: it is too long or no JSON.
    """
    if len(text) > LARGEST:
        raise CodecError(f"has {len(text):,} characters, at most {LARGEST:,} are read")
    try:
        return json.loads(text)
    except (RecursionError, ValueError) as error:
        raise CodecError(f"is no JSON: {error}") from None
