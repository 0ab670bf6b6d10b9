"""A graph as plain data, and back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.dag.branch import branch
from reviewbot.dag.declare.data import written
from reviewbot.dag.declare.load import load_data
from reviewbot.dag.declare.registry import Registry
from reviewbot.dag.error import GraphError
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from tests.dag.declare.world import (
    REGISTRY,
    Change,
    Colour,
    act,
    coloured,
    declared,
    merge,
    mypy,
    ruff,
)

EVERYTHING = """
run: {max_parallel: 2}
nodes:
  lint:
    use: ruff
    with: {select: [E], limit: 3}
    timeout: 1m
    total: none
    retry: {attempts: 4, on: [ToolCrashed, OSError, regression], base: 500ms, factor: 3, max: 9s, jitter: none, on_retry: asking}
    fallback: {count: 3}
    backups: [patterns, {use: ruff, name: gentle, with: {select: [F]}, breaker: {key: ruff, failures: 2, cooldown: 3s, on: [OSError]}}]
    breaker: tool
    classify: {kinds: {TimeoutError: transient, ToolCrashed: needs_replan}}
    routes: {config: skip}
    cost: {usd: 0.02, tokens: 4000}
    cache: v2
    priority: 7
    resources: {cpu: 2, mem: 512}
    exclusive: [cache]
    invariants: [non_empty, {name: few, holds: value.count < 100}]
  types: {use: mypy, when: {expression: lint.count > 0, needs: [{node: lint, optional: true}]}, fallback: {make: empty}, cost: estimate, classify: classify, cache: {key: first_letter}}
  both: {use: both, needs: [lint, types]}
  strict: {use: both, inputs: {types: {node: types, optional: false}, lint: {node: lint, default: {count: 1}}}}
  parts: {use: hunks, when: {function: is_big}}
  asked: {use: ask, each: {over: {hunk: parts}, key: first_letter, limit: 5, parallel: 2}}
  merge: {use: merge, inputs: {a: lint, b: types}}
  title: {template: "{{ change.title }}: {{ n }}", inputs: {n: both}}
  off: {use: mypy, skip: not today}
  pack: {use: pack, gives: merge}
  stop: {use: act}
  shout: {use: tell, inputs: {text: title}}
  go: {use: act}
branches:
  decide: {on: merge.level, cases: {blocked: [stop, shout], fine: [shout]}}
  paint: {on: {function: coloured}, cases: {RED: go}, default: []}
graphs:
  pack:
    inputs: {change: Change}
    nodes: {lint: {use: ruff}, merge: {use: merge, needs: [lint]}}
"""


@pytest.mark.feature("S21")
def test_everything_a_document_can_say_survives_the_way_to_json_and_back() -> None:
    graph = declared(EVERYTHING).graph
    data = json.loads(json.dumps(written(graph, REGISTRY)))
    assert load_data(data, REGISTRY).graph == graph
