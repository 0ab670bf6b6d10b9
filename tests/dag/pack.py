"""A small graph to be nested: two nodes and one that takes what there is of them."""

from typing import Any

from reviewbot.dag.graph import Graph
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Outcome
from reviewbot.dag.runner import run


@node
async def lint(code: str) -> int:
    return len(code)


@node
async def types(code: str) -> int:
    if not code:
        raise ValueError("no code")
    return 1


@node
async def both(lint: int, types: int | None) -> str:
    return f"{lint} {types}"


PACK = Graph([lint, types, both], {"code": str})


async def ended(node_: Node, code: Any = "abc", **options: Any) -> Outcome[Any]:
    graph = Graph([node_], {"code": Any})
    return (await run(graph, {"code": code}, **options)).outcomes[node_.name]
