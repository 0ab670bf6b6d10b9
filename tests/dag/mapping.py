"""Nodes that map, and what became of them."""

from collections.abc import Mapping
from typing import Any

from reviewbot.dag.graph import Graph
from reviewbot.dag.items import Items
from reviewbot.dag.node import Node, node
from reviewbot.dag.run import Status
from reviewbot.dag.runner import run

FILES = {"a.py": "alpha", "b.py": "beta", "c.py": "gamma", "d.py": "delta"}


@node(each={"file": "files"})
async def triage(file: str, change: str) -> str:
    if file == "beta":
        raise ValueError("torn page")
    return f"{change}:{file}"


def keyed(items: Items[Any]) -> dict[str, tuple[Status, Any]]:
    return {each.key: (each.outcome.status, each.outcome.value) for each in items}


async def mapped(node_: Node, inputs: Mapping[str, Any], **options: Any) -> Any:
    done = await run(Graph([node_], dict.fromkeys(inputs, Any)), inputs, **options)
    return done.outcomes[node_.name]


@node(each={"one": "many"})
async def odd(one: int) -> int:
    if not one % 2:
        raise ValueError(one)
    return one
