"""pydantic-graph: `GraphBuilder` with a step per node and a join before each with several needs."""

from typing import Any

from pydantic_graph import GraphBuilder, reduce_null

from benchmarks.engine.shapes import Body, Needs, sinks
from benchmarks.engine.worker import Once, serve


def build(needs: Needs, body: Body) -> Once:
    """One join per node that waits for several others, and one before the end."""
    graph = GraphBuilder(input_type=int, output_type=int)
    steps = {name: graph.step(_step(name, body), node_id=name) for name in needs}
    for name, wanted in needs.items():
        if len(wanted) > 1:
            join = graph.join(reduce_null, initial=None, node_id=f"join_{name}")
            graph.add(graph.edge_from(*(steps[other] for other in wanted)).to(join))
            graph.add(graph.edge_from(join).to(steps[name]))
        else:
            before = steps[wanted[0]] if wanted else graph.start_node
            graph.add(graph.edge_from(before).to(steps[name]))
    last = sinks(needs)
    if len(last) > 1:
        join = graph.join(reduce_null, initial=None, node_id="join_end")
        graph.add(graph.edge_from(*(steps[name] for name in last)).to(join))
        graph.add(graph.edge_from(join).to(graph.end_node))
    else:
        graph.add(graph.edge_from(steps[last[0]]).to(graph.end_node))
    built = graph.build()
    return lambda: built.run(inputs=0)


def _step(name: str, body: Body) -> Any:  # noqa: ANN401 - pydantic-graph's own type
    async def step(_context: Any) -> int:  # noqa: ANN401 - as above
        await body(name)
        return 0

    return step


if __name__ == "__main__":
    serve({"": build})
