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
from reviewbot.dag.failure import FailureKind, Route
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import nested
from reviewbot.dag.node import node
from reviewbot.dag.policy import Policy
from reviewbot.dag.retry import Answer, Retry, Tried
from tests.dag.declare.world import (
    REGISTRY,
    Analysis,
    Change,
    Level,
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
    retry:
      {attempts: 4, on: [ToolCrashed, OSError, regression], base: 500ms, factor: 3, max: 9s,
       jitter: none, on_retry: asking}
    fallback: {count: 3}
    backups:
      - patterns
      - use: ruff
        name: gentle
        with: {select: [F]}
        breaker: {key: ruff, failures: 2, cooldown: 3s, on: [OSError]}
    breaker: tool
    classify: {kinds: {TimeoutError: transient, ToolCrashed: needs_replan}}
    routes: {config: skip}
    cost: {usd: 0.02, tokens: 4000}
    cache: v2
    priority: 7
    resources: {cpu: 2, mem: 512}
    exclusive: [cache]
    invariants: [non_empty, {name: few, holds: value.count < 100}]
  types:
    use: mypy
    when: {expression: lint.count > 0, needs: [{node: lint, optional: true}]}
    fallback: {make: empty}
    cost: estimate
    classify: classify
    cache: {key: first_letter}
  both: {use: both, needs: [lint, types]}
  strict:
    use: both
    inputs: {types: {node: types, optional: false}, lint: {node: lint, default: {count: 1}}}
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


def test_a_graph_written_in_python_is_a_document_too() -> None:
    inner = Graph([node(ruff)], {"change": Change})
    stop, go = (node(act).bind(name, inputs={"merge": "merged"}) for name in ("stop", "go"))
    graph = Graph(
        [
            node(mypy, policy=Policy(timeout=float("inf"))),
            nested("pack", inner, gives="ruff"),
            nested("again", inner, gives="ruff", policy=Policy(priority=2)),
            node(merge).bind("merged", needs=("mypy", "pack")),
            node(coloured).bind("colour", inputs={"merge": "merged"}),
            *branch(level, {Level.FINE: [go], Level.BLOCKED: [stop, go]}),
        ],
        {"change": Change},
        skipped={"mypy": "not today"},
    )
    registry = REGISTRY | Registry(kinds={"coloured": coloured}, functions={"level": level})
    data = written(graph, registry)
    assert load_data(data, registry).graph == graph
    assert list(data["graphs"]) == ["pack"]  # one section, however many nodes use it
    assert data["branches"]["branch-1"]["cases"] == {"blocked": ["go", "stop"], "fine": ["go"]}


def level(merged: Analysis) -> Level:
    return merged.level


def test_what_has_no_name_in_the_registry_is_named_and_not_written() -> None:
    async def unknown(change: Change) -> int:
        raise NotImplementedError

    def hook(tried: Tried) -> Answer:
        raise NotImplementedError

    class Odd(Exception):
        pass

    retry = Retry(on=(Odd,))
    graph = Graph(
        [
            node(unknown),
            node(ruff, policy=Policy(retry=retry)),
            node(mypy, policy=Policy(retry=replace(retry, on=(), on_retry=hook))),
            node(act).bind("act", inputs={"merge": "mypy"}, when=lambda change: not change),
        ],
        {"change": Change, "odd": Odd},
    )
    with pytest.raises(GraphError) as caught:
        written(graph, REGISTRY)
    where = "test_what_has_no_name_in_the_registry_is_named_and_not_written.<locals>"
    assert caught.value.problems == (
        f"'odd' cannot be written: {Odd!r} has no name in the registry",
        f"'unknown' cannot be written: '{where}.unknown' is no kind of the registry",
        "'ruff' cannot be written: Odd is no error of the registry",
        f"'mypy' cannot be written: '{where}.hook' is no function of the registry",
        f"'act' cannot be written: '{where}.<lambda>' is no function of the registry",
    )


def test_what_a_document_cannot_say_is_refused_and_not_bent() -> None:
    odd = node(act).bind("odd", inputs={"merge": "mypy"})
    odd = replace(odd, edges=(replace(odd.edges[0], expects=int | Analysis),))
    graph = Graph([node(mypy), odd], {"change": Change})
    with pytest.raises(GraphError) as caught:
        written(graph, REGISTRY)
    said = "'odd' cannot be written: its edges or type differ from its kind's"
    assert caught.value.problems == (said,)


def test_an_unknown_kind_or_condition_in_data_is_an_error_and_never_nothing() -> None:
    data = written(declared(EVERYTHING).graph, REGISTRY)
    data["nodes"]["both"]["use"] = "boht"
    data["nodes"]["parts"]["when"] = {"function": "is_bug"}
    data["nodes"]["types"]["when"] = "lint.cuont > 0"
    with pytest.raises(GraphError) as caught:
        load_data(data, REGISTRY)
    assert caught.value.problems == (
        "graph: nodes.both.use: unknown kind 'boht'; did you mean 'both'?",
        "graph: nodes.types.when: Analysis has no 'cuont'; did you mean 'count'?",
        "graph: nodes.parts.when: unknown function 'is_bug'; did you mean 'is_big'?",
    )


names = st.sampled_from("abcdef")
strengths: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"optional": True}, {"default": 3}, {"outcome": True}]
)
policies: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "timeout": st.floats(0.001, 1e6) | st.just("none"),
        "retry": st.fixed_dictionaries({"attempts": st.integers(1, 9), "base": st.floats(0, 9)}),
        "fallback": st.fixed_dictionaries({"value": st.integers()}),
        "priority": st.integers(-9, 9),
        "resources": st.dictionaries(names, st.floats(0, 9), max_size=2),
        "routes": st.dictionaries(
            st.sampled_from([kind.value for kind in FailureKind]),
            st.sampled_from([route.value for route in Route]),
            max_size=3,
        ),
        "exclusive": st.lists(names, max_size=2),
        "cache": st.text(max_size=5),
        "cost": st.dictionaries(names, st.floats(0, 1e6), min_size=1, max_size=2),
        "skip": st.text(min_size=1, max_size=5),
    },
)


def add(**given: Any) -> int:
    raise NotImplementedError


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    wanted = draw(st.lists(names, unique=True, min_size=1))
    nodes: dict[str, Any] = {}
    for place, name in enumerate(wanted):
        chosen = draw(st.sets(st.sampled_from(wanted), max_size=3))
        before = [one for one in wanted[:place] if one in chosen]
        needs = [{"node": one, **draw(strengths)} for one in before]
        nodes[name] = {"use": "add", "needs": needs, **draw(policies)}
        if before and len(chosen) > 1:
            nodes[name]["when"] = f"{before[0]} > 0 and {before[-1]} != 7"
    return {"version": 1, "defaults": draw(policies.map(without_skip)), "nodes": nodes}


def without_skip(policy: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in policy.items() if key != "skip"}


@pytest.mark.feature("S21")
@settings(max_examples=30, deadline=None)
@given(documents())
def test_any_graph_survives_the_way_to_json_and_back(document: dict[str, Any]) -> None:
    registry = Registry(kinds={"add": add})
    graph = load_data(document, registry).graph
    data = json.loads(json.dumps(written(graph, registry)))
    assert load_data(data, registry).graph == graph
