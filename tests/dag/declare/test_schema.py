"""Schemas tell editors what a document may hold, and callers what a node takes and gives."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it has no stubs here
import pytest

from reviewbot.dag.declare.data import written
from reviewbot.dag.declare.document import parse_document
from reviewbot.dag.declare.problem import Problems
from reviewbot.dag.declare.schema import document_schema, graph_schemas, node_schema
from reviewbot.dag.node import node
from tests.dag.declare.test_data import EVERYTHING
from tests.dag.declare.world import REGISTRY, Analysis, both, declared


def valid(value: object, schema: dict[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


@pytest.mark.feature("S13")
def test_a_nodes_schema_follows_from_its_hints() -> None:
    schema = json.loads(json.dumps(node_schema(node(both))))
    jsonschema.Draft202012Validator.check_schema(schema)
    finding = {"count": 1, "level": "fine", "colour": 1, "size": "big", "names": ["a"], "notes": {}}
    assert valid({"inputs": {"lint": finding}, "output": 3}, schema)
    assert valid({"inputs": {"lint": finding, "types": None}, "output": 3}, schema)
    assert not valid({"inputs": {"types": finding}, "output": 3}, schema)
    assert not valid({"inputs": {"lint": {**finding, "count": "x"}}, "output": 3}, schema)
    assert not valid({"inputs": {"lint": finding}, "output": "three"}, schema)
    assert not valid({"inputs": {"lint": finding, "other": 1}, "output": 3}, schema)


@pytest.mark.feature("S13")
def test_every_node_of_a_graph_has_a_schema_also_for_types_that_json_cannot_hold() -> None:
    class Handle:
        """Something open."""

    async def use(handle: Handle, parts: tuple[Analysis, ...]) -> Handle:
        raise NotImplementedError

    schema = node_schema(node(use))
    assert schema["properties"]["output"]["description"].endswith("Handle")
    assert schema["properties"]["inputs"]["properties"]["parts"]["type"] == "array"
    for each in graph_schemas(declared(EVERYTHING).graph).values():
        jsonschema.Draft202012Validator.check_schema(each)


@pytest.mark.parametrize("registry", [None, REGISTRY])
def test_the_schema_of_a_document_holds_every_form_of_every_key(registry: Any) -> None:
    schema = json.loads(json.dumps(document_schema(registry)))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = parse_document(f"version: 1\n{EVERYTHING}", "a.yml", Problems())
    assert valid(document.values, schema)
    assert valid(written(declared(EVERYTHING).graph, REGISTRY), schema)


@pytest.mark.parametrize(
    "part",
    [
        "nodes: {a: {use: tell, timout: 3}}",
        "nodes: {a: {use: tell, priority: high}}",
        "nodes: {a: {use: tell, exclusive: cache}}",
        "nodes: {a: {use: tell, retry: {attempts: 0}}}",
        "branches: {a: {on: x}}",
        "nods: {}",
        "run: {max_parallel: 0}",
    ],
)
def test_the_schema_refuses_what_loading_refuses(part: str) -> None:
    document = parse_document(f"version: 1\n{part}", "a.yml", Problems())
    assert not valid(document.values, document_schema())
