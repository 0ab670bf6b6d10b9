"""LangGraph: `StateGraph` with one channel, an edge per need, list edges for joins."""

from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph

from benchmarks.engine.shapes import Body, Needs, sinks
from benchmarks.engine.worker import Once, serve


def _last(_old: int, new: int) -> int:
    return new


class State(TypedDict):
    """One number that everybody may write."""

    value: Annotated[int, _last]


def build(needs: Needs, body: Body) -> Once:
    """A compiled graph without a checkpointer; the limit of steps is lifted."""
    graph = StateGraph(State)
    for name in needs:
        graph.add_node(name, _node(name, body))
    for name, wanted in needs.items():
        graph.add_edge(list(wanted) if len(wanted) > 1 else next(iter(wanted), START), name)
    for name in sinks(needs):
        graph.add_edge(name, END)
    compiled = graph.compile()
    limit = {"recursion_limit": len(needs) + 10}
    return lambda: compiled.ainvoke({"value": 0}, limit)


def _node(name: str, body: Body) -> Any:  # noqa: ANN401 - LangGraph's own type
    async def node(_state: State) -> dict[str, int]:
        await body(name)
        return {"value": 0}

    return node


if __name__ == "__main__":
    serve({"": build})
