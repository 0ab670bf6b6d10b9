"""JSON Schema: of a document, for editors; of what a node takes and gives, for its callers."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import PydanticUserError, TypeAdapter

from reviewbot.dag.annotation import text
from reviewbot.dag.declare.entries import DocumentEntry
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.edge import EdgeKind
from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def document_schema(registry: Registry | None = None) -> Schema:
    """The schema of a document; with a registry, an editor knows its kinds and functions.

    What names another part of the document (a node, a graph of its own) is any text.
    """
    found: Schema = {"$schema": DIALECT, **TypeAdapter(DocumentEntry).json_schema()}
    found["title"] = "A declared graph"
    if registry is not None:
        kinds = {"enum": sorted(registry.kinds), "description": "kinds of the registry"}
        use = {"anyOf": [kinds, {"type": "string", "description": "a graph of this document"}]}
        found["$defs"]["NodeEntry"]["properties"]["use"] = use
    return found


def node_schema(node: Node) -> Schema:
    """What a node takes and gives, from its type hints: an object with `inputs` and `output`.

    An input is required unless its edge is optional. What JSON cannot hold is any value, described
    by the name of its type.
    """
    asked = {f"inputs.{edge.parameter}": edge.expects for edge in node.edges}
    schemas, definitions = _schemas({**asked, "output": node.output})
    inputs: Schema = {
        "type": "object",
        "properties": {edge.parameter: schemas[f"inputs.{edge.parameter}"] for edge in node.edges},
        "required": [edge.parameter for edge in node.edges if edge.kind is not EdgeKind.OPTIONAL],
        "additionalProperties": False,
    }
    return {
        "$schema": DIALECT,
        "title": node.name,
        "type": "object",
        "properties": {"inputs": inputs, "output": schemas["output"]},
        "required": ["inputs", "output"],
        **definitions,
    }


def graph_schemas(graph: Graph) -> Mapping[str, Schema]:
    """The schema of every node of a graph."""
    return {name: node_schema(node) for name, node in graph.nodes.items()}


def _schemas(annotations: Mapping[str, Any]) -> tuple[Schema, Schema]:
    """A schema for each annotation, and the definitions that they share."""
    adapters: list[tuple[str, Literal["serialization"], TypeAdapter[Any]]] = []
    found: Schema = {}
    for name, annotation in annotations.items():
        try:
            form: TypeAdapter[Any] = TypeAdapter(Any if annotation is None else annotation)
            form.json_schema(mode="serialization")
            adapters.append((name, "serialization", form))
        except PydanticUserError:
            found[name] = {"description": text(annotation)}
    schemas, whole = TypeAdapter.json_schemas(adapters)
    found.update({name: schema for (name, _), schema in schemas.items()})
    return found, {key: whole[key] for key in ("$defs",) if key in whole}
