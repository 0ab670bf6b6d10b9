"""SynapseKit: `StateGraph`, an entry point, an edge per need."""

from typing import Any

from synapsekit.graph import StateGraph

from benchmarks.engine.shapes import Body, Needs, sinks
from benchmarks.engine.worker import Once, serve


def build(needs: Needs, body: Body) -> Once:
    """A state of nothing; the limit of steps is lifted, or a chain of 101 would be refused."""
    graph = StateGraph()
    for name in needs:
        graph.add_node(name, _node(name, body))
    for name, wanted in needs.items():
        for other in wanted:
            graph.add_edge(other, name)
    graph.set_entry_point(next(iter(needs)))
    for name in sinks(needs):
        graph.set_finish_point(name)
    compiled = graph.compile(max_steps=len(needs) + 1)
    return lambda: compiled.run({})


def _node(name: str, body: Body) -> Any:  # noqa: ANN401 - SynapseKit's own type
    async def node(_state: dict[str, Any]) -> dict[str, Any]:
        await body(name)
        return {}

    return node


if __name__ == "__main__":
    serve({"": build})
