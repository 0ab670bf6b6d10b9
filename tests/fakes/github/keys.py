"""Keys and parameters that GitHub's description does not know.

Its schemas are open, so that a typo passes them; ours are closed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.github.descriptions import description
from tests.fakes.github.exchanged import Exchange
from tests.fakes.github.values import Json

_BRANCHES = ("oneOf", "anyOf", "allOf")
_CLOSING_DOWN = frozenset({"position"})


def unknown_keys(exchange: Exchange) -> Iterator[str]:
    """Keys of the body with their path; ``position`` is one, because nobody should send it.

    An object of which the description names no key at all may have any.
    """
    said = _operation(exchange).get("requestBody", {}).get("content", {})
    schema = said.get("application/json", {}).get("schema")
    try:
        body = json.loads(exchange.request.body or b"{}")
    except ValueError:
        return
    if schema is not None:
        yield from _unknown(body, [schema], description(exchange.version), "")


def unknown_parameters(exchange: Exchange) -> Iterator[str]:
    """Parameters in the address."""
    root = description(exchange.version)
    known = {
        _resolved(parameter, root)["name"]
        for parameter in _operation(exchange).get("parameters", ())
        if _resolved(parameter, root)["in"] == "query"
    }
    yield from sorted(exchange.request.query.keys() - known)


def _operation(exchange: Exchange) -> Mapping[str, Any]:
    found: Json = description(exchange.version)["paths"][exchange.template]
    operation: Json = found[exchange.request.verb.lower()]
    return operation


def _unknown(value: Any, schemas: list[Json], root: Json, path: str) -> Iterator[str]:
    flat = list(_flat(schemas, root))
    if isinstance(value, list):
        inner = [schema["items"] for schema in flat if "items" in schema]
        for number, item in enumerate(value):
            yield from _unknown(item, inner, root, f"{path}/{number}")
    elif isinstance(value, dict):
        known: dict[str, list[Json]] = {}
        for schema in flat:
            for key, each in schema.get("properties", {}).items():
                known.setdefault(key, []).append(each)
        for key, item in value.items() if known else ():
            if key not in known or key in _CLOSING_DOWN:
                yield f"{path}/{key}"
            else:
                yield from _unknown(item, known[key], root, f"{path}/{key}")


def _flat(schemas: list[Json], root: Json) -> Iterator[Json]:
    """Every schema with its branches."""
    for schema in schemas:
        found = _resolved(schema, root)
        yield found
        for word in _BRANCHES:
            yield from _flat(found.get(word, []), root)


def _resolved(schema: Json, root: Json) -> Json:
    while "$ref" in schema:
        node: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        schema = node
    return schema
