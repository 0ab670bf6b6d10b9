"""A graph in plain words, before anything has run."""

from collections.abc import Iterator, Mapping

from reviewbot.dag.annotation import text
from reviewbot.dag.edge import Edge
from reviewbot.dag.graph import Graph
from reviewbot.dag.nested import Nested
from reviewbot.dag.node import Node
from reviewbot.dag.policy import Amounts, Policy
from reviewbot.dag.trace.document import EdgeTrace, NodeTrace, Section


def described(graph: Graph) -> Section:
    """The graph with its subgraphs; nothing has an outcome."""
    return Section(
        inputs={name: text(kind) for name, kind in graph.inputs.items()},
        nodes=tuple(_node(graph, graph.nodes[name]) for name in graph.order),
    )


def _node(graph: Graph, node: Node) -> NodeTrace:
    inner = described(node.run.graph) if isinstance(node.run, Nested) else None
    return NodeTrace(
        name=node.name,
        kind="map" if node.each else "node" if inner is None else "subgraph",
        wave=graph.wave_of(node.name) + 1,
        edges=tuple(_edge(graph, edge) for edge in node.edges),
        over={} if node.each is None else dict(node.each.over),
        when="" if node.when is None else node.when.text,
        when_edges=() if node.when is None else tuple(_edge(graph, e) for e in node.when.edges),
        output="" if node.output is None else text(node.output),
        policy=dict(_policy(node.policy)),
        off=graph.skipped.get(node.name, ""),
        inner=inner,
    )


def _edge(graph: Graph, edge: Edge) -> EdgeTrace:
    return EdgeTrace(
        parameter=edge.parameter,
        node=edge.node,
        kind=edge.kind.value,
        type=text(edge.expects),
        is_input=edge.node not in graph.nodes,
    )


def _policy(policy: Policy) -> Iterator[tuple[str, str]]:
    """What differs from the plain policy, in words."""
    words: Mapping[str, str] = {
        "timeout": "" if policy.timeout is None else f"{policy.timeout:g} s",
        "total": "" if policy.total is None else f"{policy.total:g} s",
        "retry": _retry(policy),
        "backups": ", ".join(each.name for each in policy.backups),
        "fallback": "" if policy.fallback is None else "yes",
        "breaker": "" if policy.breaker is None else policy.breaker.key,
        "cost": _cost(policy),
        "cache": "" if policy.cache is None else policy.cache.version or "yes",
        "priority": f"{policy.priority}" if policy.priority else "",
        "resources": amounts(policy.resources),
        "exclusive": ", ".join(policy.exclusive),
        "invariants": ", ".join(each.name for each in policy.invariants),
    }
    return ((name, said) for name, said in words.items() if said)


def _retry(policy: Policy) -> str:
    if policy.retry is None:
        return ""
    errors = ", ".join(each.__name__ for each in policy.retry.on)
    return f"{policy.retry.attempts} attempts on {errors}"


def _cost(policy: Policy) -> str:
    if policy.cost is None:
        return ""
    estimate = policy.cost.estimate
    return "by its arguments" if callable(estimate) else amounts(estimate)


def amounts(given: Amounts) -> str:
    """Amounts as a person writes them: `usd 0.02, tokens 4,000`."""
    return ", ".join(f"{name} {amount:,.6g}" for name, amount in given.items())
