"""GitHub's description of its API: loaded once, cured of its known faults, in two versions."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.github.values import Json

VERSIONS = ("2022-11-28", "2026-03-10")
_FOLDER = Path(__file__).parent / "description"
_DISCRIMINATED = "discriminator"


@cache
def description(version: str) -> Json:
    """The description at an API version: GitHub's operations and the few written by hand."""
    said = json.loads((_FOLDER / "github.json").read_text(encoding="utf-8"))
    ours = yaml.safe_load((_FOLDER / "ours.yaml").read_text(encoding="utf-8"))
    for part in ("schemas", "examples", "responses", "parameters"):
        said["components"][part] |= ours.get("components", {}).get(part, {})
    for path, operations in ours["paths"].items():
        said["paths"].setdefault(path, {}).update(operations)
    cured: Json = _cured(at_version(said, version))
    return cured


def operations(version: str = VERSIONS[0]) -> Mapping[str, tuple[str, str]]:
    """Operation id → verb and path of every operation."""
    return {
        operation["operationId"]: (verb.upper(), path)
        for path, verbs in description(version)["paths"].items()
        for verb, operation in verbs.items()
    }


def at_version(node: Any, version: str) -> Any:
    """Apply what a version changed, in order; the document itself has the oldest shape."""
    if isinstance(node, list):
        return [at_version(item, version) for item in node]
    if not isinstance(node, dict):
        return node
    changes = node.get("x-github-breaking-changes", ())
    out = {k: at_version(v, version) for k, v in node.items() if k != "x-github-breaking-changes"}
    for change in changes:
        if change["version"] <= version:
            out = (_remove if isinstance(change["patch"], list) else _merge)(out, change["patch"])
    return out


def _merge(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = _merge(out.get(key), value)
    return out


def _remove(target: Any, operations_: list[Json]) -> Any:
    """The one operation of JSON Patch (RFC 6902) that occurs."""
    for operation in operations_:
        assert operation["op"] == "remove", operation
        *parents, last = operation["path"].strip("/").split("/")
        node = target
        for parent in parents:
            node = node[parent]
        node.pop(last, None)
    return target


def _cured(said: Json) -> Json:
    """Mend the examples that do not match their own schemas, and drop what cannot be checked."""
    examples = said["components"]["examples"]
    repository = examples["full-repository-default-response"]["value"]
    repository.setdefault("language", None)
    repository["source"].setdefault("language", None)
    for team in examples["pull-request"]["value"]["requested_teams"]:
        team.setdefault("type", "organization")
    for file in examples["commit"]["value"]["files"]:
        file.setdefault("sha", "bbcd538c8e72b8c175046e27cc8f907076331401")
        file.setdefault("contents_url", file["blob_url"])
    _drop(said, _DISCRIMINATED)
    return said


def _drop(node: Any, key: str) -> None:
    if isinstance(node, dict):
        if isinstance(node.get(key), dict) and "propertyName" in node[key]:
            del node[key]
        for value in node.values():
            _drop(value, key)
    elif isinstance(node, list):
        for value in node:
            _drop(value, key)
