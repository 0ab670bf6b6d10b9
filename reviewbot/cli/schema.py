"""``reviewbot schema``: the JSON Schema of every document."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from reviewbot.cli.exit_code import ExitCode
from reviewbot.cli.impact import ImpactDocument
from reviewbot.cli.output import emit
from reviewbot.dag.trace.document import Trace
from reviewbot.dag.watching.rows import Row
from reviewbot.render.json import json_schema
from reviewbot.settings.load import settings_schema

_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "review": json_schema,
    "impact": lambda: TypeAdapter(ImpactDocument).json_schema(),
    "settings": settings_schema,
    "trace": lambda: TypeAdapter(Trace).json_schema(),
    "events": lambda: TypeAdapter(Row).json_schema(),
}


def run_schema(name: str) -> int:
    """Print a schema (draft 2020-12)."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_SCHEMAS[name]()}
    emit(json.dumps(schema, indent=2) + "\n")
    return ExitCode.REVIEWED
