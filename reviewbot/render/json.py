"""The report as one JSON document; ``reviewbot schema review`` prints its schema."""

import json
from dataclasses import asdict, replace
from typing import Any

from reviewbot.render.view import View
from reviewbot.review.report import Report


def render_json(view: View) -> str:
    r"""One document with a final newline; findings that are not shown are still counted.

    Undecodable bytes in paths and messages come out as ``\\xNN``, because JSON holds clean text.
    """
    shown = replace(view.report, findings=replace(view, show="all").findings)
    data = {**asdict(shown), "range": view.sentence}
    return json.dumps(_clean(data), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    # A review is printed without it, and it takes longer to import than printing does.
    from pydantic import TypeAdapter  # noqa: PLC0415

    schema = TypeAdapter(Report).json_schema(mode="serialization")
    schema["properties"]["range"] = {"type": "string", "title": "Range"}
    return schema


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
